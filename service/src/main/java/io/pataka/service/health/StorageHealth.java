package io.pataka.service.health;

import com.codahale.metrics.health.HealthCheck;
import io.pataka.service.blob.Storage;
import io.pataka.service.blob.StorageStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Unhealthy when a store has failed or is full. The message names each, and each storage class for which no store is left. */
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
        List<StorageStatus> stores = storage.status();
        List<String> troubles = new ArrayList<>();
        stores.stream()
                .filter(this::takesNothing)
                .map(store -> store.name() + ": " + store.failure().orElse("full"))
                .forEach(troubles::add);
        classesWithoutStore(stores).stream()
                .map(name -> "no volume takes objects of the storage class " + name)
                .forEach(troubles::add);
        return troubles.isEmpty() ? Result.healthy() : Result.unhealthy(String.join("; ", troubles));
    }

    private Set<String> classesWithoutStore(List<StorageStatus> stores) {
        Set<String> classes = new TreeSet<>();
        stores.forEach(store -> classes.addAll(store.storageClasses()));
        stores.stream()
                .filter(store -> !takesNothing(store))
                .forEach(store -> classes.removeAll(store.storageClasses()));
        return classes;
    }

    private boolean takesNothing(StorageStatus store) {
        return store.failure().isPresent() || isFull(store);
    }

    private boolean isFull(StorageStatus store) {
        return !store.storageClasses().isEmpty() && store.usable() <= reserve;
    }
}
