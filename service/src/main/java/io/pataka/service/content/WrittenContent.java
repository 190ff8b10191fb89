package io.pataka.service.content;

import io.pataka.service.model.BlobId;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.ETag;
import java.util.List;

/** Content that is one durable blob. */
record WrittenContent(PendingBlob pending, long size, ETag etag, List<Checksum> checksums) implements PendingContent {

    WrittenContent {
        checksums = List.copyOf(checksums);
    }

    @Override
    public BlobId blob() {
        return pending.blob();
    }

    @Override
    public void keep() {
        pending.keep();
    }

    @Override
    public void close() {
        pending.close();
    }
}
