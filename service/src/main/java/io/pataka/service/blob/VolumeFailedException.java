package io.pataka.service.blob;

/** A volume cannot be read or written. */
public final class VolumeFailedException extends BlobStoreException {

    private static final long serialVersionUID = 1L;

    public VolumeFailedException(String message) {
        super(message, null);
    }

    public VolumeFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
