package io.pataka.service.operation.logging;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.changes.BucketLogs;
import io.pataka.service.logging.LoggingXml;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.S3Time;
import java.util.Optional;

/**
 * Answers where a bucket is logged. As in Ceph, {@code Last-Modified} says since when.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLogging.html">AWS: GetBucketLogging</a>
 */
final class GetBucketLogging implements Operation {

    private final BucketLogs logs;

    GetBucketLogging(BucketLogs logs) {
        this.logs = logs;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        Optional<LoggingXml.Stored> stored = logs.stored(call.bucket());
        return S3Response.xml(LoggingXml.write(stored.map(LoggingXml.Stored::configuration)))
                .header(
                        "Last-Modified",
                        stored.map(LoggingXml.Stored::changedAt).map(S3Time::header));
    }
}
