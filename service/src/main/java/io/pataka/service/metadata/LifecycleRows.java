package io.pataka.service.metadata;

import io.pataka.service.metadata.ObjectIndex.KeyRange;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.VersionId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * Reads the versions that may be due by the lifecycle rules of a bucket, page by page in the order of the primary keys. A statement
 * examines a limited number of rows, whatever it finds. Every method throws {@link MetadataUnavailableException} when the database does
 * not answer.
 */
public interface LifecycleRows {

    /** The bucket and the document of its rules, as they are now; empty if the bucket is gone or has no rules. */
    Optional<RuledBucket> find(long bucketId);

    /** A bucket that has rules. */
    record RuledBucket(Bucket bucket, String document) {
        public RuledBucket {
            Objects.requireNonNull(bucket);
            Objects.requireNonNull(document);
        }
    }

    /**
     * The current versions with the first keys of a range that pass a filter.
     *
     * @param examined how many versions are examined at most, 1 to 100,000
     * @param found how many versions that pass the filter are read at most; the page ends with the last of them
     */
    Page<Version, ObjectKey> current(long bucketId, KeyRange keys, CurrentFilter filter, int examined, int found);

    /**
     * Which current versions a page has. 1970 as a time selects none. A delete marker with older versions below it is in no page.
     *
     * @param removedBefore objects that were created before this time are in the page
     * @param movedBefore objects that were created before this time, and have none of {@code settledClasses}, are in the page
     * @param settledClasses storage classes
     * @param markersBefore delete markers that were created before this time are in the page
     * @param tags whether the tags are read
     */
    record CurrentFilter(
            Instant removedBefore,
            Instant movedBefore,
            Set<String> settledClasses,
            Instant markersBefore,
            boolean tags) {
        public CurrentFilter {
            Objects.requireNonNull(removedBefore);
            Objects.requireNonNull(movedBefore);
            settledClasses = Set.copyOf(settledClasses);
            Objects.requireNonNull(markersBefore);
        }
    }

    /**
     * The noncurrent versions that follow a place and became noncurrent before a time.
     *
     * @param keys the range of keys
     * @param after where the page before ended; empty for the beginning of the range
     * @param since the time
     * @param tags whether the tags are read
     * @param examined how many versions are examined at most, 1 to 10,000
     */
    Page<NoncurrentVersion, Place> noncurrent(
            long bucketId, KeyRange keys, Optional<Place> after, Instant since, boolean tags, int examined);

    /**
     * Some rows, and where to go on.
     *
     * @param examined how many rows were examined, with those that are not due
     * @param next the last row that was examined; empty at the end of the range
     */
    record Page<T, P>(long examined, List<T> rows, Optional<P> next) {
        public Page {
            rows = List.copyOf(rows);
            Objects.requireNonNull(next);
        }
    }

    /**
     * The place of a noncurrent version.
     *
     * @param newer how many noncurrent versions of the key are newer; one less if the version at this place has been removed
     */
    record Place(ObjectKey key, long sequence, int newer) {
        public Place {
            Objects.requireNonNull(key);
        }
    }

    /**
     * What the rules ask about a version.
     *
     * @param size bytes of the object, as clients see it; 0 for a delete marker
     * @param tags none if they were not wanted
     */
    record Version(
            ObjectKey key,
            VersionId id,
            Instant createdAt,
            boolean deleteMarker,
            long size,
            String storageClass,
            SortedMap<String, String> tags) {
        public Version {
            Objects.requireNonNull(key);
            Objects.requireNonNull(id);
            Objects.requireNonNull(createdAt);
            Objects.requireNonNull(storageClass);
            Objects.requireNonNull(tags);
        }
    }

    /**
     * A noncurrent version.
     *
     * @param since when the next newer version of the key was created
     * @param newer how many noncurrent versions of the key are newer
     * @param locked whether a retention or a legal hold keeps the version
     */
    record NoncurrentVersion(Version version, Instant since, int newer, boolean locked) {
        public NoncurrentVersion {
            Objects.requireNonNull(version);
            Objects.requireNonNull(since);
        }

        public Place place() {
            return new Place(version.key(), version.id().sequence(), newer);
        }
    }
}
