package io.pataka.service.job;

import java.time.Duration;
import java.util.Objects;

/** Forgets what was done a day ago and is remembered only for clients that repeat a request whose answer they missed. */
public final class Forgetter implements Job {

    private static final Duration REMEMBERED = Duration.ofDays(1);
    private static final Duration INTERVAL = Duration.ofHours(1);
    private static final int BATCH = 1_000;

    private final String name;
    private final Memory memory;

    /** Where something is remembered. */
    @FunctionalInterface
    public interface Memory {

        /** Forgets what is older than that; whether {@code limit} were, so that there may be more. */
        boolean forget(Duration age, int limit);
    }

    /**
     * @param name of the job
     */
    public Forgetter(String name, Memory memory) {
        this.name = Objects.requireNonNull(name);
        this.memory = Objects.requireNonNull(memory);
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
            more = memory.forget(REMEMBERED, BATCH);
        } while (more && System.nanoTime() < end);
        return more ? Progress.BUSY : Progress.IDLE;
    }
}
