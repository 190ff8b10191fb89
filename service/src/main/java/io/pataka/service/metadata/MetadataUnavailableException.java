package io.pataka.service.metadata;

/** The database did not answer in time, or not at all; clients get 503 with {@code Retry-After}. */
public final class MetadataUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public MetadataUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
