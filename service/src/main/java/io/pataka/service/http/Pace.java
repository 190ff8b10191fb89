package io.pataka.service.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The rate of one direction of one request. Only the time that the server waits for the client counts, and not time spent on
 * disk or database. Not thread-safe.
 */
final class Pace {

    private final long bytesPerSecond;
    private final long patienceNanos;
    private long waitedNanos;
    private long moved;

    /**
     * @param bytesPerSecond the least average rate; 0 for any
     * @param patience how long the server waits for the client in total before the average counts
     */
    Pace(long bytesPerSecond, Duration patience) {
        this.bytesPerSecond = bytesPerSecond;
        this.patienceNanos = patience.toNanos();
    }

    /** Counts bytes, and the time that the server waited for them. */
    void moved(long bytes, long nanos) {
        moved += bytes;
        waitedNanos += nanos;
    }

    /**
     * Whether the server waited longer than the patience plus the time that the bytes take at the least rate. So fast bytes
     * make up for a pause.
     */
    boolean isTooSlow() {
        long beyond = waitedNanos - patienceNanos;
        return bytesPerSecond > 0
                && beyond > 0
                && moved < (double) beyond * bytesPerSecond / TimeUnit.SECONDS.toNanos(1);
    }
}
