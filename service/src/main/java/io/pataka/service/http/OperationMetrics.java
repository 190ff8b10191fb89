package io.pataka.service.http;

import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricFilter;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Snapshot;
import com.codahale.metrics.Timer;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts requests for each operation by outcome, and measures how long they take. In the registry each operation has metrics of
 * its own. For Prometheus the operation is a label, which the general export of a registry cannot produce.
 */
public final class OperationMetrics implements MultiCollector {

    private static final String DURATION = "pataka.operation.duration";
    private static final String REQUESTS = "pataka.operation.requests";

    /** Requests that no row of the table matches. */
    private static final String UNKNOWN = "Unknown";

    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final MetricRegistry registry;
    private final LongAdder running = new LongAdder();
    private final Meter bytesIn;
    private final Meter bytesOut;
    private final Map<String, Duration> durations = new ConcurrentHashMap<>();
    private final Map<Outcome, Meter> requests = new ConcurrentHashMap<>();

    public OperationMetrics(MetricRegistry registry) {
        this.registry = registry;
        registry.registerGauge("pataka.requests.running", running::sum);
        this.bytesIn = registry.meter("pataka.bytes.received");
        this.bytesOut = registry.meter("pataka.bytes.sent");
    }

    private record Outcome(String operation, int status) {}

    /** From the headers of a request to the last byte of its reply. */
    private record Duration(Timer timer, LongAdder totalNanos) {}

    /**
     * The metrics of the general export: not those of {@link #collect()}, and no names with a suffix that OpenMetrics reserves,
     * because the export would drop the suffix and send two metrics under one name.
     */
    static MetricFilter others() {
        return (name, metric) -> !name.startsWith(DURATION)
                && !name.startsWith(REQUESTS)
                && !name.endsWith(".created")
                && !name.endsWith(".info");
    }

    void began() {
        running.increment();
    }

    void ended(Exchange exchange) {
        running.decrement();
        String operation = exchange.read()
                .map(S3Request::operation)
                .map(S3Operation::amazonName)
                .orElse(UNKNOWN);
        long nanos = exchange.elapsedNanos();
        Duration duration = durations.computeIfAbsent(
                operation, name -> new Duration(registry.timer(MetricRegistry.name(DURATION, name)), new LongAdder()));
        duration.timer().update(nanos, TimeUnit.NANOSECONDS);
        duration.totalNanos().add(nanos);
        requests.computeIfAbsent(
                        new Outcome(operation, exchange.response().getStatus()),
                        outcome -> registry.meter(
                                MetricRegistry.name(REQUESTS, outcome.operation(), Integer.toString(outcome.status()))))
                .mark();
        bytesIn.mark(exchange.body().bytesRead());
        bytesOut.mark(exchange.bytesOut());
    }

    @Override
    public MetricSnapshots collect() {
        SummarySnapshot.Builder took = SummarySnapshot.builder()
                .name("pataka_operation_duration_seconds")
                .help("From the headers of a request to the last byte of its reply");
        durations.forEach((operation, duration) -> took.dataPoint(point(operation, duration)));
        CounterSnapshot.Builder asked =
                CounterSnapshot.builder().name("pataka_operation_requests").help("Requests by operation and status");
        requests.forEach((outcome, meter) -> asked.dataPoint(CounterDataPointSnapshot.builder()
                .labels(Labels.of("operation", outcome.operation(), "status", Integer.toString(outcome.status())))
                .value(meter.getCount())
                .build()));
        return MetricSnapshots.of(took.build(), asked.build());
    }

    private static SummaryDataPointSnapshot point(String operation, Duration duration) {
        Snapshot recent = duration.timer().getSnapshot();
        return SummaryDataPointSnapshot.builder()
                .labels(Labels.of("operation", operation))
                .count(duration.timer().getCount())
                .sum(duration.totalNanos().sum() / NANOS_PER_SECOND)
                .quantiles(Quantiles.builder()
                        .quantile(0.5, recent.getMedian() / NANOS_PER_SECOND)
                        .quantile(0.95, recent.get95thPercentile() / NANOS_PER_SECOND)
                        .quantile(0.99, recent.get99thPercentile() / NANOS_PER_SECOND)
                        .build())
                .build();
    }
}
