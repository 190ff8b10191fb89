package io.pataka.service.job;

import com.codahale.metrics.CachedGauge;
import com.codahale.metrics.MetricRegistry;
import io.pataka.service.metadata.BlobLedger;
import io.pataka.service.metadata.BucketTurns;
import io.pataka.service.metadata.DamageLedger;
import io.pataka.service.metadata.DamageLedger.Kind;
import io.pataka.service.metadata.EventQueue;
import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.model.DocumentKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** What the jobs of this process did since it started, as metrics. */
public final class JobMeters {

    private static final long COUNT_EVERY_SECONDS = 60;
    private static final long PROGRESS_EVERY_SECONDS = 5;

    private final MetricRegistry metrics;

    public JobMeters(MetricRegistry metrics) {
        this.metrics = metrics;
    }

    public void register(
            BlobCollector collector,
            OrphanSweeper sweeper,
            BlobScrubber scrubber,
            ContentAudit audit,
            BlobLedger ledger) {
        metrics.registerGauge("pataka.blobs.collected", collector::collected);
        metrics.registerGauge("pataka.blobs.orphans", sweeper::orphans);
        metrics.registerGauge("pataka.blobs.leftovers", sweeper::incomplete);
        metrics.registerGauge("pataka.blobs.doubted", sweeper::doubted);
        metrics.registerGauge("pataka.blobs.verified", scrubber::verified);
        metrics.registerGauge("pataka.blobs.audited", audit::audited);
        metrics.registerGauge("pataka.blobs.unreadable", scrubber::unreadable);
        metrics.register("pataka.blobs.waiting", new Counted<>(ledger::waiting, COUNT_EVERY_SECONDS));
    }

    /**
     * What waits to be sent: events, and for how many seconds the oldest; topics whose last attempt failed, and those that take no more
     * events.
     */
    public void register(EventQueue events) {
        CachedGauge<EventQueue.Status> status = new Counted<>(events::status, PROGRESS_EVERY_SECONDS);
        gauge("queued", status, EventQueue.Status::events);
        gauge("oldest", status, now -> now.oldest().orElse(Duration.ZERO).toSeconds());
        gauge("topics.failing", status, EventQueue.Status::failing);
        gauge("topics.full", status, EventQueue.Status::full);
    }

    private void gauge(String name, CachedGauge<EventQueue.Status> status, ToLongFunction<EventQueue.Status> value) {
        metrics.registerGauge("pataka.notifications." + name, () -> {
            EventQueue.Status now = status.getValue();
            return now == null ? null : value.applyAsLong(now);
        });
    }

    /**
     * How many data keys this node wrapped with the active key since the start; how many could not be unwrapped in the last round, which
     * only the node has that completed it; which part of the rows this round has examined, on every node.
     */
    public void register(KeyRotation rotation) {
        metrics.registerGauge("pataka.encryption.rotation.wrapped", rotation::wrapped);
        metrics.registerGauge(
                "pataka.encryption.rotation.stuck", () -> rotation.stuck().orElse(null));
        metrics.register(
                "pataka.encryption.rotation.progress", new Counted<>(rotation::progress, PROGRESS_EVERY_SECONDS));
    }

    /**
     * What the lifecycle sweeps of this node did since its start, as {@link SweepCounts} says; {@code lag}, for how many seconds a bucket
     * has been due that is not swept yet, the longest of all buckets, on every node.
     */
    public void register(LifecycleSweep sweep, BucketTurns turns) {
        for (SweepCounts.Of one : SweepCounts.Of.values()) {
            metrics.registerGauge(
                    MetricRegistry.name("pataka.lifecycle", one.name().toLowerCase(Locale.ROOT)),
                    () -> sweep.counts().get(one));
        }
        metrics.register(
                "pataka.lifecycle.lag",
                new Counted<>(
                        () -> turns.lag(sweep.name(), DocumentKind.LIFECYCLE)
                                .map(Duration::toSeconds)
                                .orElse(0L),
                        COUNT_EVERY_SECONDS));
    }

    /** How often this node could not write a log object. */
    public void register(LogRoller roller) {
        metrics.registerGauge("pataka.logging.failed", roller::failures);
    }

    /** What the inventories of this node came to, and for how long one has been due. */
    public void register(InventoryJob inventories, BucketTurns turns) {
        metrics.registerGauge("pataka.inventory.written", inventories::written);
        metrics.registerGauge("pataka.inventory.failed", inventories::failed);
        metrics.register(
                "pataka.inventory.lag",
                new Counted<>(
                        () -> turns.lag(inventories.name(), DocumentKind.INVENTORY)
                                .map(Duration::toSeconds)
                                .orElse(0L),
                        COUNT_EVERY_SECONDS));
    }

    /** How many blobs are damaged and how many missing, of all nodes, as the database has it. */
    public void register(DamageLedger damage) {
        metrics.register(
                "pataka.blobs.damaged", new Counted<>(() -> damage.counts().get(Kind.DAMAGED), COUNT_EVERY_SECONDS));
        metrics.register(
                "pataka.blobs.missing", new Counted<>(() -> damage.counts().get(Kind.MISSING), COUNT_EVERY_SECONDS));
    }

    /**
     * Of each job: slices and failures; {@code finished}, when this node last completed a round, and {@code failed}, when a slice last
     * failed, in seconds since 1970; {@code lag}, for how many seconds a round has been due that is not complete, which only the node
     * has that runs the job.
     */
    public void register(JobRunner runner) {
        for (JobStatus job : runner.status()) {
            gauge(runner, job.name(), "slices", JobStatus::slices);
            gauge(runner, job.name(), "failures", JobStatus::failures);
            gauge(runner, job.name(), "finished", status -> seconds(status.finished()));
            gauge(
                    runner,
                    job.name(),
                    "lag",
                    status -> status.lag().map(Duration::toSeconds).orElse(null));
            gauge(
                    runner,
                    job.name(),
                    "failed",
                    status -> seconds(status.lastFailure().map(JobStatus.Failure::at)));
        }
    }

    private static Long seconds(Optional<Instant> time) {
        return time.map(Instant::getEpochSecond).orElse(null);
    }

    private void gauge(JobRunner runner, String job, String what, Function<JobStatus, Long> value) {
        metrics.registerGauge(
                MetricRegistry.name("pataka.jobs", job, what),
                () -> runner.status().stream()
                        .filter(status -> status.name().equals(job))
                        .findFirst()
                        .map(value)
                        .orElse(null));
    }

    /** Counted by the database, at most once in some seconds; no value while the database does not answer. */
    private static final class Counted<T> extends CachedGauge<T> {

        private final Supplier<T> count;

        Counted(Supplier<T> count, long seconds) {
            super(seconds, TimeUnit.SECONDS);
            this.count = count;
        }

        @Override
        protected T loadValue() {
            try {
                return count.get();
            } catch (MetadataUnavailableException unknown) {
                return null;
            }
        }
    }
}
