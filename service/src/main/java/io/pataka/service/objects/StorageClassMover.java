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

    private final ObjectIndex index;
    private final ObjectCopier copier;
    private final BucketRetry retry;

    public StorageClassMover(ObjectIndex index, ObjectCopier copier, BucketRetry retry) {
        this.index = Objects.requireNonNull(index);
        this.copier = Objects.requireNonNull(copier);
        this.retry = Objects.requireNonNull(retry);
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
            for (Stretch stretch : stretches(version)) {
                Optional<PendingContent> copy =
                        copier.read(version, stretch.offset(), stretch.length(), destination, Set.of());
                if (copy.isEmpty()) {
                    return new FactsUpdate.Refused(Refusal.SOURCE_GONE);
                }
                copies.add(copy.get());
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

    private record Stretch(long offset, long length) {}

    /** Each part of an object keeps a blob of its own. */
    private List<Stretch> stretches(ObjectVersion version) {
        return version.content() instanceof Content.Parts parts
                ? index.partsAfter(version.bucketId(), parts, 0, parts.count()).stream()
                        .map(StorageClassMover::stretch)
                        .toList()
                : List.of(new Stretch(0, version.size()));
    }

    private static Stretch stretch(StoredPart part) {
        return new Stretch(part.offset(), part.size());
    }
}
