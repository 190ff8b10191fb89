package io.pataka.service.metadata;

import io.pataka.service.metadata.ObjectIndex.FactsUpdate;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Retention;
import java.util.Optional;

/**
 * Locks versions of buckets with object lock. What a retention that is in force forbids is judged by the database's clock, under a lock
 * on the row, so that a version is either removed before it is locked, or kept.
 */
public interface VersionLocks {

    /**
     * Sets or removes the retention of a version.
     *
     * @param version empty for the current one
     * @param retention empty for none
     * @param bypassGovernance whether a retention in governance mode may be shortened, removed or changed to compliance mode
     * @return {@link Refusal#LOCKED} when the retention that is in force forbids the change, {@link Refusal#NO_SUCH_VERSION} also for a
     *     delete marker, {@link Refusal#BUCKET_CHANGED}
     */
    FactsUpdate setRetention(
            Bucket bucket,
            ObjectKey key,
            Optional<VersionSelector> version,
            Optional<Retention> retention,
            boolean bypassGovernance,
            ChangeContext change);

    /**
     * Sets or takes away the legal hold of a version.
     *
     * @param version empty for the current one
     * @return {@link Refusal#NO_SUCH_VERSION} also for a delete marker, {@link Refusal#BUCKET_CHANGED}
     */
    FactsUpdate setLegalHold(
            Bucket bucket, ObjectKey key, Optional<VersionSelector> version, boolean hold, ChangeContext change);
}
