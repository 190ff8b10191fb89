package io.pataka.service.operation.policy;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Response;

/**
 * Takes the policy off a bucket; one that had none is fine, too.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html">AWS: DeleteBucketPolicy</a>
 */
final class DeleteBucketPolicy implements Operation {

    private final BucketCatalog buckets;

    DeleteBucketPolicy(BucketCatalog buckets) {
        this.buckets = buckets;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        PolicyOwner.require(call);
        buckets.deleteDocument(call.bucket(), DocumentKind.POLICY);
        return S3Response.noContent();
    }
}
