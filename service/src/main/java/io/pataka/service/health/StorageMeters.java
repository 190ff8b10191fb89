package io.pataka.service.health;

import com.codahale.metrics.MetricRegistry;
import io.pataka.service.blob.Storage;
import io.pataka.service.blob.StorageStatus;
import java.util.function.Function;

/** Metrics of each store: usable and total bytes, and whether it has failed (1). */
public final class StorageMeters {

    private final Storage storage;
    private final MetricRegistry metrics;

    public StorageMeters(Storage storage, MetricRegistry metrics) {
        this.storage = storage;
        this.metrics = metrics;
    }

    public void register() {
        for (StorageStatus store : storage.status()) {
            gauge(store.number(), "usable", StorageStatus::usable);
            gauge(store.number(), "total", StorageStatus::total);
            gauge(store.number(), "failed", status -> status.failure().isPresent() ? 1L : 0L);
        }
    }

    private void gauge(int number, String what, Function<StorageStatus, Long> value) {
        metrics.registerGauge(
                MetricRegistry.name("pataka.volumes", Integer.toString(number), what),
                () -> storage.status().stream()
                        .filter(status -> status.number() == number)
                        .findFirst()
                        .map(value)
                        .orElse(null));
    }
}
