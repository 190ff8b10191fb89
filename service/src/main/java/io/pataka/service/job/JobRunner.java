package io.pataka.service.job;

import io.pataka.service.metadata.JobLeases;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the jobs of this process on one thread, each only while this process holds its lease. */
public final class JobRunner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);
    private static final Duration BUDGET = Duration.ofMillis(200);
    private static final Duration LEASE = Duration.ofMinutes(2);
    private static final Duration RETRY = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final JobLeases leases;
    private final String holder;
    private final Clock clock;
    private final List<Entry> entries;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "jobs");

    /**
     * @param holder names this process in the leases, unique among the nodes
     */
    public JobRunner(List<Job> jobs, JobLeases leases, String holder, Clock clock) {
        this.leases = Objects.requireNonNull(leases);
        this.holder = Objects.requireNonNull(holder);
        this.clock = Objects.requireNonNull(clock);
        this.entries = jobs.stream().map(Entry::new).toList();
        thread.setDaemon(true);
    }

    /** Begins; once. */
    public void start() {
        thread.start();
    }

    /** Ends after the slice that is running, or interrupts it when it takes longer than ten seconds. */
    @Override
    public void close() {
        stopping.countDown();
        try {
            thread.join(PATIENCE.toMillis());
            if (thread.isAlive()) {
                thread.interrupt();
                thread.join(PATIENCE.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What became of each job so far, in the order in which they were given. */
    public List<JobStatus> status() {
        return entries.stream().map(Entry::status).toList();
    }

    private void run() {
        try {
            while (!entries.isEmpty()) {
                Entry next = entries.stream()
                        .min(Comparator.comparingLong(it -> it.due - System.nanoTime()))
                        .orElseThrow();
                if (stopping.await(next.due - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    break;
                }
                next.turn();
            }
        } catch (InterruptedException e) {
            LOG.info("the jobs were interrupted");
        } finally {
            entries.forEach(Entry::release);
        }
    }

    /** A job and its turn; all but the counters belong to the thread. */
    private final class Entry {

        private final Job job;
        private long due;
        private boolean leased;
        private volatile long slices;
        private volatile long failures;
        private volatile Instant finished;

        Entry(Job job) {
            this.job = job;
            this.due = System.nanoTime();
        }

        void turn() {
            try {
                if (!leases.acquire(job.name(), holder, LEASE)) {
                    leased = false;
                    wait(LEASE.dividedBy(2));
                    return;
                }
                leased = true;
                slice();
            } catch (IOException | RuntimeException e) {
                failures = failures + 1;
                LOG.warn("job {} failed and is tried again", job.name(), e);
                wait(RETRY);
            }
        }

        private void slice() throws IOException {
            long begun = System.nanoTime();
            Job.Progress progress = job.runSlice(BUDGET);
            slices = slices + 1;
            if (progress == Job.Progress.IDLE) {
                finished = clock.instant();
                release();
                wait(job.schedule().interval());
            } else {
                double taken = System.nanoTime() - begun;
                wait(Duration.ofNanos((long) (taken / job.schedule().share() - taken)));
            }
        }

        private void wait(Duration pause) {
            due = System.nanoTime() + pause.toNanos();
        }

        void release() {
            if (!leased) {
                return;
            }
            leased = false;
            try {
                leases.release(job.name(), holder);
            } catch (RuntimeException e) {
                LOG.info("the lease of job {} is left to run out", job.name(), e);
            }
        }

        JobStatus status() {
            return new JobStatus(job.name(), slices, failures, Optional.ofNullable(finished));
        }
    }
}
