package io.pataka.service.content;

import io.pataka.service.blob.BlobStore;
import io.pataka.service.blob.BlobStoreException;
import io.pataka.service.model.BlobId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A durable blob of a store. */
final class WrittenBlob implements PendingBlob {

    private static final Logger LOG = LoggerFactory.getLogger(WrittenBlob.class);

    private final BlobStore store;
    private final BlobId blob;
    private boolean isPending = true;

    WrittenBlob(BlobStore store, BlobId blob) {
        this.store = store;
        this.blob = blob;
    }

    @Override
    public BlobId blob() {
        return blob;
    }

    @Override
    public void keep() {
        isPending = false;
    }

    @Override
    public void close() {
        if (!isPending) {
            return;
        }
        isPending = false;
        try {
            store.delete(blob);
        } catch (BlobStoreException e) {
            LOG.warn("blob {} has no owner and is left to the sweeper", blob, e);
        }
    }
}
