package io.pataka.service.job;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;

/** Raises the epoch of the database and of the stores, so that a database restored from a backup is recognised: its epoch is lower. */
public final class EpochRaiser implements Job {

    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final StoreGuard guard;

    public EpochRaiser(StoreGuard guard) {
        this.guard = Objects.requireNonNull(guard);
    }

    @Override
    public String name() {
        return "epoch-raiser";
    }

    @Override
    public Schedule schedule() {
        return new Schedule(INTERVAL, 1);
    }

    @Override
    public Progress runSlice(Duration budget) throws IOException {
        guard.raiseEpoch();
        return Progress.IDLE;
    }
}
