package io.pataka.service.content;

import io.pataka.service.blob.BlobDescriptor;
import io.pataka.service.blob.BlobSink;
import io.pataka.service.blob.BlobStore;
import io.pataka.service.blob.BlobStoreException;
import io.pataka.service.blob.BufferPool;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.ObjectKey;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/** Contents as blobs, one for each body. */
public final class StoredContents implements Contents {

    private final BlobStore store;
    private final BufferPool<byte[]> buffers;
    private final Clock clock;

    public StoredContents(BlobStore store, BufferPool<byte[]> buffers, Clock clock) {
        this.store = Objects.requireNonNull(store);
        this.buffers = Objects.requireNonNull(buffers);
        this.clock = Objects.requireNonNull(clock);
    }

    @Override
    public PendingContent receive(InputStream body, IntakePlan plan) throws IOException {
        // One byte more than announced, so that the end of a small body is seen by the read that fills the buffer.
        long announced = plan.length().orElse(Long.MAX_VALUE - 1);
        byte[] buffer = buffers.take(announced + 1);
        try (BlobSink sink = store.create(plan.storageClass(), plan.length().orElse(0))) {
            return receive(body, plan, buffer, sink);
        } catch (BlobStoreException e) {
            throw new StorageFailedException(e.getMessage(), e);
        } finally {
            buffers.give(buffer);
        }
    }

    private PendingContent receive(InputStream body, IntakePlan plan, byte[] buffer, BlobSink sink) throws IOException {
        ContentDigest digest = new ContentDigest(plan.compute());
        long size = 0;
        int count;
        do {
            // The stream hands out less than a buffer at a time; the disk wants whole ones.
            count = body.readNBytes(buffer, 0, buffer.length);
            size += count;
            requireNotTooLong(size, plan);
            digest.update(buffer, 0, count);
            sink.write(buffer, 0, count);
        } while (count == buffer.length);
        requireNotTooShort(size, plan.length());
        digest.end();
        digest.hold(plan.contentMd5(), plan.announced().get());
        BlobDescriptor descriptor = new BlobDescriptor(
                plan.bucketId(), plan.key(), size, digest.md5(), digest.checksums(), clock.instant());
        return new KeptBlob(store, sink.commit(descriptor), descriptor);
    }

    private static void requireNotTooLong(long size, IntakePlan plan) throws ContentRefusedException {
        if (size > plan.maxLength()) {
            throw new ContentRefusedException(
                    ContentRefusedException.Reason.TOO_LONG, "Your proposed upload exceeds the maximum allowed size");
        }
        if (plan.length().isPresent() && size > plan.length().getAsLong()) {
            throw new ContentRefusedException(
                    ContentRefusedException.Reason.TOO_LONG,
                    "You provided more bytes than the Content-Length HTTP header specifies");
        }
    }

    private static void requireNotTooShort(long size, OptionalLong length) throws ContentRefusedException {
        if (length.isPresent() && size < length.getAsLong()) {
            throw new ContentRefusedException(
                    ContentRefusedException.Reason.TOO_SHORT,
                    "You did not provide the number of bytes specified by the Content-Length HTTP header");
        }
    }

    @Override
    public ContentReader open(List<Piece> pieces) throws IOException {
        return new PieceReader(store, pieces);
    }

    @Override
    public PendingContent share(BlobId blob, long bucketId, ObjectKey key) throws IOException {
        try {
            BlobDescriptor descriptor = store.describe(blob);
            return new KeptBlob(store, store.link(blob, bucketId, key), descriptor);
        } catch (BlobStoreException e) {
            throw new StorageFailedException(e.getMessage(), e);
        }
    }
}
