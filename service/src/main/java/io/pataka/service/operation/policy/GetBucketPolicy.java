package io.pataka.service.operation.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.ResponseBody;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;

/**
 * Gives the policy of a bucket, character for character as it was sent.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html">AWS: GetBucketPolicy</a>
 */
final class GetBucketPolicy implements Operation {

    private final BucketCatalog buckets;

    GetBucketPolicy(BucketCatalog buckets) {
        this.buckets = buckets;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        PolicyOwner.require(call);
        String policy = buckets.document(call.bucket(), DocumentKind.POLICY)
                .orElseThrow(() -> new S3Exception(S3Error.NO_SUCH_BUCKET_POLICY)
                        .with("BucketName", call.bucketName().text()));
        return S3Response.ok().header("Content-Type", "application/json").body(ResponseBody.of(policy.getBytes(UTF_8)));
    }
}
