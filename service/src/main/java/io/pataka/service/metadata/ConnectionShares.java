package io.pataka.service.metadata;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets no project have more than its share of the connections at a time, so that one with many slow requests leaves some to all
 * others. Threads that act for no project, as those of jobs, are not limited.
 */
public final class ConnectionShares {

    private static final ThreadLocal<String> PROJECT = new ThreadLocal<>();

    private final LoadingCache<String, Semaphore> projects;
    private final Duration patience;

    /**
     * @param share connections of one project; at least 1
     * @param patience how long a request waits for those of its project that came before
     */
    public ConnectionShares(int share, Duration patience) {
        this.patience = Objects.requireNonNull(patience);
        // A semaphore that somebody holds is strongly reachable, and so stays the project's only one.
        this.projects = Caffeine.newBuilder().weakValues().build(project -> new Semaphore(share, true));
    }

    /** Three quarters of all connections. */
    static ConnectionShares of(DatabaseSettings settings) {
        int all = settings.connections();
        return new ConnectionShares(
                Math.max(1, all - Math.max(1, all / 4)),
                settings.connectTimeout().toJavaDuration());
    }

    /** From now on this thread acts for a project, until {@link #endOfRequest}. */
    public static void actFor(String project) {
        PROJECT.set(project);
    }

    /** This thread acts for nobody any more. */
    public static void endOfRequest() {
        PROJECT.remove();
    }

    /** The project that this thread acts for; null for none. */
    static String project() {
        return PROJECT.get();
    }

    /** A place among the connections; closing it gives it to the next. */
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * @throws ProjectBusyException when the project's other requests keep all its places for too long
     */
    Place enter() {
        String project = PROJECT.get();
        if (project == null) {
            return () -> {};
        }
        Semaphore places = projects.get(project);
        try {
            if (!places.tryAcquire() && !places.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ProjectBusyException();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MetadataUnavailableException("interrupted while waiting for a connection", e);
        }
        return places::release;
    }
}
