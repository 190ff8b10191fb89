package io.pataka.service.operation.bucket;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Response;

/**
 * Says that a bucket is there and may be listed, and in which region it is.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html">AWS: HeadBucket</a>
 */
final class HeadBucket implements Operation {

    private final String region;

    HeadBucket(String region) {
        this.region = region;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        return S3Response.ok()
                .header("x-amz-bucket-region", region)
                .header(BucketArn.HEADER, BucketArn.of(call.bucket().name()))
                .header("x-amz-access-point-alias", "false");
    }
}
