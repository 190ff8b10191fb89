package io.pataka.service.job;

import io.pataka.service.access.ServiceRole;
import io.pataka.service.access.WritePermit;
import io.pataka.service.metadata.LogRolls;
import io.pataka.service.metadata.LogRolls.Log;
import io.pataka.service.metadata.LogRolls.Taking;
import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.model.Bucket;
import io.pataka.service.objects.LogObjects;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes log objects when they are due. An object ends with the first record after it is due, as in Ceph; unlike in Ceph, it is also written
 * if no further record comes. A log that cannot be written is tried again after a while, and delays no other.
 */
public final class LogRoller implements Job {

    private static final Logger LOG = LoggerFactory.getLogger(LogRoller.class);

    /** The time in which a further record may come before an object that is due is written without one. */
    private static final Duration IDLE = Duration.ofSeconds(10);

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** The time between two searches for logs of many lines. */
    private static final Duration FULL_EVERY = Duration.ofSeconds(10);

    private static final int FULL = 100_000;

    private static final Duration RETRY = Duration.ofSeconds(30);

    private static final int LOGS = 100;

    private static final ServiceRole ROLE = new ServiceRole("log-roller");

    private final LogRolls rolls;
    private final LogObjects objects;
    private final Map<Log, Long> failed = new HashMap<>();
    private final LongAdder failures = new LongAdder();
    private long fullAgain = System.nanoTime();

    public LogRoller(LogRolls rolls, LogObjects objects) {
        this.rolls = Objects.requireNonNull(rolls);
        this.objects = Objects.requireNonNull(objects);
    }

    /** The permit with which log objects are written, also those that a client asks for. */
    public static WritePermit permit(Bucket target) {
        return ROLE.permit(target);
    }

    /** How often a log object could not be written since this process started; an outage of the database does not count. */
    public long failures() {
        return failures.sum();
    }

    @Override
    public String name() {
        return "log-roller";
    }

    @Override
    public Schedule schedule() {
        return new Schedule(INTERVAL, 1);
    }

    @Override
    public Progress runSlice(Duration budget) {
        long end = System.nanoTime() + budget.toNanos();
        boolean busy = completed();
        for (Map.Entry<Log, Taking> next : logs().entrySet()) {
            busy |= rolled(next.getKey(), next.getValue());
            if (System.nanoTime() - end > 0) {
                return Progress.BUSY;
            }
        }
        return busy ? Progress.BUSY : Progress.IDLE;
    }

    private boolean completed() {
        try {
            return objects.complete();
        } catch (MetadataUnavailableException outage) {
            throw outage;
        } catch (IOException | RuntimeException e) {
            failures.increment();
            LOG.warn("A log object cannot be written; it is tried again after a minute", e);
            return false;
        }
    }

    private boolean rolled(Log log, Taking taking) {
        try {
            boolean rolled = objects.roll(log, taking);
            failed.remove(log);
            return rolled;
        } catch (MetadataUnavailableException outage) {
            throw outage;
        } catch (IOException | RuntimeException e) {
            failures.increment();
            LOG.warn(
                    "An object of the log {} in bucket {} cannot be written; it is tried again",
                    log.names(),
                    log.targetId(),
                    e);
            failed.put(log, System.nanoTime() + RETRY.toNanos());
            return false;
        }
    }

    private Map<Log, Taking> logs() {
        long now = System.nanoTime();
        failed.values().removeIf(again -> again - now <= 0);
        Stream<Map.Entry<Log, Taking>> due = entries(rolls.due(IDLE, LOGS), Taking.DUE);
        Stream<Map.Entry<Log, Taking>> full = Stream.of();
        if (fullAgain - now <= 0) {
            fullAgain = now + FULL_EVERY.toNanos();
            full = entries(rolls.ofMoreLinesThan(FULL, LOGS), Taking.FULL);
        }
        Set<Log> waiting = Set.copyOf(failed.keySet());
        return Stream.concat(full, due)
                .filter(entry -> !waiting.contains(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (first, second) -> first));
    }

    private static Stream<Map.Entry<Log, Taking>> entries(List<Log> logs, Taking taking) {
        return logs.stream().map(log -> Map.entry(log, taking));
    }
}
