package io.pataka.service.http;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * The client closed or broke its connection, or stopped sending or reading. This is not a failure of the service and is not
 * logged as one.
 */
final class ClientGoneException extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean reading;

    private ClientGoneException(Throwable cause, boolean reading) {
        super(cause);
        this.reading = reading;
    }

    /** The request body did not arrive whole. */
    static ClientGoneException whileSending(Throwable cause) {
        return new ClientGoneException(cause, false);
    }

    /** The client did not read the whole reply. */
    static ClientGoneException whileReading(Throwable cause) {
        return new ClientGoneException(cause, true);
    }

    /** The log text for a client that did not read its reply; empty when the request failed in another way. */
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

    /** Whether the client is still connected but too slow. */
    boolean isLate() {
        for (Throwable at = this; at != null; at = at.getCause()) {
            if (at instanceof TimeoutException) {
                return true;
            }
        }
        return false;
    }
}
