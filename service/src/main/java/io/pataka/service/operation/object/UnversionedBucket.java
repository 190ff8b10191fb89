package io.pataka.service.operation.object;

import io.pataka.service.model.Bucket;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;

/** What is done in place is done only where no versions are kept. */
final class UnversionedBucket {

    private UnversionedBucket() {}

    /**
     * @throws S3Exception InvalidBucketState when the bucket has, or had, versioning
     */
    static Bucket require(Bucket bucket) {
        if (bucket.versioning() != Bucket.Versioning.OFF) {
            throw new S3Exception(
                    S3Error.INVALID_BUCKET_STATE,
                    "Objects of a bucket that has or had versioning cannot be appended to or renamed.");
        }
        return bucket;
    }
}
