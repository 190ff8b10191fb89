package io.pataka.service.operation.tagging;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.model.VersionId;
import io.pataka.service.operation.ObjectLookup;
import io.pataka.service.operation.VersionParameter;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.util.SortedMap;

/** Sets the tags of the version that a call names. */
final class TaggedVersion {

    private final ObjectIndex index;
    private final ObjectLookup lookup;

    TaggedVersion(ObjectIndex index) {
        this.index = index;
        this.lookup = new ObjectLookup(index);
    }

    /**
     * @return the version whose tags these are now
     * @throws S3Exception NoSuchKey, NoSuchVersion, or MethodNotAllowed for a delete marker; OperationAborted when the version
     *     came and went meanwhile
     */
    VersionId tag(AdmittedCall call, SortedMap<String, String> tags) {
        return index.updateFacts(
                        call.bucket(), call.key(), VersionParameter.of(call.request()), facts -> facts.withTags(tags))
                .orElseThrow(() -> missing(call));
    }

    private S3Exception missing(AdmittedCall call) {
        lookup.findDescribed(call);
        return new S3Exception(S3Error.OPERATION_ABORTED);
    }

    /** Says which version it was, if the bucket has or had versioning. */
    static S3Response told(S3Response response, AdmittedCall call, VersionId version) {
        return ObjectLookup.tellsVersions(call) ? response.header("x-amz-version-id", version.text()) : response;
    }
}
