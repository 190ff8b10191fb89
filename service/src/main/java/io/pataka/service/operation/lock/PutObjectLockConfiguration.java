package io.pataka.service.operation.lock;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.DefaultRetention;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.RequestDocument;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;
import java.util.Optional;

/**
 * Sets the default retention of a bucket, and gives it object lock if it has none yet. The header {@code
 * x-amz-bucket-object-lock-token}, which Amazon once wanted, is ignored.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLockConfiguration.html">AWS: PutObjectLockConfiguration</a>
 */
final class PutObjectLockConfiguration implements Operation {

    private static final int MAX_DOCUMENT = 16 * 1024;

    private final BucketCatalog buckets;

    PutObjectLockConfiguration(BucketCatalog buckets) {
        this.buckets = buckets;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        Optional<DefaultRetention> wanted = LockConfigurationXml.read(
                RequestDocument.read(call.request(), MAX_DOCUMENT, RequestDocument.Digest.REQUIRED));
        ChangeContext change = call.permit().change(call.bucket(), Kind.PUT_CONFIGURATION);
        return switch (buckets.setObjectLock(call.bucket(), wanted, change)) {
            case SET -> S3Response.ok();
            case NOT_VERSIONED ->
                throw new S3Exception(
                        S3Error.INVALID_BUCKET_STATE,
                        "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration");
            case GONE -> throw S3Exception.noSuchBucket(call.bucketName());
        };
    }
}
