package io.pataka.service.blob;

/** A blob was not deleted, because another blob lies under its name and is not whole under its own. */
public final class BlobMisplacedException extends BlobStoreException {

    private static final long serialVersionUID = 1L;

    public BlobMisplacedException(String message) {
        super(message, null);
    }
}
