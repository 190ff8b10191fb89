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

    /** The records of these rules and of others. */
    default ChangeRules and(ChangeRules others) {
        return bucket -> {
            OfBucket these = of(bucket);
            OfBucket more = others.of(bucket);
            return new OfBucket() {
                @Override
                public boolean needFactsOfRemoved() {
                    return these.needFactsOfRemoved() || more.needFactsOfRemoved();
                }

                @Override
                public ChangeRecords records(ObjectChange change) {
                    return these.records(change).and(more.records(change));
                }
            };
        };
    }

    /** The rules of one bucket. */
    @FunctionalInterface
    interface OfBucket {

        /** Whether the rules depend on metadata or tags of removed versions, which writers otherwise do not read. */
        default boolean needFactsOfRemoved() {
            return false;
        }

        /**
         * The records of a change.
         *
         * @throws JournalRefusedException if it cannot be recorded, so that it must not be made
         */
        ChangeRecords records(ObjectChange change);
    }
}
