package io.pataka.service.blob;

/** A blob's file is not what was written. */
public final class BlobDamagedException extends BlobStoreException {

    private static final long serialVersionUID = 1L;

    public BlobDamagedException(String message) {
        super(message, null);
    }

    public BlobDamagedException(String message, Throwable cause) {
        super(message, cause);
    }
}
