package io.pataka.service.operation;

import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.Outcome;
import io.pataka.service.model.Bucket;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.function.Function;

/** Repeats a change that was refused because the bucket's settings had changed, or the bucket was gone. */
public final class BucketRetry {

    private final BucketCatalog buckets;

    public BucketRetry(BucketCatalog buckets) {
        this.buckets = buckets;
    }

    /**
     * @param change made with the bucket as known, and if need be once more with the bucket as it is now
     * @return the outcome, which is a {@link io.pataka.service.metadata.Refusal#BUCKET_CHANGED} when the bucket has changed again
     * @throws S3Exception as {@link #lookUpAgain}
     */
    public <T extends Outcome> T withBucket(Bucket known, Function<Bucket, T> change) {
        T first = change.apply(known);
        return first.isBucketChanged() ? change.apply(lookUpAgain(known)) : first;
    }

    /**
     * The bucket as it is now.
     *
     * @throws S3Exception NoSuchBucket when the bucket is gone; ServiceUnavailable when another bucket has its name, for which the
     *     caller was not authorised
     */
    public Bucket lookUpAgain(Bucket known) {
        Bucket fresh = buckets.findFresh(known.name()).orElseThrow(() -> S3Exception.noSuchBucket(known.name()));
        if (fresh.id() != known.id()) {
            throw new S3Exception(
                            S3Error.SERVICE_UNAVAILABLE,
                            "The bucket was deleted and created again. Please repeat the request.")
                    .header("Retry-After", "1");
        }
        return fresh;
    }
}
