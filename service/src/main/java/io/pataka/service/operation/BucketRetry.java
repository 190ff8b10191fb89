package io.pataka.service.operation;

import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.Bucket;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Repeats a write that met a bucket other than the one it was admitted to: settings changed by another node, or the bucket gone.
 */
public final class BucketRetry {

    private final BucketCatalog buckets;

    public BucketRetry(BucketCatalog buckets) {
        this.buckets = buckets;
    }

    /**
     * @param write done with the bucket as known, and once more with the bucket as it is now
     * @param changed whether an outcome says that the bucket was another
     * @throws S3Exception NoSuchBucket when the bucket is gone; ServiceUnavailable when another has its name, to which the caller was
     *     not admitted; OperationAborted when it changed again
     */
    public <T> T withBucket(Bucket known, Function<Bucket, T> write, Predicate<T> changed) {
        T first = write.apply(known);
        if (!changed.test(first)) {
            return first;
        }
        Bucket fresh = buckets.findFresh(known.name()).orElseThrow(() -> S3Exception.noSuchBucket(known.name()));
        if (fresh.id() != known.id()) {
            throw new S3Exception(
                            S3Error.SERVICE_UNAVAILABLE,
                            "The bucket was deleted and created again. Please repeat the request.")
                    .header("Retry-After", "1");
        }
        T second = write.apply(fresh);
        if (changed.test(second)) {
            throw new S3Exception(S3Error.OPERATION_ABORTED);
        }
        return second;
    }
}
