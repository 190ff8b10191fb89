package io.pataka.service.blob;

import java.io.IOException;

/** The store could not do what it was asked for. */
public abstract sealed class BlobStoreException extends IOException
        permits BlobGoneException,
                StoreFailedException,
                StoreFullException,
                BlobDamagedException,
                BlobFormatUnknownException,
                BlobMisplacedException {

    private static final long serialVersionUID = 1L;

    BlobStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
