package io.pataka.service.blob;

/** No store of the storage class has space left. What was begun is removed. */
public final class StoreFullException extends BlobStoreException {

    private static final long serialVersionUID = 1L;

    public StoreFullException(String message) {
        super(message, null);
    }

    public StoreFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
