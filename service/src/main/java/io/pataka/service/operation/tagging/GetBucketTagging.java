package io.pataka.service.operation.tagging;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.operation.BucketTags;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;

/**
 * Tells the tags of a bucket.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketTagging.html">AWS: GetBucketTagging</a>
 */
final class GetBucketTagging implements Operation {

    private final BucketTags tags;

    GetBucketTagging(BucketTags tags) {
        this.tags = tags;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        String document = tags.find(call.bucket())
                .orElseThrow(() -> new S3Exception(S3Error.NO_SUCH_TAG_SET)
                        .with("BucketName", call.bucketName().text()));
        return S3Response.xml(document.getBytes(UTF_8));
    }
}
