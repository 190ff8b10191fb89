package io.pataka.service.metadata;

import io.pataka.service.model.Bucket;
import io.pataka.service.model.ObjectChange;

/** What the configurations of buckets want to be recorded of changes of objects. */
@FunctionalInterface
public interface ChangeRules {

    /** Nothing is recorded. */
    ChangeRules NONE = bucket -> change -> ChangeRecords.NONE;

    /**
     * The rules of a bucket that {@link Bucket#recordsChanges}. Called inside of transactions, perhaps several times for one change, so it
     * must be fast and have no effects; the rules must be those of the bucket's epoch or of a later one.
     */
    OfBucket of(Bucket bucket);

    /** The rules of one bucket. */
    @FunctionalInterface
    interface OfBucket {

        /** Whether the rules depend on metadata or tags of removed versions, which writers otherwise do not read. */
        default boolean needFactsOfRemoved() {
            return false;
        }

        /** The records of a change. */
        ChangeRecords records(ObjectChange change);
    }
}
