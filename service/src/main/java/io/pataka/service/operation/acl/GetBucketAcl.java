package io.pataka.service.operation.acl;

import io.pataka.service.access.AclXml;
import io.pataka.service.access.AdmittedCall;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Response;

/**
 * Returns the ACL of a bucket; if ACLs do not count, its owner's full control.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAcl.html">AWS: GetBucketAcl</a>
 */
final class GetBucketAcl implements Operation {

    @Override
    public S3Response perform(AdmittedCall call) {
        return S3Response.xml(AclXml.write(
                call.access().effectiveAcl(call.bucket()), call.bucket().owner()));
    }
}
