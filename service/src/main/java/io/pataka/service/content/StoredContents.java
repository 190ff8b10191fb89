package io.pataka.service.content;

import io.pataka.service.blob.BlobDescriptor;
import io.pataka.service.blob.BlobSink;
import io.pataka.service.blob.BlobStore;
import io.pataka.service.blob.BlobStoreException;
import io.pataka.service.blob.BufferPool;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.ObjectKey;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;

/** Contents as blobs, one for each body. */
public final class StoredContents implements Contents {

    private final BlobStore store;
    private final BufferPool<byte[]> buffers;
    private final Clock clock;
    private final Executor summing = SummingLane.threads();

    public StoredContents(BlobStore store, BufferPool<byte[]> buffers, Clock clock) {
        this.store = Objects.requireNonNull(store);
        this.buffers = Objects.requireNonNull(buffers);
        this.clock = Objects.requireNonNull(clock);
    }

    @Override
    public PendingContent receive(InputStream body, IntakePlan plan) throws IOException {
        Intake intake = new Intake(buffers, summing, plan);
        try (BlobSink sink = store.create(plan.storageClass(), plan.length().orElse(0))) {
            ContentDigest digest = intake.drain(body, sink);
            digest.hold(plan.contentMd5(), plan.announced().get());
            return commit(sink, digest, plan.bucketId(), plan.key(), intake.size());
        } catch (BlobStoreException e) {
            throw new StorageFailedException(e.getMessage(), e);
        }
    }

    @Override
    public ContentReader open(List<Piece> pieces) throws IOException {
        return new PieceReader(store, pieces);
    }

    @Override
    public PendingContent copy(
            List<Piece> pieces, long bucketId, ObjectKey key, String storageClass, Set<ChecksumAlgorithm> compute)
            throws IOException {
        try (ContentReader reader = open(pieces);
                BlobSink sink = store.create(storageClass, reader.length())) {
            ContentDigest digest = new ContentDigest(compute);
            reader.transferTo(new DigestedSink(digest, sink));
            digest.end();
            return commit(sink, digest, bucketId, key, reader.length());
        } catch (BlobStoreException e) {
            throw new StorageFailedException(e.getMessage(), e);
        }
    }

    private PendingContent commit(BlobSink sink, ContentDigest digest, long bucketId, ObjectKey key, long size)
            throws IOException {
        BlobDescriptor descriptor =
                new BlobDescriptor(bucketId, key, size, digest.md5(), digest.checksums(), clock.instant());
        return new KeptBlob(store, sink.commit(descriptor), descriptor);
    }
}
