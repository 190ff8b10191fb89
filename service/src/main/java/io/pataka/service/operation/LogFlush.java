package io.pataka.service.operation;

import io.pataka.service.changes.BucketLogs;
import io.pataka.service.logging.LoggingConfiguration;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.objects.LogObjects;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the records of a bucket's log that wait, before they are due. */
public final class LogFlush {

    private static final Logger LOG = LoggerFactory.getLogger(LogFlush.class);

    private final BucketCatalog buckets;
    private final BucketLogs logs;
    private final LogObjects objects;
    private final Runnable drain;

    /**
     * @param drain stores the records of access logs that this process holds
     */
    public LogFlush(BucketCatalog buckets, BucketLogs logs, LogObjects objects, Runnable drain) {
        this.buckets = Objects.requireNonNull(buckets);
        this.logs = Objects.requireNonNull(logs);
        this.objects = Objects.requireNonNull(objects);
        this.drain = Objects.requireNonNull(drain);
    }

    /** Stores the records of access logs that this process holds, so that they do not outlive the bucket that they are written to. */
    public void drain() {
        drain.run();
    }

    /**
     * Writes what waits, with what other buckets have in the same log.
     *
     * @param evenEmpty whether an empty object is written if nothing waits
     * @return the key of the last object; empty if none was written
     * @throws IOException when an object cannot be written; the records wait for the next attempt
     */
    public Optional<ObjectKey> flush(Bucket source, LoggingConfiguration configuration, boolean evenEmpty)
            throws IOException {
        drain();
        Optional<Bucket> target = buckets.findFresh(configuration.target());
        return target.isEmpty()
                ? Optional.empty()
                : objects.flush(target.get(), logs.names(configuration, source), evenEmpty);
    }

    /** As {@link #flush}, of a configuration that the bucket has no more; a failure is left to the job that writes what is due. */
    public Optional<ObjectKey> flushFormer(Bucket source, LoggingConfiguration configuration, boolean evenEmpty) {
        try {
            return flush(source, configuration, evenEmpty);
        } catch (IOException | MetadataUnavailableException later) {
            LOG.warn("The former log of bucket {} is written when it is due: {}", source.name(), later.toString());
            return Optional.empty();
        }
    }
}
