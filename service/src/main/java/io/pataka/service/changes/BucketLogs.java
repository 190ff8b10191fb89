package io.pataka.service.changes;

import static io.pataka.service.model.ChangeContext.Kind.DELETE;
import static io.pataka.service.model.ChangeContext.Kind.DELETE_OBJECTS;
import static io.pataka.service.model.ChangeContext.Kind.LIFECYCLE_EXPIRATION;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.pataka.service.access.LogTargets;
import io.pataka.service.access.LogTargets.Fault;
import io.pataka.service.logging.BucketJournal;
import io.pataka.service.logging.LogObjectNames;
import io.pataka.service.logging.LoggingConfiguration;
import io.pataka.service.logging.LoggingXml;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.ChangeRecords;
import io.pataka.service.metadata.ChangeRecords.JournalRecord;
import io.pataka.service.metadata.ChangeRules;
import io.pataka.service.metadata.Growth;
import io.pataka.service.metadata.JournalRefusedException;
import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.metadata.ParsedDocuments;
import io.pataka.service.metadata.Quotas;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.ObjectChange;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.traffic.LogRules;
import io.pataka.service.traffic.LogTarget;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The logs of buckets, as fresh as the catalog's documents are. A change that cannot be recorded in a journal is refused; but as in Ceph,
 * objects can be removed without.
 */
public final class BucketLogs implements ChangeRules {

    private static final Set<Kind> NEVER_REFUSED = EnumSet.of(DELETE, DELETE_OBJECTS, LIFECYCLE_EXPIRATION);

    private static final int BUCKETS = 10_000;

    /** Bytes that a line of a log has at least. */
    private static final int LINE = 100;

    private final ParsedDocuments<LoggingXml.Stored> documents;
    private final Cache<Epoch, Optional<LoggingConfiguration>> journals =
            Caffeine.newBuilder().maximumSize(BUCKETS).build();
    private final BucketCatalog buckets;
    private final LogTargets targets;
    private final Quotas quotas;
    private final String region;
    private final Clock clock;

    /**
     * @param region of this server
     */
    public BucketLogs(BucketCatalog buckets, LogTargets targets, Quotas quotas, String region, Clock clock) {
        this.buckets = Objects.requireNonNull(buckets);
        this.quotas = Objects.requireNonNull(quotas);
        this.documents = new ParsedDocuments<>(buckets, DocumentKind.LOGGING, BucketLogs::parse);
        this.targets = Objects.requireNonNull(targets);
        this.region = Objects.requireNonNull(region);
        this.clock = Objects.requireNonNull(clock);
    }

    private record Epoch(long bucketId, int epoch) {}

    /** A stored document that cannot be read is a fault of this server. The cause is left out: it would be the answer to the client. */
    private static LoggingXml.Stored parse(String document, Bucket bucket) {
        try {
            return LoggingXml.load(document);
        } catch (S3Exception damaged) {
            throw new IllegalStateException("the stored logging document of bucket " + bucket.name()
                    + " cannot be read: " + damaged.getMessage());
        }
    }

    /** The configuration of a bucket, with the time at which it became this one. */
    public Optional<LoggingXml.Stored> stored(Bucket bucket) {
        return documents.of(bucket);
    }

    /** The configuration of a bucket. */
    public Optional<LoggingConfiguration> configuration(Bucket bucket) {
        return stored(bucket).map(LoggingXml.Stored::configuration);
    }

    /** How the objects of the log are called that a configuration of a bucket writes. */
    public LogObjectNames names(LoggingConfiguration configuration, Bucket source) {
        return LogObjectNames.of(configuration, source, region);
    }

    /** The journal of a bucket whose target does not take it; a moment as {@link System#nanoTime} gives it. */
    public Optional<JournalRefusedException> refusal(Bucket bucket, long since) {
        return configuration(bucket)
                .filter(LoggingConfiguration::isJournal)
                .flatMap(journal -> fault(bucket, journal, since)
                        .map(fault -> refused(journal, fault))
                        .or(() -> hasRoom(journal.target()) ? Optional.empty() : Optional.of(full(journal))));
    }

