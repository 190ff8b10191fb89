package io.pataka.service.job;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;

/** Compares database and volumes on every node, so that the health check of each node reports when they do not fit. */
public final class StoreCheck implements Job {

    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final StoreGuard guard;

    public StoreCheck(StoreGuard guard) {
        this.guard = Objects.requireNonNull(guard);
    }

    @Override
    public String name() {
        return "store-check";
    }

    @Override
    public Schedule schedule() {
        return new Schedule(INTERVAL, 1);
    }

    @Override
    public boolean runsOnEveryNode() {
        return true;
    }

    /** {@inheritDoc} Its result is {@link StoreGuard#doubt}. */
    @Override
    public Progress runSlice(Duration budget) throws IOException {
        guard.believesTheDatabase();
        return Progress.IDLE;
    }
}
