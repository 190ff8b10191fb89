package io.pataka.service.operation.publicaccess;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.PublicAccessBlock;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;

/**
 * Tells what a bucket keeps from the public.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetPublicAccessBlock.html">AWS: GetPublicAccessBlock</a>
 */
final class GetPublicAccessBlock implements Operation {

    private final BucketCatalog buckets;

    GetPublicAccessBlock(BucketCatalog buckets) {
        this.buckets = buckets;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        return buckets.document(call.bucket(), DocumentKind.PUBLIC_ACCESS_BLOCK)
                .map(PublicAccessBlock::ofJson)
                .map(block -> S3Response.xml(PublicAccessBlockXml.write(block)))
                .orElseThrow(() -> new S3Exception(S3Error.NO_SUCH_PUBLIC_ACCESS_BLOCK)
                        .with("BucketName", call.bucketName().text()));
    }
}
