package io.pataka.service.content;

import io.pataka.service.blob.BlobStore;
import io.pataka.service.blob.BlobStoreException;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.ETag;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pending content that is one durable blob. */
final class PendingBlob implements PendingContent {

    private static final Logger LOG = LoggerFactory.getLogger(PendingBlob.class);

    private final BlobStore store;
    private final BlobId blob;
    private final long size;
    private final ETag etag;
    private final List<Checksum> checksums;
    private boolean isPending = true;

    PendingBlob(BlobStore store, BlobId blob, long size, ETag etag, List<Checksum> checksums) {
        this.store = store;
        this.blob = blob;
        this.size = size;
        this.etag = etag;
        this.checksums = checksums;
    }

    @Override
    public BlobId blob() {
        return blob;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public ETag etag() {
        return etag;
    }

    @Override
    public List<Checksum> checksums() {
        return checksums;
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
