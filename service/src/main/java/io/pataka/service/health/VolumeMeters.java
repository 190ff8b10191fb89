package io.pataka.service.health;

import com.codahale.metrics.MetricRegistry;
import io.pataka.service.blob.VolumeSet;
import io.pataka.service.blob.VolumeStatus;
import java.util.function.Function;

/** How full each volume is, in bytes, and whether it has failed (1), as metrics. */
public final class VolumeMeters {

    private final VolumeSet volumes;
    private final MetricRegistry metrics;

    public VolumeMeters(VolumeSet volumes, MetricRegistry metrics) {
        this.volumes = volumes;
        this.metrics = metrics;
    }

    public void register() {
        for (VolumeStatus volume : volumes.status()) {
            gauge(volume.number(), "usable", VolumeStatus::usable);
            gauge(volume.number(), "total", VolumeStatus::total);
            gauge(volume.number(), "failed", status -> status.failure().isPresent() ? 1L : 0L);
        }
    }

    private void gauge(int volume, String what, Function<VolumeStatus, Long> value) {
        metrics.registerGauge(
                MetricRegistry.name("pataka.volumes", Integer.toString(volume), what),
                () -> volumes.status().stream()
                        .filter(status -> status.number() == volume)
                        .findFirst()
                        .map(value)
                        .orElse(null));
    }
}
