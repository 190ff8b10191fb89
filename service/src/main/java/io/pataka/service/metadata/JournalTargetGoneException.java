package io.pataka.service.metadata;

/** The bucket that a journal is written to does not exist, so that the change is not made. */
public final class JournalTargetGoneException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    JournalTargetGoneException() {
        super("the bucket of the journal does not exist");
    }
}
