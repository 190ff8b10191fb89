package io.pataka.service.operation.bucket;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;

/**
 * Deletes a bucket that holds nothing, no noncurrent version and no delete marker either.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html">AWS: DeleteBucket</a>
 */
final class DeleteBucket implements Operation {

    private final BucketCatalog buckets;

    DeleteBucket(BucketCatalog buckets) {
        this.buckets = buckets;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        return switch (buckets.delete(call.bucket(), call.permit().change(call.bucket(), Kind.DELETE_BUCKET))) {
            case DELETED -> S3Response.noContent();
            case NOT_EMPTY -> throw refusal(S3Error.BUCKET_NOT_EMPTY, call);
            case GONE -> throw refusal(S3Error.NO_SUCH_BUCKET, call);
        };
    }

    private static S3Exception refusal(S3Error error, AdmittedCall call) {
        return new S3Exception(error).with("BucketName", call.bucketName().text());
    }
}
