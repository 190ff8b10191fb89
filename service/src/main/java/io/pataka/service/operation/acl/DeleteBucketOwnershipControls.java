package io.pataka.service.operation.acl;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Response;

/**
 * Forgets whose the objects of a bucket are; from then on they are their writers'.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketOwnershipControls.html">AWS:
 *     DeleteBucketOwnershipControls</a>
 */
final class DeleteBucketOwnershipControls implements Operation {

    private final BucketCatalog buckets;

    DeleteBucketOwnershipControls(BucketCatalog buckets) {
        this.buckets = buckets;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        buckets.deleteDocument(call.bucket(), DocumentKind.OWNERSHIP);
        return S3Response.noContent();
    }
}
