package io.pataka.service.traffic;

import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.metadata.RequestUsage;
import io.pataka.service.metadata.RequestUsage.Counts;
import io.pataka.service.metadata.RequestUsage.Line;
import io.pataka.service.metadata.RequestUsage.Subject;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts requests by project, bucket, operation and hour. The counts are kept in memory until {@link #write} stores them in batches, so
 * that no request costs a statement. A crash of the process loses what was counted since the last write.
 */
public final class RequestBooks {

    private static final Logger LOG = LoggerFactory.getLogger(RequestBooks.class);

    /** Subjects of this process. What is counted beyond has no bucket's name. */
    static final int MOST = 100_000;

    /** The bucket of requests to buckets that do not exist, as Ceph has it. */
    public static final String NO_BUCKET = "-";

    private static final int BATCH = 500;

    /** A request that began in an earlier hour is counted in the hour in which it ends, so an hour gets no more counts soon. */
    private static final Duration SETTLED = Duration.ofMinutes(1);

    private final RequestUsage usage;
    private final Clock clock;
    private final byte[] node = newNode();
    private final Map<Subject, Account> accounts = new ConcurrentHashMap<>();

    /** Held by the thread that writes. */
    private final ReentrantLock writing = new ReentrantLock();

    public RequestBooks(RequestUsage usage, Clock clock) {
        this.usage = Objects.requireNonNull(usage);
        this.clock = Objects.requireNonNull(clock);
    }

    private static byte[] newNode() {
        UUID id = UUID.randomUUID();
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    private static final class Account {
        private final LongAdder ops = new LongAdder();
        private final LongAdder successfulOps = new LongAdder();
        private final LongAdder bytesSent = new LongAdder();
        private final LongAdder bytesReceived = new LongAdder();

        /** Only for the thread that writes. */
        private Counts stored = Counts.NONE;

        Counts counts() {
            return new Counts(ops.sum(), successfulOps.sum(), bytesSent.sum(), bytesReceived.sum());
        }
    }

    /**
     * Counts a request that has ended.
     *
     * @param account the owner of the bucket, or the caller's if there is none
     * @param bucket empty for none
     */
    public void count(
            String account, String bucket, String category, boolean successful, long bytesSent, long bytesReceived) {
        Instant hour = clock.instant().truncatedTo(ChronoUnit.HOURS);
        Subject subject = new Subject(account, hour, bucket, category);
        Account counted = accounts.get(subject);
        if (counted == null) {
            Subject kept = accounts.size() < MOST ? subject : new Subject(account, hour, NO_BUCKET, category);
            counted = accounts.computeIfAbsent(kept, any -> new Account());
        }
        counted.ops.increment();
        if (successful) {
            counted.successfulOps.increment();
        }
        counted.bytesSent.add(bytesSent);
        counted.bytesReceived.add(bytesReceived);
    }

    /** Stores what was counted since the last time; called several times a minute. */
    public void write() {
        try {
            store();
        } catch (MetadataUnavailableException later) {
            LOG.debug("counts of requests wait for the database", later);
        }
    }

    /**
     * @throws MetadataUnavailableException when it cannot be stored now
     */
    void store() {
        writing.lock();
        try {
            Instant settled = clock.instant().minus(SETTLED).truncatedTo(ChronoUnit.HOURS);
            List<Line> changed = new ArrayList<>();
            accounts.forEach((subject, account) -> {
                Counts counts = account.counts();
                if (!counts.equals(account.stored)) {
                    changed.add(new Line(subject, counts));
                } else if (subject.hour().isBefore(settled)) {
                    accounts.remove(subject);
                }
            });
            for (int from = 0; from < changed.size(); from += BATCH) {
                List<Line> batch = changed.subList(from, Math.min(changed.size(), from + BATCH));
                usage.put(node, batch);
                batch.forEach(line -> accounts.get(line.subject()).stored = line.counts());
            }
        } finally {
            writing.unlock();
        }
    }

    /**
     * What was counted of an account, by hour, bucket and category in this order: everything that this process has counted, and what others
     * have stored.
     *
     * @param from the first hour that counts
     * @param to the first that does not
     * @param limit the most lines
     */
    public List<Line> hours(String account, Instant from, Instant to, int limit) {
        store();
        return usage.hours(account, from, to, limit);
    }

    /** As {@link #hours}, with all hours added up; the hour of the lines is {@code from}. */
    public List<Line> sums(String account, Instant from, Instant to, int limit) {
        store();
        return usage.sums(account, from, to, limit);
    }

    /** How many subjects this process counts now. */
    int size() {
        return accounts.size();
    }
}
