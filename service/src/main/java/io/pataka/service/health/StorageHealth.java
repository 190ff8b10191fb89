package io.pataka.service.health;

import com.codahale.metrics.health.HealthCheck;
import io.pataka.service.blob.Storage;
import io.pataka.service.blob.StorageStatus;
import java.util.List;

/** Unhealthy when a store has failed or is full. The message names each. */
public final class StorageHealth extends HealthCheck {

    private final Storage storage;
    private final long reserve;

    /**
     * @param reserve bytes that stay free in each store
     */
    public StorageHealth(Storage storage, long reserve) {
        this.storage = storage;
        this.reserve = reserve;
    }

    @Override
    protected Result check() {
        List<String> troubles = storage.status().stream()
                .filter(store -> store.failure().isPresent() || isFull(store))
                .map(store -> store.name() + ": " + store.failure().orElse("full"))
                .toList();
        return troubles.isEmpty() ? Result.healthy() : Result.unhealthy(String.join("; ", troubles));
    }

    private boolean isFull(StorageStatus store) {
        return !store.storageClasses().isEmpty() && store.usable() <= reserve;
    }
}
