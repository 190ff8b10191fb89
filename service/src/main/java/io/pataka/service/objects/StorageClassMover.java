package io.pataka.service.objects;

import io.pataka.service.access.WritePermit;
import io.pataka.service.content.PendingContent;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.FactsUpdate;
import io.pataka.service.metadata.ObjectIndex.StoredPart;
import io.pataka.service.metadata.Refusal;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.Content;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.Placement;
import io.pataka.service.objects.ObjectCopier.Destination;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Moves the bytes of versions to another storage class. All that clients see of a version but its storage class stays: version id,
 * time, entity tag, parts, tags and ACL.
 */
public final class StorageClassMover {

    /** Parts that one statement reads. */
    private static final int PAGE = 1_000;

    private final ObjectIndex index;
    private final ObjectCopier copier;
    private final BucketRetry retry;
    private final int page;

    public StorageClassMover(ObjectIndex index, ObjectCopier copier, BucketRetry retry) {
        this(index, copier, retry, PAGE);
    }

    /**
     * @param page parts that one statement reads
     */
    StorageClassMover(ObjectIndex index, ObjectCopier copier, BucketRetry retry, int page) {
        this.index = Objects.requireNonNull(index);
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
        List<PendingContent> copies = new ArrayList<>();
        try {
            Destination destination = new Destination(
                    version.bucketId(),
                    version.key(),
                    new Placement(storageClass, version.facts().form()));
            if (!copy(version, destination, copies)) {
                return new FactsUpdate.Refused(Refusal.SOURCE_GONE);
            }
            List<BlobId> blobs = copies.stream().map(PendingContent::blob).toList();
            return ContentHandover.write(
                    copies,
                    () -> retry.withBucket(
                            bucket,
                            known -> index.moveContent(
                                    known,
                                    version,
                                    blobs,
                                    storageClass,
                                    permit.change(known, Kind.LIFECYCLE_TRANSITION)),
                            FactsUpdate.Refused::new));
        } finally {
            copies.forEach(PendingContent::close);
        }
    }

    /**
     * Each part of an object keeps a blob of its own.
     *
     * @param copies gets what was copied, also when the rest cannot be
     * @return false when the version was replaced or deleted meanwhile
     */
    private boolean copy(ObjectVersion version, Destination destination, List<PendingContent> copies)
            throws IOException {
        if (!(version.content() instanceof Content.Parts parts)) {
            Optional<PendingContent> copy = copier.read(version, 0, version.size(), destination, Set.of());
            copy.ifPresent(copies::add);
            return copy.isPresent();
        }
        while (copies.size() < parts.count()) {
            List<StoredPart> next = index.partsAfter(version.bucketId(), parts, copies.size(), page);
            for (StoredPart part : next) {
                Optional<PendingContent> copy = copier.read(version, part, destination);
                if (copy.isEmpty()) {
                    return false;
                }
                copies.add(copy.get());
            }
            if (next.isEmpty()) {
                return false;
            }
        }
        return true;
    }
}
