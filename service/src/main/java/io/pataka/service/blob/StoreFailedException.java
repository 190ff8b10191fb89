package io.pataka.service.blob;

import java.nio.file.AccessDeniedException;

/** A store cannot be read or written. Its blobs may be intact. */
public final class StoreFailedException extends BlobStoreException {

    private static final long serialVersionUID = 1L;

    public StoreFailedException(String message) {
        super(message, null);
    }

    public StoreFailedException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether this process lacks the permission to read or write. */
    public boolean isAccessDenied() {
        return getCause() instanceof AccessDeniedException;
    }
}
