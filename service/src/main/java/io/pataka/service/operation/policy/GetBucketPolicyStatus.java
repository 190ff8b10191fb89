package io.pataka.service.operation.policy;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.BucketAccess;
import io.pataka.service.access.policy.BucketPolicy;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlWriter;

/**
 * Returns whether a bucket is public. As with Ceph its ACL counts as well as its policy, and a bucket without a policy has a
 * status, too.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicyStatus.html">AWS: GetBucketPolicyStatus</a>
 */
final class GetBucketPolicyStatus implements Operation {

    @Override
    public S3Response perform(AdmittedCall call) {
        BucketAccess access = call.access();
        boolean byPolicy = access.policy().map(BucketPolicy::isPublic).orElse(false);
        boolean byAcl = access.effectiveAcl(call.bucket()).isPublic()
                && !access.publicAccess().ignorePublicAcls();
        return S3Response.xml(XmlWriter.document("PolicyStatus")
                .leaf("IsPublic", byPolicy || byAcl)
                .toBytes());
    }
}
