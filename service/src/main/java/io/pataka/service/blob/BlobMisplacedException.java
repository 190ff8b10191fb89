package io.pataka.service.blob;

/** A file was not deleted, because it is another blob's, and that blob has no whole file under its own name. */
public final class BlobMisplacedException extends BlobStoreException {

    private static final long serialVersionUID = 1L;

    public BlobMisplacedException(String message) {
        super(message, null);
    }
}
