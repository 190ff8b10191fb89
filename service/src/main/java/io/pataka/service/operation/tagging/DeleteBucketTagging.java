package io.pataka.service.operation.tagging;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.operation.BucketTags;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Response;

/**
 * Takes all tags from a bucket.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketTagging.html">AWS: DeleteBucketTagging</a>
 */
final class DeleteBucketTagging implements Operation {

    private final BucketTags tags;

    DeleteBucketTagging(BucketTags tags) {
        this.tags = tags;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        tags.delete(call.bucket());
        return S3Response.noContent();
    }
}
