package io.pataka.service.operation.tagging;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Response;
import java.util.TreeMap;

/**
 * Takes all tags from a version.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectTagging.html">AWS: DeleteObjectTagging</a>
 */
final class DeleteObjectTagging implements Operation {

    private final TaggedVersion version;

    DeleteObjectTagging(TaggedVersion version) {
        this.version = version;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        return TaggedVersion.withVersion(
                S3Response.noContent(), call, version.tag(call, new TreeMap<>(), Kind.DELETE_TAGGING));
    }
}
