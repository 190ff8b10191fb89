package io.pataka.service.objects;

import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.Outcome;
import io.pataka.service.metadata.Refusal;
import io.pataka.service.model.Bucket;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** Repeats a change that was refused because the bucket's settings had changed, or the bucket was gone. */
public final class BucketRetry {

    private final BucketCatalog buckets;

    public BucketRetry(BucketCatalog buckets) {
        this.buckets = Objects.requireNonNull(buckets);
    }

    /**
     * @param change made with the bucket as known, and if need be once more with the bucket as it is now
     * @param refused makes the outcome of a change that is not repeated: {@link Refusal#BUCKET_GONE}, or
     *     {@link Refusal#BUCKET_REPLACED}
     * @return the outcome, which is a {@link Refusal#BUCKET_CHANGED} when the bucket has changed again
     */
    public <T extends Outcome> T withBucket(Bucket known, Function<Bucket, T> change, Function<Refusal, T> refused) {
        T first = change.apply(known);
        if (!first.isBucketChanged()) {
            return first;
        }
        Optional<Bucket> fresh = buckets.findFresh(known.name());
        if (fresh.isEmpty()) {
            return refused.apply(Refusal.BUCKET_GONE);
        }
        return fresh.get().id() == known.id() ? change.apply(fresh.get()) : refused.apply(Refusal.BUCKET_REPLACED);
    }
}
