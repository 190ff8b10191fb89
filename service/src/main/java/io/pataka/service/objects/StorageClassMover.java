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
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.Content;
import io.pataka.service.model.ObjectVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

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
     * @param version an object, current or not
     * @return {@link Refusal#SOURCE_GONE} or {@link Refusal#NO_SUCH_VERSION} when the version was removed meanwhile,
     *     {@link Refusal#CONFLICT} when its content was replaced
     * @throws IOException as {@link ObjectCopier#copy}
     */
    public FactsUpdate move(Bucket bucket, ObjectVersion version, String storageClass, WritePermit permit)
            throws IOException {
        List<PendingBlob> copies = new ArrayList<>();
        try {
            if (!copy(version, storageClass, copies)) {
                return new FactsUpdate.Refused(Refusal.SOURCE_GONE);
            }
            List<BlobId> blobs = copies.stream().map(PendingBlob::blob).toList();
            return ContentHandover.write(
                    copies,
                    () -> retry.withBucket(
                            bucket,
                            known -> moves.move(
                                    known,
                                    version,
                                    blobs,
                                    storageClass,
                                    permit.change(known, Kind.LIFECYCLE_TRANSITION)),
                            FactsUpdate.Refused::new));
        } finally {
            copies.forEach(PendingBlob::close);
        }
    }

    /**
     * Each part of an object keeps a blob of its own.
     *
     * @param copies gets what was copied, also when the rest cannot be
     * @return false when the version was replaced or deleted meanwhile
     */
    private boolean copy(ObjectVersion version, String storageClass, List<PendingBlob> copies) throws IOException {
        if (version.content() instanceof Content.Whole whole) {
            return copy(version, whole.blob(), version.size(), storageClass, copies);
        }
        if (!(version.content() instanceof Content.Parts parts)) {
            throw new IllegalArgumentException("a delete marker has no bytes to move");
        }
        while (copies.size() < parts.count()) {
            List<StoredPart> next = index.partsAfter(version.bucketId(), parts, copies.size(), page);
            for (StoredPart part : next) {
                if (!copy(version, part.blob(), part.size(), storageClass, copies)) {
                    return false;
                }
            }
            if (next.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private boolean copy(ObjectVersion version, BlobId blob, long size, String storageClass, List<PendingBlob> copies)
            throws IOException {
        Optional<PendingBlob> copy = copier.copyPayload(version, blob, size, storageClass);
        copy.ifPresent(copies::add);
        return copy.isPresent();
    }
}
