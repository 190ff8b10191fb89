package io.pataka.service.operation.acl;

import io.pataka.service.access.Acl;
import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.RequestedAcl;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.FactsUpdate;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.metadata.Refusal;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.Owner;
import io.pataka.service.model.VersionId;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.objects.BucketRetry;
import io.pataka.service.operation.ObjectLookup;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.Refusals;
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
    private final BucketRetry retry;

    PutObjectAcl(ObjectLookup lookup, ObjectIndex index, RequestedAcl requested, BucketRetry retry) {
        this.retry = retry;
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
        FactsUpdate outcome = retry.withBucket(
                call.bucket(),
                bucket -> index.updateFacts(
                        bucket,
                        call.key(),
                        Optional.of(VersionSelector.of(version.id())),
                        facts -> unchanged(version.facts(), facts).map(same -> same.withAcl(Optional.of(acl.text()))),
                        call.permit().change(bucket, Kind.PUT_ACL)),
                FactsUpdate.Refused::new);
        VersionId changed = outcome.fold(FactsUpdate.Updated::id, refusal -> {
            throw refusal == Refusal.CONFLICT
                    ? new S3Exception(S3Error.OPERATION_ABORTED)
                    : Refusals.error(refusal, call, WriteCondition.NONE);
        });
        Optional<String> id = ObjectLookup.showsVersions(call) ? Optional.of(changed.text()) : Optional.empty();
        return S3Response.ok().header("x-amz-version-id", id);
    }

    /** A caller who was authorised by one list must not change another that was set meanwhile. */
    private static Optional<ObjectFacts> unchanged(ObjectFacts judged, ObjectFacts now) {
        return Optional.of(now).filter(facts -> facts.acl().equals(judged.acl()));
    }
}
