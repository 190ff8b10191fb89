package io.pataka.service.job;

import com.codahale.metrics.CachedGauge;
import com.codahale.metrics.MetricRegistry;
import io.pataka.service.metadata.BlobLedger;
import io.pataka.service.metadata.DamageLedger;
import io.pataka.service.metadata.DamageLedger.Kind;
import io.pataka.service.metadata.MetadataUnavailableException;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** What the jobs of this process did since it started, as metrics. */
public final class JobMeters {

    private static final long COUNT_EVERY_SECONDS = 60;

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
        metrics.registerGauge("pataka.blobs.leftovers", sweeper::leftovers);
        metrics.registerGauge("pataka.blobs.doubted", sweeper::doubted);
        metrics.registerGauge("pataka.blobs.verified", scrubber::verified);
        metrics.registerGauge("pataka.blobs.audited", audit::audited);
        metrics.registerGauge("pataka.blobs.unreadable", scrubber::unreadable);
        metrics.register("pataka.blobs.waiting", new Counted(ledger::waiting));
    }

    /** How many blobs are damaged and how many missing, of all nodes, as the database has it. */
    public void register(DamageLedger damage) {
        metrics.register(
                "pataka.blobs.damaged", new Counted(() -> damage.counts().get(Kind.DAMAGED)));
        metrics.register(
                "pataka.blobs.missing", new Counted(() -> damage.counts().get(Kind.MISSING)));
    }

    /** Slices and failures of each job, and when it last had nothing more to do, in seconds since 1970. */
    public void register(JobRunner runner) {
        for (JobStatus job : runner.status()) {
            gauge(runner, job.name(), "slices", JobStatus::slices);
            gauge(runner, job.name(), "failures", JobStatus::failures);
            gauge(
                    runner,
                    job.name(),
                    "finished",
                    status -> status.finished().map(Instant::getEpochSecond).orElse(null));
        }
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

    /** Counted by the database, and not for everybody who looks; unknown while it does not answer. */
    private static final class Counted extends CachedGauge<Long> {

        private final Supplier<Long> count;

        Counted(Supplier<Long> count) {
            super(COUNT_EVERY_SECONDS, TimeUnit.SECONDS);
            this.count = count;
        }

        @Override
        protected Long loadValue() {
            try {
                return count.get();
            } catch (MetadataUnavailableException nobodyKnows) {
                return null;
            }
        }
    }
}
