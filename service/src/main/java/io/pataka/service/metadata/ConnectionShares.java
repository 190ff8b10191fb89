package io.pataka.service.metadata;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Limits the connections that one project uses at a time, so that a project with many slow requests leaves connections to the others.
 * Threads that act for no project, such as those of jobs, are not limited.
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
        // A semaphore that a thread holds is strongly reachable, so the project gets no second one.
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

    /** From now on this thread acts for no project. */
    public static void endOfRequest() {
        PROJECT.remove();
    }

    /** The project that this thread acts for; null for none. */
    static String project() {
        return PROJECT.get();
    }

    /** The right to use a connection; closing it passes the right on. */
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
