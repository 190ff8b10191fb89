package io.pataka.service.operation.logging;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.LogTargets;
import io.pataka.service.changes.BucketLogs;
import io.pataka.service.logging.LoggingConfiguration;
import io.pataka.service.logging.LoggingXml;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.BucketCatalog.StoredDocument;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.LogFlush;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.RequestDocument;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Turns the log of a bucket on or off, or changes it. Only the owner may, whatever a policy says, as in Ceph. What was recorded for the
 * former configuration is written at once; a configuration that is the same as the former one changes nothing.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLogging.html">AWS: PutBucketLogging</a>
 */
final class PutBucketLogging implements Operation {

    private final BucketCatalog buckets;
    private final BucketLogs logs;
    private final LogTargets targets;
    private final LogFlush flush;
    private final Clock clock;

    PutBucketLogging(BucketCatalog buckets, BucketLogs logs, LogTargets targets, LogFlush flush, Clock clock) {
        this.buckets = buckets;
        this.logs = logs;
        this.targets = targets;
        this.flush = flush;
        this.clock = clock;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        if (!call.caller().owns(call.bucket())) {
            throw new S3Exception(S3Error.ACCESS_DENIED)
                    .because("owner: only the project of the bucket configures its log");
        }
        long begun = System.nanoTime();
        Optional<LoggingConfiguration> wanted = LoggingXml.read(
                RequestDocument.read(call.request(), LoggingXml.MAX_LENGTH, RequestDocument.Digest.OPTIONAL));
        wanted.ifPresent(configuration -> check(configuration, call.bucket(), begun));
        Optional<LoggingConfiguration> former = store(wanted, call);
        if (former.isEmpty() || former.equals(wanted)) {
            return S3Response.ok();
        }
        return flush.flushFormer(call.bucket(), former.get(), wanted.isPresent())
                .map(key -> FlushedObject.answer("PutBucketLoggingOutput", key))
                .orElseGet(S3Response::ok);
    }

    private void check(LoggingConfiguration wanted, Bucket source, long begun) {
        targets.faultSince(source, wanted.target(), wanted.prefix(), begun).ifPresent(fault -> {
            throw UnfitTarget.error(fault, wanted.target());
        });
        if (logs.names(wanted, source).areTooLong()) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "The keys of log objects would be too long")
                    .argument("TargetPrefix", wanted.prefix());
        }
    }

    /** Returns the former configuration. */
    private Optional<LoggingConfiguration> store(Optional<LoggingConfiguration> wanted, AdmittedCall call) {
        AtomicReference<Optional<LoggingConfiguration>> former = new AtomicReference<>(Optional.empty());
        boolean isThere = buckets.updateDocument(
                call.bucket(),
                DocumentKind.LOGGING,
                stored -> {
                    Optional<LoggingXml.Stored> known = stored.map(LoggingXml::load);
                    former.set(known.map(LoggingXml.Stored::configuration));
                    return wanted.map(configuration -> document(known, configuration));
                },
                call.permit().change(call.bucket(), Kind.PUT_CONFIGURATION));
        if (!isThere) {
            throw S3Exception.noSuchBucket(call.bucketName());
        }
        return former.get();
    }

    private StoredDocument document(Optional<LoggingXml.Stored> known, LoggingConfiguration wanted) {
        LoggingXml.Stored stored = known.filter(former -> former.configuration().equals(wanted))
                .orElseGet(() -> new LoggingXml.Stored(wanted, clock.instant()));
        return new StoredDocument(LoggingXml.store(stored), wanted.isJournal());
    }
}
