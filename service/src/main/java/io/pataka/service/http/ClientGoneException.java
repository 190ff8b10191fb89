package io.pataka.service.http;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** The client closed or broke its connection, or did not go on. It is no failure of the service, so it is not logged as one. */
final class ClientGoneException extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean reading;

    private ClientGoneException(Throwable cause, boolean reading) {
        super(cause);
        this.reading = reading;
    }

    /** The body of its request did not come in whole. */
    static ClientGoneException whileSending(Throwable cause) {
        return new ClientGoneException(cause, false);
    }

    /** It did not take the whole reply. */
    static ClientGoneException whileReading(Throwable cause) {
        return new ClientGoneException(cause, true);
    }

    /** What is said of a client that did not take its reply; empty when a request failed otherwise. */
    static Optional<String> leftItsReply(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof ClientGoneException gone) {
                return gone.reading ? Optional.of(gone.reason()) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private String reason() {
        return isLate()
                ? "the client read its reply too slowly"
                : "the client closed the connection before the end of its reply";
    }

    /** Whether it is still there, and was waited for too long. */
    boolean isLate() {
        for (Throwable at = this; at != null; at = at.getCause()) {
            if (at instanceof TimeoutException) {
                return true;
            }
        }
        return false;
    }
}
