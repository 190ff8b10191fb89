package io.pataka.service.metadata;

/** The database did not answer in time, or not at all; clients get 503 with {@code Retry-After}. */
public class MetadataUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean outcomeUnknown;

    public MetadataUnavailableException(String message, Throwable cause) {
        this(message, cause, false);
    }

    public MetadataUnavailableException(String message, Throwable cause, boolean outcomeUnknown) {
        super(message, cause);
        this.outcomeUnknown = outcomeUnknown;
    }

    /**
     * Whether the write may have happened, or may still happen. Content that was to be published must then be kept: the index
     * may name it. The orphan sweeper removes it if the index does not.
     */
    public boolean isOutcomeUnknown() {
        return outcomeUnknown;
    }

    /**
     * Whether the outcome is unknown and the database may know it now. A database that was silent for the whole timeout is not asked
     * again while the client waits.
     */
    boolean mayLearnTheOutcome() {
        return outcomeUnknown && !Database.wasSilent(this);
    }
}
