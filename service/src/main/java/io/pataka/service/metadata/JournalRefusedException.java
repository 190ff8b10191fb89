package io.pataka.service.metadata;

import java.util.Objects;

/** A change cannot be recorded in the journal of its bucket, so it is not made. */
public final class JournalRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message for clients
     */
    public JournalRefusedException(String message) {
        // No stack trace: this is an answer and no fault.
        super(Objects.requireNonNull(message), null, false, false);
    }
}
