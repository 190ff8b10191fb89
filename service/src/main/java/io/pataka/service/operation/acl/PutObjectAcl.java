package io.pataka.service.operation.acl;

import io.pataka.service.access.Acl;
import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.RequestedAcl;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.Owner;
import io.pataka.service.model.VersionId;
import io.pataka.service.operation.ObjectLookup;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.RequestDocument;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;
import java.util.Optional;

/**
 * Sets the ACL of an object. Its time stays.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAcl.html">AWS: PutObjectAcl</a>
 */
final class PutObjectAcl implements Operation {

    private final ObjectLookup lookup;
    private final ObjectIndex index;
    private final RequestedAcl requested;

    PutObjectAcl(ObjectLookup lookup, ObjectIndex index, RequestedAcl requested) {
        this.lookup = lookup;
        this.index = index;
        this.requested = requested;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        ObjectVersion version = lookup.findDescribed(call);
        Owner owner = call.access().ownerOf(version, call.bucket());
        Acl acl = requested.read(
                call.headers(),
                RequestDocument.readOptional(
                        call.request(), PutBucketAcl.MAX_DOCUMENT, RequestDocument.Digest.OPTIONAL),
                owner,
                call.bucket().owner());
        RequestedAcl.requireTaken(call.headers(), acl, call.bucket().owner(), call.access());
        VersionId changed = index.updateFacts(
                        call.bucket(),
                        call.key(),
                        Optional.of(VersionSelector.of(version.id())),
                        facts -> judged(version.facts(), facts).withAcl(Optional.of(acl.text())))
                .orElseThrow(() -> ObjectLookup.noSuchKey(call));
        Optional<String> id = ObjectLookup.tellsVersions(call) ? Optional.of(changed.text()) : Optional.empty();
        return S3Response.ok().header("x-amz-version-id", id);
    }

    /** Who was let in by one list must not change another that came meanwhile. */
    private static ObjectFacts judged(ObjectFacts judged, ObjectFacts now) {
        if (!judged.acl().equals(now.acl())) {
            throw new S3Exception(S3Error.OPERATION_ABORTED);
        }
        return now;
    }
}
