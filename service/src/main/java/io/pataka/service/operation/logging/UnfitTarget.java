package io.pataka.service.operation.logging;

import io.pataka.service.access.LogTargets.Fault;
import io.pataka.service.model.BucketName;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;

/** The error for a bucket that cannot be the target of a log, as ceph/s3-tests want it. Amazon's is InvalidTargetBucketForLogging. */
final class UnfitTarget {

    private UnfitTarget() {}

    static S3Exception error(Fault fault, BucketName target) {
        return switch (fault) {
            case MISSING -> new S3Exception(S3Error.NO_SUCH_KEY, fault.message(target)).with("Key", target.text());
            case HAS_NO_POLICY, NOT_ALLOWED ->
                new S3Exception(S3Error.ACCESS_DENIED, fault.message(target)).because("policy of the target");
            case IS_SOURCE, REQUESTER_PAYS, LOGS, ENCRYPTS, RETAINS ->
                new S3Exception(S3Error.INVALID_ARGUMENT, fault.message(target))
                        .argument("TargetBucket", target.text());
        };
    }
}
