package io.pataka.service.job;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;

/** A job that deletes blobs because the database does not name them. It does nothing while {@link StoreGuard} does not trust the database. */
public final class DeletingJob implements Job {

    private final Job job;
    private final StoreGuard guard;

    public DeletingJob(Job job, StoreGuard guard) {
        this.job = Objects.requireNonNull(job);
        this.guard = Objects.requireNonNull(guard);
    }

    @Override
    public String name() {
        return job.name();
    }

    @Override
    public Schedule schedule() {
        return job.schedule();
    }

    @Override
    public Progress runSlice(Duration budget) throws IOException {
        return guard.believesTheDatabase() ? job.runSlice(budget) : Progress.IDLE;
    }
}
