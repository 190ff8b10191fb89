package io.pataka.service.operation.publicaccess;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Response;

/**
 * Takes the public access block off a bucket; one that had none is fine, too.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeletePublicAccessBlock.html">AWS:
 *     DeletePublicAccessBlock</a>
 */
final class DeletePublicAccessBlock implements Operation {

    private final BucketCatalog buckets;

    DeletePublicAccessBlock(BucketCatalog buckets) {
        this.buckets = buckets;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        buckets.deleteDocument(call.bucket(), DocumentKind.PUBLIC_ACCESS_BLOCK);
        return S3Response.noContent();
    }
}
