package io.pataka.service.health;

import com.codahale.metrics.CachedGauge;
import com.codahale.metrics.Clock;
import com.codahale.metrics.MetricRegistry;
import io.pataka.service.blob.Storage;
import io.pataka.service.blob.StorageStatus;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Metrics of each store: usable and total bytes, and whether it has failed (1). Metrics of each storage class: the sums over its stores
 * that work. A store of several classes counts in each.
 */
public final class StorageMeters {

    /** So that one reading of all metrics looks at each store once, and not once for each metric of each store. */
    private static final long LOOK_EVERY_SECONDS = 1;

    private final CachedGauge<List<StorageStatus>> status;
    private final MetricRegistry metrics;

    public StorageMeters(Storage storage, MetricRegistry metrics) {
        this(storage, metrics, Clock.defaultClock());
    }

    StorageMeters(Storage storage, MetricRegistry metrics, Clock clock) {
        this.status = new CachedGauge<>(clock, LOOK_EVERY_SECONDS, TimeUnit.SECONDS) {
            @Override
            protected List<StorageStatus> loadValue() {
                return storage.status();
            }
        };
        this.metrics = metrics;
    }

    public void register() {
        status.getValue().stream()
                .flatMap(store -> store.storageClasses().stream())
                .distinct()
                .forEach(this::gauges);
        for (StorageStatus store : status.getValue()) {
            gauge(store.number(), "usable", StorageStatus::usable);
            gauge(store.number(), "total", StorageStatus::total);
            gauge(store.number(), "failed", now -> now.failure().isPresent() ? 1L : 0L);
        }
    }

    private void gauges(String storageClass) {
        gauge(storageClass, "usable", StorageStatus::usable);
        // Prometheus has no gauge whose name ends in "total".
        gauge(storageClass, "capacity", StorageStatus::total);
    }

    private void gauge(String storageClass, String what, ToLongFunction<StorageStatus> value) {
        metrics.registerGauge(
                MetricRegistry.name("pataka.storage-classes", storageClass, what),
                () -> status.getValue().stream()
                        .filter(store -> store.storageClasses().contains(storageClass))
                        .filter(store -> store.failure().isEmpty())
                        .mapToLong(value)
                        .sum());
    }

    private void gauge(int number, String what, Function<StorageStatus, Long> value) {
        metrics.registerGauge(
                MetricRegistry.name("pataka.volumes", Integer.toString(number), what),
                () -> status.getValue().stream()
                        .filter(store -> store.number() == number)
                        .findFirst()
                        .map(value)
                        .orElse(null));
    }
}
