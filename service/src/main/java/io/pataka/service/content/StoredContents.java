package io.pataka.service.content;

import io.pataka.service.blob.BlobDamagedException;
import io.pataka.service.blob.BlobDescriptor;
import io.pataka.service.blob.BlobDescriptor.Digests;
import io.pataka.service.blob.BlobDescriptor.Payload;
import io.pataka.service.blob.BlobSink;
import io.pataka.service.blob.BlobStore;
import io.pataka.service.blob.BlobStoreException;
import io.pataka.service.blob.BufferPool;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.BlockCodec;
import io.pataka.service.model.ByteSource;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Placement;
import io.pataka.service.model.StoredForm;
import io.pataka.service.model.UnknownFormException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
        try (NewBlob blob = create(
                plan.bucketId(), plan.key(), plan.placement(), plan.length().orElse(0))) {
            ContentDigest digest = intake.drain(body, blob.sink());
            digest.compare(plan.contentMd5(), plan.announced().get());
            return commit(blob, digest, intake.size());
        } catch (BlobStoreException e) {
            throw new StorageFailedException(e.getMessage(), e);
        }
    }

    /**
     * A blob that is being written.
     *
     * @param sink takes the bytes of an object, and encodes them if the form wants that
     */
    private record NewBlob(long bucketId, ObjectKey key, StoredForm form, BlockCodec codec, BlobSink sink)
            implements AutoCloseable {
        @Override
        public void close() {
            sink.close();
        }
    }

    private NewBlob create(long bucketId, ObjectKey key, Placement placement, long expected) throws IOException {
        BlobSink blob = store.create(placement.storageClass(), expected);
        try {
            BlockCodec codec = codec(placement.form(), blob.id());
            return new NewBlob(bucketId, key, placement.form(), codec, EncodingSink.of(blob, codec, buffers));
        } catch (IOException | RuntimeException e) {
            blob.close();
            throw e;
        }
    }

    private static BlockCodec codec(StoredForm form, BlobId blob) throws StorageFailedException {
        try {
            return form.codec(blob);
        } catch (UnknownFormException e) {
            throw new StorageFailedException(e.getMessage(), e);
        }
    }

    @Override
    public ByteSource open(List<Piece> pieces) throws IOException {
        return new PieceReader(this::source, pieces);
    }

    private ByteSource source(Piece piece) throws IOException {
        return DecodingSource.open(store, codec(piece.form(), piece.blob()), piece, buffers);
    }

    @Override
    public PendingContent copy(
            List<Piece> pieces, long bucketId, ObjectKey key, Placement placement, Set<ChecksumAlgorithm> compute)
            throws IOException {
        try (ByteSource reader = open(pieces);
                NewBlob blob = create(bucketId, key, placement, reader.length())) {
            ContentDigest digest = new ContentDigest(compute);
            reader.transferTo(new DigestedSink(digest, blob.sink()));
            digest.end();
            return commit(blob, digest, reader.length());
        } catch (BlobStoreException e) {
            throw new StorageFailedException(e.getMessage(), e);
        }
    }

    @Override
    public PendingBlob copyPayload(BlobId blob, long size, long bucketId, ObjectKey key, String storageClass)
            throws IOException {
        BlobDescriptor original = describe(blob);
        if (original.size() != size) {
            throw new ContentDamagedException(
                    blob,
                    new BlobDamagedException(
                            "blob " + blob + " has " + original.size() + " bytes of its object, not " + size));
        }
        Payload payload = original.payload();
        BlobDescriptor descriptor =
                new BlobDescriptor(bucketId, key, size, payload, original.digests(), clock.instant());
        try (ByteSource source = payload(blob, payload);
                BlobSink sink = store.createCopy(storageClass, payload.size(), blob)) {
            source.transferTo(new SinkStream(sink));
            return new WrittenBlob(store, sink.commit(descriptor));
        } catch (BlobStoreException e) {
            throw new StorageFailedException(e.getMessage(), e);
        }
    }

    @Override
    public boolean isIn(String storageClass, BlobId blob) {
        return store.isIn(storageClass, blob);
    }

    private BlobDescriptor describe(BlobId blob) throws IOException {
        try {
            return store.describe(blob);
        } catch (BlobStoreException e) {
            throw PieceReader.failure(blob, e);
        }
    }

    /** The payload of a blob, as if it were the bytes of the object. */
    private ByteSource payload(BlobId blob, Payload payload) throws IOException {
        Piece all = new Piece(blob, StoredForm.PLAIN, payload.size(), 0, payload.size());
        return new PieceReader(piece -> store.open(blob, payload.codec(), 0, payload.size()), List.of(all));
    }

    private PendingContent commit(NewBlob blob, ContentDigest digest, long size) throws IOException {
        StoredForm form = blob.form();
        ETag etag = form.etag(digest.md5());
        BlobDescriptor descriptor = new BlobDescriptor(
                blob.bucketId(),
                blob.key(),
                size,
                Payload.of(blob.codec(), size),
                form.showsDigests()
                        ? Optional.of(new Digests(HexFormat.of().formatHex(digest.md5()), digest.checksums()))
                        : Optional.empty(),
                clock.instant());
        return new WrittenContent(
                new WrittenBlob(store, blob.sink().commit(descriptor)), size, etag, digest.checksums());
    }
}
