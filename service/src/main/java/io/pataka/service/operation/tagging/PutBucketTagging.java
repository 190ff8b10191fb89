package io.pataka.service.operation.tagging;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.RequestDocument;
import io.pataka.service.protocol.ObjectTags;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;
import java.util.SortedMap;

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
        SortedMap<String, String> wanted = TagSet.read(
                RequestDocument.read(call.request(), TagSet.MAX_DOCUMENT, RequestDocument.Digest.OPTIONAL),
                ObjectTags.MAX_COUNT_OF_BUCKET,
                "Bucket tag count cannot be greater than " + ObjectTags.MAX_COUNT_OF_BUCKET);
        if (!tags.put(call.bucket(), new String(TagSet.write(wanted), UTF_8))) {
            throw new S3Exception(S3Error.NO_SUCH_BUCKET)
                    .with("BucketName", call.bucketName().text());
        }
        return S3Response.noContent();
    }
}
