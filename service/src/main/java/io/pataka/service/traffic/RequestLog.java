package io.pataka.service.traffic;

import io.pataka.service.logging.StandardRecord;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.LogRecords;
import io.pataka.service.metadata.LogRecords.LogLine;
import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Access logs of buckets, best effort as Amazon's: a request never waits for its line and never fails because of it. Lines wait in memory
 * until {@link #write} stores them in batches. They are dropped and counted when more than {@value #MOST_BYTES} bytes are waiting, when
 * the target's policy does not admit them, and when the target is gone. The policy is asked when a line is made, by what this node remembers,
 * and again for a batch only if it was not known then to admit the line. A crash of the process loses those that wait.
 */
public final class RequestLog {

    /** Of all lines that wait. */
    static final long MOST_BYTES = 32L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);

    /** What a line takes in memory beside its bytes. */
    private static final int OVERHEAD = 100;

    private static final int BATCH_LINES = 500;
    private static final int BATCH_BYTES = 1 << 20;

    /** How long {@link #drain} waits for requests that are sending their replies. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final BucketCatalog buckets;
    private final LogRules rules;
    private final LogRecords records;

    private final ConcurrentLinkedQueue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final Set<Entry> replying = ConcurrentHashMap.newKeySet();
    private final LongAdder written = new LongAdder();
    private final LongAdder dropped = new LongAdder();

    /** Held by the thread that writes. */
    private final ReentrantLock writing = new ReentrantLock();

    /** Taken from the queue and not stored yet; only for the thread that writes. */
    private final Deque<Waiting> taken = new ArrayDeque<>();

    public RequestLog(BucketCatalog buckets, LogRules rules, LogRecords records) {
        this.buckets = Objects.requireNonNull(buckets);
        this.rules = Objects.requireNonNull(rules);
        this.records = Objects.requireNonNull(records);
    }

    /**
     * @param isAdmitted whether it is known that the target takes it
     */
    private record Waiting(LogTarget target, byte[] line, boolean isAdmitted) {
        int bytes() {
            return line.length + OVERHEAD;
        }
    }

    /** The log of the bucket of one request, as it was configured when the request was admitted. */
    public final class Entry {

        private final LogTarget target;

        private Entry(LogTarget target) {
            this.target = target;
        }

        /** Says that the client may have the whole reply before {@link #end}. */
        public void replying() {
            replying.add(this);
        }

        /** Adds the lines of the request; nothing else is done with this entry afterwards. */
        public void end(Collection<StandardRecord> lines) {
            try {
                lines.forEach(line -> add(target, line));
            } finally {
                replying.remove(this);
            }
        }
    }

    /** Empty if the bucket has no access log, or if that cannot be found out now. */
    public Optional<Entry> of(Bucket bucket) {
        return target(bucket).map(Entry::new);
    }

    /** The bucket of a request that was refused before its bucket was looked up; empty also if that cannot be found out now. */
    public Optional<Bucket> find(BucketName name) {
        try {
            return buckets.find(name);
        } catch (MetadataUnavailableException unknown) {
            dropped.increment();
            return Optional.empty();
        }
    }

    /** Adds lines of a job. */
    public void add(Bucket bucket, Collection<StandardRecord> lines) {
        target(bucket).ifPresent(target -> lines.forEach(line -> add(target, line)));
    }

    /** Whether the bucket has an access log. */
    public boolean isLogged(Bucket bucket) {
        return target(bucket).isPresent();
    }

    private Optional<LogTarget> target(Bucket bucket) {
        try {
            return rules.target(bucket);
        } catch (MetadataUnavailableException unknown) {
            dropped.increment();
            return Optional.empty();
        }
    }

    private void add(LogTarget target, StandardRecord line) {
        Waiting waiting = new Waiting(target, line.line(), rules.isKnownToAdmit(target));
        if (waitingBytes.addAndGet(waiting.bytes()) > MOST_BYTES) {
            waitingBytes.addAndGet(-waiting.bytes());
            dropped.increment();
            return;
        }
        queue.add(waiting);
    }

    /** Stores what waits; called several times a second. */
    public void write() {
        try {
            store();
        } catch (MetadataUnavailableException later) {
            LOG.debug("lines of access logs wait for the database", later);
        }
    }

    /**
     * Stores the lines of all requests of this node whose clients have the whole reply. Other nodes store theirs within a second.
     *
     * @throws MetadataUnavailableException when the lines cannot be stored now
     */
    public void drain() {
        List<Entry> begun = List.copyOf(replying);
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (begun.stream().anyMatch(replying::contains) && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        store();
    }

    /** Lines that are stored. */
    public long written() {
        return written.sum();
    }

    /** Lines that are lost. */
    public long dropped() {
        return dropped.sum();
    }

    /** Bytes of lines that wait in memory. */
    public long waiting() {
        return waitingBytes.get();
    }

    private void store() {
        writing.lock();
        try {
            boolean full = true;
            // Lines that are added meanwhile wait for the next call: a loop until none waits would store them one by
            // one under load.
            while (full) {
                full = take();
                List<LogLine> lines = admitted();
                int stored = lines.isEmpty() ? 0 : records.add(lines);
                written.add(stored);
                forget(taken.size() - stored);
            }
        } catch (MetadataUnavailableException later) {
            throw later;
        } catch (RuntimeException unstorable) {
            LOG.error("{} lines of access logs cannot be stored", taken.size(), unstorable);
            forget(taken.size());
        } finally {
            writing.unlock();
        }
    }

    private void forget(int lost) {
        dropped.add(lost);
        waitingBytes.addAndGet(-taken.stream().mapToLong(Waiting::bytes).sum());
        taken.clear();
    }

    /** Takes a batch, after what could not be stored before. Returns whether it is full. */
    private boolean take() {
        long bytes = taken.stream().mapToLong(Waiting::bytes).sum();
        while (taken.size() < BATCH_LINES && bytes < BATCH_BYTES && !queue.isEmpty()) {
            Waiting next = queue.poll();
            taken.add(next);
            bytes += next.bytes();
        }
        return taken.size() >= BATCH_LINES || bytes >= BATCH_BYTES;
    }

    /** Asks once for each log of the batch whether its target admits it, unless that is known. */
    private List<LogLine> admitted() {
        Map<LogTarget, Boolean> admits = new HashMap<>();
        List<LogLine> lines = new ArrayList<>();
        for (Waiting waiting : taken) {
            LogTarget target = waiting.target();
            if (waiting.isAdmitted() || admits.computeIfAbsent(target, rules::admits)) {
                lines.add(new LogLine(target.bucket(), target.prefix(), target.rollAfter(), waiting.line()));
            }
        }
        return lines;
    }
}
