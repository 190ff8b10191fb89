package io.pataka.service.operation.tagging;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.operation.BucketTags;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.RequestDocument;
import io.pataka.service.operation.TagSet;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;

/**
 * Gives a bucket its tags, in place of those it had.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html">AWS: PutBucketTagging</a>
 */
final class PutBucketTagging implements Operation {

    private final BucketTags tags;

    PutBucketTagging(BucketTags tags) {
        this.tags = tags;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        String wanted = BucketTags.document(
                RequestDocument.read(call.request(), TagSet.MAX_DOCUMENT, RequestDocument.Digest.OPTIONAL));
        if (!tags.put(call.bucket(), wanted)) {
            throw S3Exception.noSuchBucket(call.bucketName());
        }
        return S3Response.noContent();
    }
}
