package io.pataka.service.operation.logging;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.LogTargets;
import io.pataka.service.changes.BucketLogs;
import io.pataka.service.logging.LoggingConfiguration;
import io.pataka.service.operation.LogFlush;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;

/**
 * Writes what waits of a bucket's log: Ceph's flush. An object is written even if nothing waits, unless the
 * quotas of the target have no room for it.
 *
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/s3/bucketops/#flush-bucket-logging">Ceph: flush bucket logging</a>
 */
final class PostBucketLogging implements Operation {

    private final BucketLogs logs;
    private final LogTargets targets;
    private final LogFlush flush;

    PostBucketLogging(BucketLogs logs, LogTargets targets, LogFlush flush) {
        this.logs = logs;
        this.targets = targets;
        this.flush = flush;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        long begun = System.nanoTime();
        LoggingConfiguration configuration = logs.configuration(call.bucket())
                .orElseThrow(() -> new S3Exception(S3Error.NO_SUCH_CONFIGURATION, "The bucket has no log")
                        .with("BucketName", call.bucketName().text()));
        targets.faultSince(call.bucket(), configuration.target(), configuration.prefix(), begun)
                .ifPresent(fault -> {
                    throw UnfitTarget.error(fault, configuration.target());
                });
        boolean hasRoom = logs.hasRoomForEmptyObject(configuration.target());
        return flush.flush(call.bucket(), configuration, hasRoom)
                .map(key -> FlushedObject.answer("PostBucketLoggingOutput", key))
                .orElseThrow(() -> hasRoom
                        ? UnfitTarget.error(LogTargets.Fault.MISSING, configuration.target())
                        : new S3Exception(S3Error.QUOTA_EXCEEDED));
    }
}
