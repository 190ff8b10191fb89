package io.pataka.service.operation.publicaccess;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.PublicAccessBlock;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Response;

/**
 * Leaves it to each bucket of an account what is kept from the public; an account that had no block is fine, too.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_DeletePublicAccessBlock.html">AWS:
 *     DeletePublicAccessBlock of an account</a>
 */
final class DeleteAccountPublicAccessBlock implements Operation {

    private final BucketCatalog buckets;

    DeleteAccountPublicAccessBlock(BucketCatalog buckets) {
        this.buckets = buckets;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        buckets.deleteAccountDocument(call.caller().account().id(), PublicAccessBlock.DOCUMENT);
        return S3Response.noContent();
    }
}
