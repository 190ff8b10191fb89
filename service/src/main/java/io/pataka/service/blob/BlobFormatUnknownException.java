package io.pataka.service.blob;

/** A blob has a format, a feature or a codec that this release, or the caller, does not know. The blob may be whole. */
public final class BlobFormatUnknownException extends BlobStoreException {

    private static final long serialVersionUID = 1L;

    public BlobFormatUnknownException(String message) {
        super(message, null);
    }
}
