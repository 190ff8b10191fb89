package io.pataka.service.operation.acl;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.ObjectOwnership;
import io.pataka.service.operation.BucketDocument;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;

/** ACLs are not disabled while the bucket's ACL grants something to anyone but its owner. */
final class OwnershipGuard implements BucketDocument.Guard<ObjectOwnership> {

    /**
     * @throws S3Exception InvalidBucketAclWithObjectOwnership
     */
    @Override
    public void check(ObjectOwnership wanted, AdmittedCall call) {
        if (wanted == ObjectOwnership.BUCKET_OWNER_ENFORCED
                && call.access().acl().opensBeyond(call.bucket().owner())) {
            throw new S3Exception(S3Error.INVALID_BUCKET_ACL_WITH_OBJECT_OWNERSHIP);
        }
    }
}
