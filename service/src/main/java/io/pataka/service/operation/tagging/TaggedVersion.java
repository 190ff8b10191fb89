package io.pataka.service.operation.tagging;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.WritePermit;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.FactsUpdate;
import io.pataka.service.metadata.Refusal;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.VersionId;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.objects.BucketRetry;
import io.pataka.service.operation.ObjectLookup;
import io.pataka.service.operation.Refusals;
import io.pataka.service.operation.VersionParameter;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.util.Optional;
import java.util.SortedMap;

/** Sets the tags of the version that a call names. */
final class TaggedVersion {

    private final ObjectIndex index;
    private final ObjectLookup lookup;
    private final BucketRetry retry;

    TaggedVersion(ObjectIndex index, BucketRetry retry) {
        this.index = index;
        this.retry = retry;
        this.lookup = new ObjectLookup(index);
    }

    /**
     * @return the version whose tags these are now
     * @throws S3Exception NoSuchKey, NoSuchVersion, or MethodNotAllowed for a delete marker; OperationAborted when the version
     *     came and went meanwhile
     */
    VersionId tag(AdmittedCall call, SortedMap<String, String> tags, Kind kind) {
        WritePermit permit = call.permit();
        FactsUpdate outcome = retry.withBucket(
                call.bucket(),
                bucket -> index.updateFacts(
                        bucket,
                        call.key(),
                        VersionParameter.of(call.request()),
                        facts -> Optional.of(facts.withTags(tags)),
                        permit.change(bucket, kind)),
                FactsUpdate.Refused::new);
        return outcome.fold(FactsUpdate.Updated::id, refusal -> {
            throw refusal == Refusal.NO_SUCH_VERSION
                    ? missing(call)
                    : Refusals.error(refusal, call, WriteCondition.NONE);
        });
    }

    private S3Exception missing(AdmittedCall call) {
        lookup.findDescribed(call);
        return new S3Exception(S3Error.OPERATION_ABORTED);
    }

    /** Adds the version's id to the response, if the bucket has or had versioning. */
    static S3Response withVersion(S3Response response, AdmittedCall call, VersionId version) {
        return ObjectLookup.showsVersions(call) ? response.header("x-amz-version-id", version.text()) : response;
    }
}
