package io.pataka.service.metadata;

import io.pataka.service.metadata.ObjectIndex.KeyRange;
import io.pataka.service.metadata.ObjectIndex.VersionRange;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ObjectVersion;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads whole versions of a bucket, page by page in the order of the primary keys. Every method throws
 * {@link MetadataUnavailableException} when the database does not answer.
 */
public interface InventoryRows {

    /** The bucket and the document of its inventories, as they are now; empty if the bucket is gone or has none. */
    Optional<InventoriedBucket> find(long bucketId);

    /** A bucket that has inventories. */
    record InventoriedBucket(Bucket bucket, String document) {
        public InventoriedBucket {
            Objects.requireNonNull(bucket);
            Objects.requireNonNull(document);
        }
    }

    /**
     * A version.
     *
     * @param latest whether it is the current one of its key
     */
    record Row(ObjectVersion version, boolean latest) {
        public Row {
            Objects.requireNonNull(version);
        }
    }

    /**
     * Current objects, without delete markers.
     *
     * @param limit 1 to 10,000
     */
    List<Row> current(long bucketId, KeyRange keys, int limit);

    /**
     * All versions and delete markers, newest first within a key.
     *
     * @param limit 1 to 10,000
     */
    List<Row> all(long bucketId, VersionRange range, int limit);
}
