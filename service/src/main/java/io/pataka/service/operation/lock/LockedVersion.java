package io.pataka.service.operation.lock;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.ObjectIndex.FactsUpdate;
import io.pataka.service.metadata.Refusal;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.objects.BucketRetry;
import io.pataka.service.operation.LockedBucket;
import io.pataka.service.operation.ObjectLookup;
import io.pataka.service.operation.Refusals;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.util.function.Function;

/** Changes the lock of the version that a call names. */
final class LockedVersion {

    private final BucketRetry retry;
    private final ObjectLookup lookup;

    LockedVersion(BucketRetry retry, ObjectLookup lookup) {
        this.retry = retry;
        this.lookup = lookup;
    }

    /**
     * @throws S3Exception AccessDenied when the lock that is in force forbids the change; NoSuchKey, NoSuchVersion, or MethodNotAllowed
     *     for a delete marker; OperationAborted when the version came and went meanwhile
     */
    S3Response change(AdmittedCall call, Function<Bucket, FactsUpdate> update) {
        FactsUpdate outcome = retry.withBucket(
                call.bucket(), bucket -> update.apply(LockedBucket.require(bucket)), FactsUpdate.Refused::new);
        return outcome.fold(updated -> S3Response.ok(), refusal -> {
            throw refusal == Refusal.NO_SUCH_VERSION
                    ? missing(call)
                    : Refusals.error(refusal, call, WriteCondition.NONE);
        });
    }

    private S3Exception missing(AdmittedCall call) {
        lookup.findDescribed(call);
        return new S3Exception(S3Error.OPERATION_ABORTED);
    }
}
