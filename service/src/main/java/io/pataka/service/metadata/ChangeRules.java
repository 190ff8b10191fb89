package io.pataka.service.metadata;

import io.pataka.service.model.Bucket;
import io.pataka.service.model.ObjectChange;

/** What the configurations of buckets want to be recorded of changes of objects. */
@FunctionalInterface
public interface ChangeRules {

    /** Nothing is recorded. */
    ChangeRules NONE = bucket -> change -> ChangeRecords.NONE;

    /**
     * The rules of a bucket that {@link Bucket#recordsChanges}: those of the bucket's epoch or of a later one. The first call for an epoch may
     * read them from the database, and is made before a transaction. Later calls are made inside of transactions, so they must be fast and
     * take no connection.
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
