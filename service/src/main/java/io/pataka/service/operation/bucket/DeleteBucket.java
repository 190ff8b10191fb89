package io.pataka.service.operation.bucket;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.changes.BucketLogs;
import io.pataka.service.logging.LoggingConfiguration;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.operation.LogFlush;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.util.Optional;

/**
 * Deletes a bucket that holds nothing, no noncurrent version and no delete marker either. What waits of its log is written then; what waits
 * of logs that are written to it is lost with it.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html">AWS: DeleteBucket</a>
 */
final class DeleteBucket implements Operation {

    private final BucketCatalog buckets;
    private final BucketLogs logs;
    private final LogFlush flush;

    DeleteBucket(BucketCatalog buckets, BucketLogs logs, LogFlush flush) {
        this.buckets = buckets;
        this.logs = logs;
        this.flush = flush;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        Optional<LoggingConfiguration> log = logs.configuration(call.bucket());
        flush.drain();
        return switch (buckets.delete(call.bucket(), call.permit().change(call.bucket(), Kind.DELETE_BUCKET))) {
            case DELETED -> {
                log.ifPresent(former -> flush.flushFormer(call.bucket(), former, false));
                yield S3Response.noContent();
            }
            case NOT_EMPTY -> throw refusal(S3Error.BUCKET_NOT_EMPTY, call);
            case GONE -> throw refusal(S3Error.NO_SUCH_BUCKET, call);
        };
    }

    private static S3Exception refusal(S3Error error, AdmittedCall call) {
        return new S3Exception(error).with("BucketName", call.bucketName().text());
    }
}
