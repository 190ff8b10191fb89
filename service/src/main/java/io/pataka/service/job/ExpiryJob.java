package io.pataka.service.job;

import java.time.Duration;
import java.util.Objects;

/** Deletes records that are older than an age. */
public final class ExpiryJob implements Job {

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration INTERVAL = Duration.ofHours(1);
    private static final int BATCH = 1_000;

    private final String name;
    private final Duration lifetime;
    private final Records records;

    /** What expires. */
    @FunctionalInterface
    public interface Records {

        /**
         * Deletes records that are older than an age.
         *
         * @param limit the most records to delete
         * @return whether that many were deleted, so that there may be more
         */
        boolean expire(Duration age, int limit);
    }

    /** For records that are kept for a day, and only for clients that repeat a request whose answer they missed. */
    public ExpiryJob(String name, Records records) {
        this(name, DAY, records);
    }

    /**
     * @param name of the job
     */
    public ExpiryJob(String name, Duration lifetime, Records records) {
        this.name = Objects.requireNonNull(name);
        this.lifetime = Objects.requireNonNull(lifetime);
        this.records = Objects.requireNonNull(records);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Schedule schedule() {
        return new Schedule(INTERVAL, 0.1);
    }

    @Override
    public Progress runSlice(Duration budget) {
        long end = System.nanoTime() + budget.toNanos();
        boolean more;
        do {
            more = records.expire(lifetime, BATCH);
        } while (more && System.nanoTime() < end);
        return more ? Progress.BUSY : Progress.IDLE;
    }
}
