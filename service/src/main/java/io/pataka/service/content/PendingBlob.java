package io.pataka.service.content;

import io.pataka.service.model.BlobId;

/** A blob that is durable and has no owner yet. Used in try-with-resources, so that a write that fails leaves nothing. */
public interface PendingBlob extends AutoCloseable {

    BlobId blob();

    /** The blob has an owner now. Closing does nothing after this. */
    void keep();

    /** Deletes the blob, unless it was kept. Never throws: what cannot be deleted is logged and left to the sweeper. */
    @Override
    void close();
}
