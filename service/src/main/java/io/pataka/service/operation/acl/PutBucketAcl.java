package io.pataka.service.operation.acl;

import io.pataka.service.access.Acl;
import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.RequestedAcl;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.Owner;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.RequestDocument;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;

/**
 * Sets the ACL of a bucket.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAcl.html">AWS: PutBucketAcl</a>
 */
final class PutBucketAcl implements Operation {

    static final int MAX_DOCUMENT = 64 * 1024;

    private final BucketCatalog buckets;
    private final RequestedAcl requested;

    PutBucketAcl(BucketCatalog buckets, RequestedAcl requested) {
        this.buckets = buckets;
        this.requested = requested;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        Owner owner = call.bucket().owner();
        Acl acl = requested.read(
                call.headers(),
                RequestDocument.readOptional(call.request(), MAX_DOCUMENT, RequestDocument.Digest.OPTIONAL),
                owner,
                owner);
        RequestedAcl.requireTaken(call.headers(), acl, owner, call.access());
        ChangeContext change = call.permit().change(call.bucket(), Kind.PUT_ACL);
        if (!buckets.putDocument(call.bucket(), DocumentKind.ACL, acl.text(), change)) {
            throw S3Exception.noSuchBucket(call.bucketName());
        }
        return S3Response.ok();
    }
}
