package io.pataka.service.job;

import java.time.Duration;
import java.util.Objects;

/** Deletes records that are older than a day and are kept only for clients that repeat a request whose answer they missed. */
public final class ExpiryJob implements Job {

    private static final Duration LIFETIME = Duration.ofDays(1);
    private static final Duration INTERVAL = Duration.ofHours(1);
    private static final int BATCH = 1_000;

    private final String name;
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

    /**
     * @param name of the job
     */
    public ExpiryJob(String name, Records records) {
        this.name = Objects.requireNonNull(name);
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
            more = records.expire(LIFETIME, BATCH);
        } while (more && System.nanoTime() < end);
        return more ? Progress.BUSY : Progress.IDLE;
    }
}
