package io.pataka.service.operation.logging;

import io.pataka.service.access.LogTargets;
import io.pataka.service.changes.BucketLogs;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.operation.LogFlush;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Operation;
import java.time.Clock;
import java.util.Objects;

/** The operations of bucket logging. */
public final class LoggingOperations {

    private final BucketCatalog buckets;
    private final BucketLogs logs;
    private final LogTargets targets;
    private final LogFlush flush;
    private final Clock clock;

    public LoggingOperations(BucketCatalog buckets, BucketLogs logs, LogTargets targets, LogFlush flush, Clock clock) {
        this.buckets = Objects.requireNonNull(buckets);
        this.logs = Objects.requireNonNull(logs);
        this.targets = Objects.requireNonNull(targets);
        this.flush = Objects.requireNonNull(flush);
        this.clock = Objects.requireNonNull(clock);
    }

    /** After the operations that change objects. */
    public void register(OperationCatalog catalog) {
        catalog.register(S3Operation.GET_BUCKET_LOGGING, new GetBucketLogging(logs))
                .register(S3Operation.PUT_BUCKET_LOGGING, new PutBucketLogging(buckets, logs, targets, flush, clock))
                .register(S3Operation.POST_BUCKET_LOGGING, new PostBucketLogging(logs, targets, flush));
        catalog.decorate(operation -> new JournaledOperation(operation, logs));
    }
}
