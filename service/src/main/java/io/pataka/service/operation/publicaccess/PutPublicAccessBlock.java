package io.pataka.service.operation.publicaccess;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.PublicAccessBlock;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.RequestDocument;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;

/**
 * Sets what a bucket keeps from the public.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html">AWS: PutPublicAccessBlock</a>
 */
final class PutPublicAccessBlock implements Operation {

    private final BucketCatalog buckets;

    PutPublicAccessBlock(BucketCatalog buckets) {
        this.buckets = buckets;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        PublicAccessBlock block = PublicAccessBlockXml.read(RequestDocument.read(
                call.request(), PublicAccessBlockXml.MAX_DOCUMENT, RequestDocument.Digest.OPTIONAL));
        if (!buckets.putDocument(call.bucket(), DocumentKind.PUBLIC_ACCESS_BLOCK, block.toJson())) {
            throw S3Exception.noSuchBucket(call.bucketName());
        }
        return S3Response.ok();
    }
}
