package io.pataka.service.operation.tagging;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.RequestDocument;
import io.pataka.service.operation.TagSet;
import io.pataka.service.protocol.ObjectTags;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;
import java.util.SortedMap;

/**
 * Gives a version its tags, in place of those it had.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html">AWS: PutObjectTagging</a>
 */
final class PutObjectTagging implements Operation {

    private final TaggedVersion version;

    PutObjectTagging(TaggedVersion version) {
        this.version = version;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        SortedMap<String, String> tags = TagSet.read(
                RequestDocument.read(call.request(), TagSet.MAX_DOCUMENT, RequestDocument.Digest.OPTIONAL),
                ObjectTags.MAX_COUNT,
                "Object tags cannot be greater than " + ObjectTags.MAX_COUNT);
        call.require(call.own().tags(tags));
        return TaggedVersion.withVersion(S3Response.ok(), call, version.tag(call, tags, Kind.PUT_TAGGING));
    }
}
