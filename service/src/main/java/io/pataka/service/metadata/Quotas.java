package io.pataka.service.metadata;

import io.pataka.service.model.Bucket;
import io.pataka.service.model.Quota;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How much may lie in buckets, and whether a change keeps to it. What there is, is judged by a count or a sum, which may be half a minute
 * old while there is room, and by what this node added since. A change is refused only after there was a new count. Of more than 10,000
 * versions the sum of a job is used.
 *
 * <p>Every method throws {@link MetadataUnavailableException} when the database does not answer.
 */
public interface Quotas {

    /** No quotas at all. */
    Quotas NONE = new Quotas() {
        @Override
        public <T extends Outcome> T judged(
                Bucket bucket,
                Growth growth,
                Supplier<T> change,
                Function<T, Growth> made,
                Function<Refusal, T> refused) {
            return change.get();
        }

        @Override
        public boolean hasRoom(Bucket bucket, Growth growth) {
            return true;
        }

        @Override
        public Quota ofBucket(Bucket bucket) {
            return Quota.UNLIMITED;
        }

        @Override
        public ProjectQuotas ofProject(String accountId) {
            return new ProjectQuotas(Quota.UNLIMITED, Quota.UNLIMITED);
        }

        @Override
        public List<SetQuota> all() {
            return List.of();
        }
    };

    /**
     * Makes a change if there is room for it. Changes of this node that are made at the same time do not take the same room.
     *
     * @param growth what the change adds at most
     * @param made what a change that was not refused has added
     * @param refused makes the outcome {@link Refusal#QUOTA_EXCEEDED}
     */
    <T extends Outcome> T judged(
            Bucket bucket, Growth growth, Supplier<T> change, Function<T, Growth> made, Function<Refusal, T> refused);

    /** As the other method, of a change that adds all of its growth. */
    default <T extends Outcome> T judged(
            Bucket bucket, Growth growth, Supplier<T> change, Function<Refusal, T> refused) {
        return judged(bucket, growth, change, outcome -> growth, refused);
    }

    /** Whether there is room for a change now. */
    boolean hasRoom(Bucket bucket, Growth growth);

    /** The quota of a bucket: its own, or that of each bucket of its project, or that of the settings. */
    Quota ofBucket(Bucket bucket);

    /** The quotas of a project, or those of the settings. */
    ProjectQuotas ofProject(String accountId);

    /** The quotas that operators have set, those of projects first. */
    List<SetQuota> all();

    /**
     * A quota that an operator has set.
     *
     * @param name the id of a project, or the name of a bucket
     * @param scope for what it holds
     */
    record SetQuota(String name, Scope scope, Quota quota) {
        public SetQuota {
            Objects.requireNonNull(name);
            Objects.requireNonNull(scope);
            Objects.requireNonNull(quota);
        }
    }

    /** What a quota holds for. */
    enum Scope {
        PROJECT,
        EACH_BUCKET_OF_PROJECT,
        BUCKET
    }

    /**
     * The quotas of a project.
     *
     * @param whole of all buckets of the project together
     * @param eachBucket of each bucket that has none of its own
     */
    record ProjectQuotas(Quota whole, Quota eachBucket) {
        public ProjectQuotas {
            Objects.requireNonNull(whole);
            Objects.requireNonNull(eachBucket);
        }
    }
}
