package io.pataka.service.operation.tagging;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.operation.ObjectLookup;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.TagSet;
import io.pataka.service.protocol.S3Response;

/**
 * Returns the tags of a version; an object without tags has an empty set.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html">AWS: GetObjectTagging</a>
 */
final class GetObjectTagging implements Operation {

    private final ObjectLookup lookup;

    GetObjectTagging(ObjectLookup lookup) {
        this.lookup = lookup;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        ObjectVersion version = lookup.findDescribed(call);
        return TaggedVersion.withVersion(
                S3Response.xml(TagSet.write(version.facts().tags())), call, version.id());
    }
}
