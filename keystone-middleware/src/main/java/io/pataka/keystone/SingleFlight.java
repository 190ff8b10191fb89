package io.pataka.keystone;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Does the same work once for all threads that need it at the same time. */
final class SingleFlight<K, T> {

    private final KeystoneWorkers workers;
    private final ConcurrentHashMap<K, CompletableFuture<T>> running = new ConcurrentHashMap<>();

    SingleFlight(KeystoneWorkers workers) {
        this.workers = workers;
    }

    /** The result of the work that is running under this key, or else of this work. */
    CompletableFuture<T> join(K key, Callable<T> work) {
        return joinOrStart(key, () -> workers.submit(work));
    }

    /** The same for work of a project, which must not have more than its share. */
    CompletableFuture<T> join(K key, String project, ProjectShares shares, Callable<T> work) {
        return joinOrStart(key, () -> shares.start(project, () -> workers.submit(work)));
    }

    private CompletableFuture<T> joinOrStart(K key, Supplier<CompletableFuture<T>> work) {
        CompletableFuture<T> mine = new CompletableFuture<>();
        CompletableFuture<T> other = running.putIfAbsent(key, mine);
        if (other != null) {
            return other;
        }
        CompletableFuture<T> unused = work.get().whenComplete((result, failure) -> {
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
