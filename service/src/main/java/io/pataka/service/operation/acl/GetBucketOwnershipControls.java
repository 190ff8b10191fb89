package io.pataka.service.operation.acl;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.ObjectOwnership;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;

/**
 * Tells whose the objects of a bucket are.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketOwnershipControls.html">AWS:
 *     GetBucketOwnershipControls</a>
 */
final class GetBucketOwnershipControls implements Operation {

    private final BucketCatalog buckets;

    GetBucketOwnershipControls(BucketCatalog buckets) {
        this.buckets = buckets;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        ObjectOwnership ownership = buckets.document(call.bucket(), DocumentKind.OWNERSHIP)
                .flatMap(ObjectOwnership::named)
                .orElseThrow(() -> new S3Exception(S3Error.OWNERSHIP_CONTROLS_NOT_FOUND)
                        .with("BucketName", call.bucketName().text()));
        return S3Response.xml(OwnershipXml.write(ownership));
    }
}
