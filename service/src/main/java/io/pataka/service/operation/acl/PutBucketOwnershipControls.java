package io.pataka.service.operation.acl;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.ObjectOwnership;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.RequestDocument;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;

/**
 * Says whose the objects of a bucket are. ACLs are not switched off over the head of somebody whom the bucket's own list lets in.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketOwnershipControls.html">AWS:
 *     PutBucketOwnershipControls</a>
 */
final class PutBucketOwnershipControls implements Operation {

    private static final int MAX_DOCUMENT = 16 * 1024;

    private final BucketCatalog buckets;

    PutBucketOwnershipControls(BucketCatalog buckets) {
        this.buckets = buckets;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        ObjectOwnership ownership =
                OwnershipXml.read(RequestDocument.read(call.request(), MAX_DOCUMENT, RequestDocument.Digest.OPTIONAL));
        if (ownership == ObjectOwnership.BUCKET_OWNER_ENFORCED
                && call.access().acl().opensBeyond(call.bucket().owner())) {
            throw new S3Exception(S3Error.INVALID_BUCKET_ACL_WITH_OBJECT_OWNERSHIP);
        }
        if (!buckets.putDocument(call.bucket(), DocumentKind.OWNERSHIP, ownership.text())) {
            throw S3Exception.noSuchBucket(call.bucketName());
        }
        return S3Response.ok();
    }
}
