package io.pataka.keystone;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Does the same work once for all threads that need it at the same time. */
final class SingleFlight<K, T> {

    private final KeystoneWorkers workers;
    private final ConcurrentHashMap<K, CompletableFuture<T>> running = new ConcurrentHashMap<>();

    SingleFlight(KeystoneWorkers workers) {
        this.workers = workers;
    }

    /** The result of the work that is running under this key, or else of this work. */
    CompletableFuture<T> join(K key, Callable<T> work) {
        CompletableFuture<T> mine = new CompletableFuture<>();
        CompletableFuture<T> other = running.putIfAbsent(key, mine);
        if (other != null) {
            return other;
        }
        CompletableFuture<T> unused = workers.submit(work).whenComplete((result, failure) -> {
            running.remove(key, mine);
            if (failure == null) {
                mine.complete(result);
            } else {
                mine.completeExceptionally(failure);
            }
        });
        return mine;
    }
}
