package io.pataka.service.job;

import io.pataka.service.metadata.JobLeases;
import io.pataka.service.metadata.MetadataUnavailableException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the jobs of this process side by side, each on a thread of its own, so that a slice that takes long or hangs delays no other job.
 * A job that one node runs is run only while this process holds its lease. The process keeps the lease between two rounds, so that the
 * other nodes do not repeat a round. A slice that takes longer than the lease loses it, and another node may take the job over.
 */
public final class JobRunner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);
    private static final Duration BUDGET = Duration.ofMillis(200);
    private static final Duration LEASE = Duration.ofMinutes(2);
    private static final Duration RENEWAL = LEASE.dividedBy(2);
    private static final Duration RETRY = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final JobLeases leases;
    private final String holder;
    private final Clock clock;
    private final Duration patience;
    private final Duration retry;
    private final List<Worker> workers;
    private final CountDownLatch stopping = new CountDownLatch(1);

    /**
     * @param holder names this process in the leases, unique among the nodes
     */
    public JobRunner(List<Job> jobs, JobLeases leases, String holder, Clock clock) {
        this(jobs, leases, holder, clock, PATIENCE, RETRY);
    }

    /**
     * @param patience how long {@link #close} waits for running slices, before it interrupts them and after
     * @param retry the time between two attempts of a job that fails
     */
    JobRunner(List<Job> jobs, JobLeases leases, String holder, Clock clock, Duration patience, Duration retry) {
        this.leases = Objects.requireNonNull(leases);
        this.holder = Objects.requireNonNull(holder);
        this.clock = Objects.requireNonNull(clock);
        this.patience = Objects.requireNonNull(patience);
        this.retry = Objects.requireNonNull(retry);
        this.workers = jobs.stream().map(Worker::new).toList();
    }

    /** Starts all jobs; once. */
    public void start() {
        workers.forEach(Worker::start);
    }

    /** Ends all jobs after the slices that are running, and interrupts those that take longer than ten seconds. */
    @Override
    public void close() {
        stopping.countDown();
        try {
            if (!join()) {
                workers.forEach(Worker::interrupt);
                join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether all threads ended within the time. */
    private boolean join() throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        boolean ended = true;
        for (Worker worker : workers) {
            ended &= worker.join(end - System.nanoTime());
        }
        return ended;
    }

    /** The state of each job, in the order in which they were given. */
    public List<JobStatus> status() {
        return workers.stream().map(Worker::status).toList();
    }

    /** The reasons why jobs fail now, by their names. A job that succeeded last, or that another node has now, is not among them. */
    public SortedMap<String, String> failing() {
        SortedMap<String, String> reasons = new TreeMap<>();
        for (Worker worker : workers) {
            worker.failure().ifPresent(failure -> reasons.put(worker.name(), failure.reason()));
        }
        return reasons;
    }

    /** One job and its thread. */
    private final class Worker {

        private final Job job;
        private final Thread thread;
        private long nextSlice = System.nanoTime();
        private volatile boolean running;
        private volatile long roundDue = System.nanoTime();
        private volatile long slices;
        private volatile long failures;
        private volatile Instant finished;
        private volatile JobStatus.Failure lastFailure;

        /** What fails now, as {@link #kind} names it; null while nothing does. */
        private volatile String failing;

        Worker(Job job) {
            this.job = job;
            this.thread = new Thread(this::run, "job-" + job.name());
            thread.setDaemon(true);
        }

        void start() {
            thread.start();
        }

        void interrupt() {
            thread.interrupt();
        }

        boolean join(long nanos) throws InterruptedException {
            // At least a millisecond: zero would wait for ever.
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
            return !thread.isAlive();
        }

        /** An Error ends the thread, and with it the process; the lease is then left to run out. */
        private void run() {
            try {
                Duration pause = Duration.ZERO;
                while (!stopping.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                    pause = turn();
                }
            } catch (InterruptedException e) {
                LOG.info("job {} was interrupted", job.name());
            }
            // A job that swallowed the interruption may have left the mark, with which no statement runs.
            if (Thread.interrupted()) {
                LOG.debug("job {} ended its slice in spite of the interruption", job.name());
            }
            release();
        }

        /** Takes or renews the lease, and runs a slice if one is due; returns how long to wait then. */
        private Duration turn() {
            try {
                Duration pause = tryTurn();
                worked();
                return pause;
            } catch (IOException | RuntimeException e) {
                failed(e);
                return retry;
            }
        }

        private Duration tryTurn() throws IOException {
            boolean wasRunning = running;
            running = job.runsOnEveryNode() || leases.acquire(job.name(), holder, LEASE);
            if (!running) {
                return RENEWAL;
            }
            long now = System.nanoTime();
            if (!wasRunning) {
                nextSlice = now;
                roundDue = now;
            }
            if (nextSlice - now <= 0) {
                slice(now);
            }
            return untilNextSlice();
        }

        /** Also when another node has the job now. A slice that failed stays due, so that it has succeeded by now. */
        private void worked() {
            if (failing != null) {
                LOG.warn("job {} works again", job.name());
                failing = null;
            }
        }

        /** Logs a failure once, and not again while it lasts. */
        private void failed(Exception e) {
            failures = failures + 1;
            lastFailure = new JobStatus.Failure(clock.instant(), e.toString());
            String kind = kind(e);
            boolean known = kind.equals(failing);
            failing = kind;
            if (known) {
                LOG.debug("job {} still fails", job.name(), e);
            } else if (e instanceof MetadataUnavailableException) {
                LOG.warn("job {} waits for the database: {}", job.name(), e.getMessage());
                LOG.debug("job {} waits for the database", job.name(), e);
            } else {
                LOG.warn("job {} failed and is tried again", job.name(), e);
            }
        }

        /** The texts of one outage of the database differ. */
        private static String kind(Exception e) {
            return e instanceof MetadataUnavailableException ? e.getClass().getName() : e.toString();
        }

        private void slice(long begun) throws IOException {
            Job.Progress progress = job.runSlice(BUDGET);
            slices = slices + 1;
            long ended = System.nanoTime();
            if (progress == Job.Progress.IDLE) {
                finished = clock.instant();
                nextSlice = ended + job.schedule().interval().toNanos();
                roundDue = nextSlice;
            } else {
                double taken = ended - begun;
                nextSlice = ended + (long) (taken / job.schedule().share() - taken);
            }
        }

        /** Not longer than the lease may stay without renewal. */
        private Duration untilNextSlice() {
            long nanos = Math.max(0, nextSlice - System.nanoTime());
            return job.runsOnEveryNode()
                    ? Duration.ofNanos(nanos)
                    : Duration.ofNanos(Math.min(nanos, RENEWAL.toNanos()));
        }

        private void release() {
            if (!running || job.runsOnEveryNode()) {
                return;
            }
            running = false;
            try {
                leases.release(job.name(), holder);
            } catch (RuntimeException e) {
                LOG.info("the lease of job {} is left to run out", job.name(), e);
            }
        }

        String name() {
            return job.name();
        }

        Optional<JobStatus.Failure> failure() {
            return failing == null ? Optional.empty() : Optional.of(lastFailure);
        }

        JobStatus status() {
            return new JobStatus(
                    job.name(),
                    slices,
                    failures,
                    Optional.ofNullable(finished),
                    running
                            ? Optional.of(Duration.ofNanos(Math.max(0, System.nanoTime() - roundDue)))
                            : Optional.empty(),
                    Optional.ofNullable(lastFailure));
        }
    }
}
