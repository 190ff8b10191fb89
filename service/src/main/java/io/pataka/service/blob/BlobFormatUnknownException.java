package io.pataka.service.blob;

/** A blob's file has a format, or needs a feature, that this release does not know. The file may well be whole. */
public final class BlobFormatUnknownException extends BlobStoreException {

    private static final long serialVersionUID = 1L;

    public BlobFormatUnknownException(String message) {
        super(message, null);
    }
}
