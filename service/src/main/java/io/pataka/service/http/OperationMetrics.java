package io.pataka.service.http;

import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricFilter;
import com.codahale.metrics.MetricRegistry;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts requests for each operation by outcome, and measures how long they take. The operation is a label, which the general export of
 * a Dropwizard registry cannot produce. Durations are histograms with fixed bounds, so those of several nodes can be added.
 */
public final class OperationMetrics {

    /** Requests that no row of the table matches. */
    private static final String UNKNOWN = "Unknown";

    /** In seconds. */
    private static final double[] BOUNDS = {
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300
    };

    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LongAdder running = new LongAdder();
    private final Meter bytesIn;
    private final Meter bytesOut;
    private final Histogram durations = Histogram.builder()
            .name("pataka_operation_duration_seconds")
            .help("From the headers of a request to the last byte of its reply")
            .labelNames("operation")
            .classicOnly()
            .classicUpperBounds(BOUNDS)
            .withoutExemplars()
            .build();
    private final Counter requests = Counter.builder()
            .name("pataka_operation_requests")
            .help("Requests by operation and status")
            .labelNames("operation", "status")
            .withoutExemplars()
            .build();

    public OperationMetrics(MetricRegistry registry) {
        registry.registerGauge("pataka.requests.running", running::sum);
        this.bytesIn = registry.meter("pataka.bytes.received");
        this.bytesOut = registry.meter("pataka.bytes.sent");
    }

    /** Adds the metrics that have labels. */
    void register(PrometheusRegistry registry) {
        registry.register(durations);
        registry.register(requests);
    }

    /**
     * The metrics of the general export: no names with a suffix that OpenMetrics reserves, because the export would drop the suffix and
     * send two metrics under one name.
     */
    static MetricFilter others() {
        return (name, metric) -> !name.endsWith(".created") && !name.endsWith(".info");
    }

    void began() {
        running.increment();
    }

    void ended(Exchange exchange) {
        running.decrement();
        String operation = exchange.operationName().orElse(UNKNOWN);
        durations.labelValues(operation).observe(exchange.elapsedNanos() / NANOS_PER_SECOND);
        requests.labelValues(operation, Integer.toString(exchange.response().getStatus()))
                .inc();
        bytesIn.mark(exchange.body().bytesRead());
        bytesOut.mark(exchange.bytesOut());
    }
}
