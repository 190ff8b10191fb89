package io.pataka.service.blob;

/** No volume of the storage class has room; what was begun is removed. */
public final class VolumeFullException extends BlobStoreException {

    private static final long serialVersionUID = 1L;

    public VolumeFullException(String message) {
        super(message, null);
    }

    public VolumeFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
