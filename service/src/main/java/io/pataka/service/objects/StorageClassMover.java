package io.pataka.service.objects;

import io.pataka.service.access.WritePermit;
import io.pataka.service.content.PendingBlob;
import io.pataka.service.metadata.ContentMoves;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.FactsUpdate;
import io.pataka.service.metadata.ObjectIndex.StoredPart;
import io.pataka.service.metadata.Refusal;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.Content;
import io.pataka.service.model.ObjectVersion;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Moves the bytes of versions to another storage class. All that clients see of a version but its storage class stays: version id,
 * time, entity tag, parts, tags and ACL. Payload is copied as it is, so this needs no key of an encrypted object.
 */
public final class StorageClassMover {

    /** Parts that one statement reads. */
    private static final int PAGE = 1_000;

    private final ObjectIndex index;
    private final ContentMoves moves;
    private final ObjectCopier copier;
    private final BucketRetry retry;
    private final int page;

    public StorageClassMover(ObjectIndex index, ContentMoves moves, ObjectCopier copier, BucketRetry retry) {
        this(index, moves, copier, retry, PAGE);
    }

    /**
     * @param page parts that one statement reads
     */
    StorageClassMover(ObjectIndex index, ContentMoves moves, ObjectCopier copier, BucketRetry retry, int page) {
        this.index = Objects.requireNonNull(index);
        this.moves = Objects.requireNonNull(moves);
        this.copier = Objects.requireNonNull(copier);
        this.retry = Objects.requireNonNull(retry);
        this.page = page;
    }

    /**
     * Blobs that are in the class already stay where they are. An object in parts is moved part by part: if the process ends, the parts
     * that were moved stay there, and the next call goes on with the others.
     *
     * @param version an object, current or not
     * @return {@link Refusal#SOURCE_GONE} or {@link Refusal#NO_SUCH_VERSION} when the version was removed meanwhile,
     *     {@link Refusal#CONFLICT} when its content was replaced
     * @throws IOException as {@link ObjectCopier#copy}
     */
    public FactsUpdate move(Bucket bucket, ObjectVersion version, String storageClass, WritePermit permit)
            throws IOException {
        Move move = new Move(bucket, version, storageClass, permit);
        if (version.content() instanceof Content.Whole whole) {
            return move.whole(whole.blob());
        }
        if (version.content() instanceof Content.Parts parts) {
            return move.parts(parts);
        }
        throw new IllegalArgumentException("a delete marker has no bytes to move");
    }

    /** The move of one version. */
    private final class Move {

        private final Bucket bucket;
        private final ObjectVersion version;
        private final String storageClass;
        private final WritePermit permit;

        Move(Bucket bucket, ObjectVersion version, String storageClass, WritePermit permit) {
            this.bucket = bucket;
            this.version = version;
            this.storageClass = storageClass;
            this.permit = permit;
        }

        FactsUpdate whole(BlobId blob) throws IOException {
            return copier.isIn(storageClass, blob)
                    ? arrived()
                    : copied(
                            blob,
                            version.size(),
                            (known, copy, change) -> moves.moveWhole(known, version, copy, storageClass, change));
        }

        FactsUpdate parts(Content.Parts parts) throws IOException {
            int done = 0;
            while (done < parts.count()) {
                List<StoredPart> next = index.partsAfter(version.bucketId(), parts, done, page);
                if (next.isEmpty()) {
                    return new FactsUpdate.Refused(Refusal.SOURCE_GONE);
                }
                for (StoredPart part : next) {
                    if (!copier.isIn(storageClass, part.blob())) {
                        FactsUpdate moved = copied(
                                part.blob(),
                                part.size(),
                                (known, copy, change) -> moves.movePart(known, version, part, copy, change));
                        if (moved.refusal().isPresent()) {
                            return moved;
                        }
                    }
                }
                done += next.size();
            }
            return arrived();
        }

        private FactsUpdate arrived() {
            return withBucket((known, change) -> moves.setStorageClass(known, version, storageClass, change));
        }

        private FactsUpdate copied(BlobId blob, long size, Naming naming) throws IOException {
            Optional<PendingBlob> copied = copier.copyPayload(version, blob, size, storageClass);
            if (copied.isEmpty()) {
                return new FactsUpdate.Refused(Refusal.SOURCE_GONE);
            }
            try (PendingBlob copy = copied.get()) {
                return ContentHandover.write(
                        copy, () -> withBucket((known, change) -> naming.name(known, copy.blob(), change)));
            }
        }

        private FactsUpdate withBucket(BiFunction<Bucket, ChangeContext, FactsUpdate> write) {
            return retry.withBucket(
                    bucket,
                    known -> write.apply(known, permit.change(known, Kind.LIFECYCLE_TRANSITION)),
                    FactsUpdate.Refused::new);
        }
    }

    /** Lets a row name the copy of a blob. */
    @FunctionalInterface
    private interface Naming {
        FactsUpdate name(Bucket known, BlobId copy, ChangeContext change);
    }
}
