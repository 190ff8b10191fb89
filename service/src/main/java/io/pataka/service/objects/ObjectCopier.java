package io.pataka.service.objects;

import io.pataka.service.content.ContentMissingException;
import io.pataka.service.content.Contents;
import io.pataka.service.content.Contents.Piece;
import io.pataka.service.content.PendingBlob;
import io.pataka.service.content.PendingContent;
import io.pataka.service.metadata.BlobLedger;
import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.ObjectIndex.Publication.Published;
import io.pataka.service.metadata.Outcome;
import io.pataka.service.metadata.Refusal;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.Content;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.Placement;
import io.pataka.service.model.WriteCondition;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Copies objects. A copy that is stored as its source is shares the source's blobs, all parts of it, and keeps its entity tag. Bytes
 * are read and written if the storage class or the form changes, or if another checksum is asked for.
 */
public final class ObjectCopier {

    private final ObjectWriter writer;
    private final ObjectBytes bytes;
    private final Contents contents;
    private final BlobLedger blobs;

    public ObjectCopier(ObjectWriter writer, ObjectBytes bytes, Contents contents, BlobLedger blobs) {
        this.writer = Objects.requireNonNull(writer);
        this.bytes = Objects.requireNonNull(bytes);
        this.contents = Objects.requireNonNull(contents);
        this.blobs = Objects.requireNonNull(blobs);
    }

    /** What became of a copy. */
    public sealed interface Copy extends Outcome {

        <T> T fold(Function<Copied, T> copied, Function<Refusal, T> refused);

        @Override
        default Optional<Refusal> refusal() {
            return fold(copied -> Optional.empty(), Optional::of);
        }

        /** The copy, and what it has of its own or has from its source. */
        record Copied(Published published, ETag etag, List<Checksum> checksums) implements Copy {
            @Override
            public <T> T fold(Function<Copied, T> copied, Function<Refusal, T> refused) {
                return copied.apply(this);
            }
        }

        record Refused(Refusal reason) implements Copy {
            @Override
            public <T> T fold(Function<Copied, T> copied, Function<Refusal, T> refused) {
                return refused.apply(reason);
            }
        }
    }

    /**
     * @param facts of the copy, with the checksums of the source
     * @param algorithm the checksum that the copy must have, if one is asked for
     * @return {@link Refusal#SOURCE_GONE} when the source was replaced or deleted meanwhile
     * @throws io.pataka.service.content.ContentMissingException when the content of the source is lost
     * @throws io.pataka.service.content.ContentDamagedException when the content of the source is damaged
     * @throws IOException when a volume fails
     */
    public Copy copy(
            Target target,
            ObjectVersion source,
            ObjectFacts facts,
            Optional<ChecksumAlgorithm> algorithm,
            WriteCondition condition)
            throws IOException {
        boolean sameBytes =
                facts.placement().sharesBlobsWith(source.facts().placement()) && hasChecksum(source, algorithm);
        return sameBytes
                ? share(target, source, facts, condition)
                : rewrite(target, source, facts, algorithm, condition);
    }

    private static boolean hasChecksum(ObjectVersion version, Optional<ChecksumAlgorithm> algorithm) {
        return algorithm.isEmpty()
                || version.facts().checksums().stream()
                        .anyMatch(checksum -> checksum.algorithm() == algorithm.get()
                                && checksum.type() == Checksum.Type.FULL_OBJECT);
    }

    private Copy share(Target target, ObjectVersion source, ObjectFacts facts, WriteCondition condition) {
        Optional<Content> content =
                blobs.share(source.bucketId(), source.content(), target.bucket().id(), target.key());
        if (content.isEmpty()) {
            return new Copy.Refused(Refusal.SOURCE_GONE);
        }
        ETag etag = facts.form().etagOfCopy(source.etag(), source.facts().form());
        NewVersion copy = new NewVersion(target.key(), source.size(), etag, target.owner(), content.get(), facts);
        return writer.publish(target, copy, condition)
                .fold(published -> new Copy.Copied(published, etag, facts.checksums()), Copy.Refused::new);
    }

    private Copy rewrite(
            Target target,
            ObjectVersion source,
            ObjectFacts facts,
            Optional<ChecksumAlgorithm> algorithm,
            WriteCondition condition)
            throws IOException {
        // A copy keeps the algorithm of its source unless another is named.
        ChecksumAlgorithm compute = algorithm
                .or(() -> source.facts().checksums().stream().findFirst().map(Checksum::algorithm))
                .orElse(ChecksumAlgorithm.DEFAULT);
        Destination destination = new Destination(target.bucket().id(), target.key(), facts.placement());
        Optional<PendingContent> read = read(source, 0, source.size(), destination, Set.of(compute));
        if (read.isEmpty()) {
            return new Copy.Refused(Refusal.SOURCE_GONE);
        }
        try (PendingContent content = read.get()) {
            return writer.put(target, content, facts, condition)
                    .fold(
                            published -> new Copy.Copied(published, content.etag(), content.checksums()),
                            Copy.Refused::new);
        }
    }

    /**
     * Where copied bytes go.
     *
     * @param bucketId written into the blob's descriptor
     * @param key written into the blob's descriptor
     * @param placement where and how the bytes are stored
     */
    public record Destination(long bucketId, ObjectKey key, Placement placement) {
        public Destination {
            Objects.requireNonNull(key);
            Objects.requireNonNull(placement);
        }
    }

    /**
     * Reads a stretch of an object and keeps it as new content.
     *
     * @param compute checksums to compute on the way
     * @return empty when the source was replaced or deleted meanwhile
     * @throws IOException as {@link #copy}
     */
    public Optional<PendingContent> read(
            ObjectVersion source, long offset, long length, Destination destination, Set<ChecksumAlgorithm> compute)
            throws IOException {
        List<Piece> pieces = bytes.pieces(source, offset, length);
        return unlessReplaced(
                source,
                () -> contents.copy(
                        pieces, destination.bucketId(), destination.key(), destination.placement(), compute));
    }

    /**
     * Writes the payload of a blob into a new blob of the same key, in another storage class. The form of the object does not matter.
     *
     * @param source the version that has the blob
     * @param size bytes of the object that are in the blob
     * @return empty when the source was replaced or deleted meanwhile
     * @throws IOException as {@link #copy}
     */
    Optional<PendingBlob> copyPayload(ObjectVersion source, BlobId blob, long size, String storageClass)
            throws IOException {
        return unlessReplaced(
                source, () -> contents.copyPayload(blob, size, source.bucketId(), source.key(), storageClass));
    }

    /** Whether a blob needs no copy to be in the storage class. */
    boolean isIn(String storageClass, BlobId blob) {
        return contents.isIn(storageClass, blob);
    }

    private <T> Optional<T> unlessReplaced(ObjectVersion source, Reading<T> reading) throws IOException {
        try {
            return Optional.of(reading.read());
        } catch (ContentMissingException missing) {
            if (blobs.isNeeded(missing.blob(), source.bucketId(), source.key())) {
                throw missing;
            }
            return Optional.empty();
        }
    }

    /** Reads bytes of a source. */
    private interface Reading<T> {
        T read() throws IOException;
    }
}
