package io.pataka.service.metadata;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * Caches for a short time what was read from the database. Threads that want the same value at the same time share one load and its
 * outcome. They share a failure, too, so that all wait for a database that does not answer at the same time, and not one after the other.
 * Only threads of one project share a running load: a project that uses all of its connections waits for one, and fails.
 *
 * @param <K> what is looked up; as a key of a hash map
 */
final class SharedLoads<K, V> {

    private final Cache<K, Load<V>> loads;
    private final Function<K, V> loader;

    /**
     * @param lifetime from the beginning of a load
     * @param clock for the end of lifetimes
     * @param loader runs on the thread of the first caller, and never returns null
     */
    SharedLoads(long maximumSize, Duration lifetime, Ticker clock, Function<K, V> loader) {
        this.loads = Caffeine.newBuilder()
                .maximumSize(maximumSize)
                .ticker(clock)
                .expireAfterWrite(lifetime)
                .build();
        this.loader = Objects.requireNonNull(loader);
    }

    /**
     * One load; its value may not be there yet.
     *
     * @param project that the loading thread acts for; null for none
     */
    private record Load<V>(long begun, String project, CompletableFuture<V> value) {

        static <V> Load<V> begin() {
            return new Load<>(System.nanoTime(), ConnectionShares.project(), new CompletableFuture<>());
        }

        boolean mayBeShared() {
            return value.isDone() || Objects.equals(project, ConnectionShares.project());
        }
    }

    /** The value, loaded at most a lifetime ago. */
    V get(K key) {
        Load<V> known = loads.getIfPresent(key);
        return known != null && known.mayBeShared() ? join(known) : getSince(key, System.nanoTime());
    }

    /**
     * The value as it was at a moment, or later.
     *
     * @param since as {@link System#nanoTime} gives it; a load that began before it does not count
     */
    V getSince(K key, long since) {
        Load<V> own = Load.begin();
        Load<V> chosen = loads.asMap()
                .compute(
                        key,
                        (it, known) ->
                                known != null && known.begun() - since >= 0 && known.mayBeShared() ? known : own);
        if (chosen == own) {
            run(key, own);
        }
        return join(chosen);
    }

    private void run(K key, Load<V> load) {
        try {
            load.value().complete(loader.apply(key));
        } catch (RuntimeException | Error failure) {
            loads.asMap().remove(key, load);
            load.value().completeExceptionally(failure);
        }
    }

    private static <V> V join(Load<V> load) {
        try {
            return load.value().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }

    /** Removes a value that was changed. The result of a load that is running is not cached either. */
    void invalidate(K key) {
        loads.invalidate(key);
    }

    void invalidateAll() {
        loads.invalidateAll();
    }
}
