package io.pataka.service.blob;

import io.pataka.service.model.BlobId;

/** There is no such blob, and its store can be read: the blob was deleted, or is lost. */
public final class BlobGoneException extends BlobStoreException {

    private static final long serialVersionUID = 1L;

    public BlobGoneException(BlobId blob) {
        super("blob " + blob + " is gone", null);
    }
}
