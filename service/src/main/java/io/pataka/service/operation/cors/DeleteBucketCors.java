package io.pataka.service.operation.cors;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Response;

/**
 * Takes the CORS rules from a bucket, if it has any.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketCors.html">AWS: DeleteBucketCors</a>
 */
final class DeleteBucketCors implements Operation {

    private final BucketCatalog buckets;

    DeleteBucketCors(BucketCatalog buckets) {
        this.buckets = buckets;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        buckets.deleteDocument(call.bucket(), DocumentKind.CORS);
        return S3Response.noContent();
    }
}
