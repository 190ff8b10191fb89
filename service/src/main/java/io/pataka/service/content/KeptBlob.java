package io.pataka.service.content;

import io.pataka.service.blob.BlobDescriptor;
import io.pataka.service.blob.BlobStore;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Checksum;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A durable blob that is deleted again unless somebody keeps it. */
final class KeptBlob implements PendingContent {

    private static final Logger LOG = LoggerFactory.getLogger(KeptBlob.class);

    private final BlobStore store;
    private final BlobId blob;
    private final BlobDescriptor descriptor;
    private boolean settled;

    KeptBlob(BlobStore store, BlobId blob, BlobDescriptor descriptor) {
        this.store = store;
        this.blob = blob;
        this.descriptor = descriptor;
    }

    @Override
    public BlobId blob() {
        return blob;
    }

    @Override
    public long size() {
        return descriptor.size();
    }

    @Override
    public String md5() {
        return descriptor.md5();
    }

    @Override
    public List<Checksum> checksums() {
        return descriptor.checksums();
    }

    @Override
    public void keep() {
        settled = true;
    }

    @Override
    public void close() {
        if (settled) {
            return;
        }
        settled = true;
        try {
            store.delete(blob);
        } catch (IOException e) {
            LOG.warn("blob {} belongs to nobody and is left to the sweeper", blob, e);
        }
    }
}