    /**
     * Whether the quotas of a target have room for another line. Lines are judged when they are taken, and not when they are written into an
     * object: what was taken is not lost.
     */
    private boolean hasRoom(BucketName target) {
        return hasRoom(target, LINE);
    }

    /** Whether the quotas of a target have room for a log object without lines. */
    public boolean hasRoomForEmptyObject(BucketName target) {
        return hasRoom(target, 0);
    }

    private boolean hasRoom(BucketName target, long bytes) {
        return buckets.find(target)
                .map(found -> quotas.hasRoom(found, Growth.ofNew(bytes)))
                .orElse(true);
    }

    private static JournalRefusedException full(LoggingConfiguration journal) {
        return new JournalRefusedException("Logging bucket '" + journal.target() + "' has no room by its quota");
    }

    private Optional<Fault> fault(Bucket bucket, LoggingConfiguration configuration, long since) {
        return targets.faultSince(bucket, configuration.target(), configuration.prefix(), since);
    }

    private static JournalRefusedException refused(LoggingConfiguration journal, Fault fault) {
        return new JournalRefusedException(fault.message(journal.target()));
    }

    /** The document of an epoch of a bucket does not change: writers that hold a connection take no second one to read it. */
    @Override
    public OfBucket of(Bucket bucket) {
        Epoch epoch = new Epoch(bucket.id(), bucket.epoch());
        Optional<LoggingConfiguration> journal = journals.getIfPresent(epoch);
        if (journal == null) {
            journal = configuration(bucket).filter(LoggingConfiguration::isJournal);
            journals.put(epoch, journal);
        }
        return journal.<OfBucket>map(configuration -> new Rules(bucket, configuration))
                .orElse(change -> ChangeRecords.NONE);
    }

    /** What access logs need to know. */
    public LogRules accessLogs() {
        return new LogRules() {
            @Override
            public Optional<LogTarget> target(Bucket source) {
                return configuration(source)
                        .filter(configuration -> !configuration.isJournal())
                        .map(configuration -> new LogTarget(
                                source,
                                configuration.target(),
                                names(configuration, source).text(),
                                configuration.rollTime()));
            }

            @Override
            public boolean isKnownToAdmit(LogTarget target) {
                try {
                    return targets.fault(target.source(), target.bucket(), prefix(target))
                                    .isEmpty()
                            && hasRoom(target.bucket());
                } catch (MetadataUnavailableException notKnown) {
                    return false;
                }
            }

            @Override
            public boolean admits(LogTarget target) {
                return targets.faultSince(target.source(), target.bucket(), prefix(target), System.nanoTime())
                                .isEmpty()
                        && hasRoom(target.bucket());
            }

            private String prefix(LogTarget target) {
                return LogObjectNames.parse(target.prefix()).prefix(target.source(), region);
            }
        };
    }

    /** Of the changes of one transaction. */
    private final class Rules implements OfBucket {

        private final Bucket bucket;
        private final LoggingConfiguration configuration;
        private final BucketJournal journal;
        private final String names;

        /** Null until it is asked for. */
        private Optional<Fault> fault;

        Rules(Bucket bucket, LoggingConfiguration configuration) {
            this.bucket = bucket;
            this.configuration = configuration;
            this.journal = new BucketJournal(configuration, bucket);
            this.names = names(configuration, bucket).text();
        }

        @Override
        public ChangeRecords records(ObjectChange change) {
            Optional<byte[]> line = journal.line(change, clock.instant());
            if (line.isEmpty()) {
                return ChangeRecords.NONE;
            }
            if (fault().isEmpty()) {
                return new ChangeRecords(
                        List.of(),
                        List.of(new JournalRecord(
                                configuration.target(), names, configuration.rollTime(), line.get())));
            }
            if (NEVER_REFUSED.contains(change.context().kind())) {
                return ChangeRecords.NONE;
            }
            throw refused(configuration, fault().get());
        }

        private Optional<Fault> fault() {
            if (fault == null) {
                fault = BucketLogs.this.fault(bucket, configuration, System.nanoTime());
            }
            return fault;
        }
    }
}
