package io.pataka.service.health;

import com.codahale.metrics.health.HealthCheck;
import io.pataka.service.blob.VolumeSet;
import io.pataka.service.blob.VolumeStatus;
import java.util.List;

/** Unhealthy when a volume has failed or has no room left, naming each. What lies on the others is served all the same. */
public final class VolumeHealth extends HealthCheck {

    private final VolumeSet volumes;
    private final long reserve;

    /**
     * @param reserve bytes that stay free on each volume
     */
    public VolumeHealth(VolumeSet volumes, long reserve) {
        this.volumes = volumes;
        this.reserve = reserve;
    }

    @Override
    protected Result check() {
        List<String> troubles = volumes.status().stream()
                .filter(volume -> volume.failure().isPresent() || isFull(volume))
                .map(volume -> "volume " + volume.number() + " at " + volume.path() + ": "
                        + volume.failure().orElse("full"))
                .toList();
        return troubles.isEmpty() ? Result.healthy() : Result.unhealthy(String.join("; ", troubles));
    }

    private boolean isFull(VolumeStatus volume) {
        return !volume.storageClasses().isEmpty() && volume.usable() <= reserve;
    }
}
