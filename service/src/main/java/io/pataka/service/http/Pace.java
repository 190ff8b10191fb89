package io.pataka.service.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How fast bytes move in one direction of one request. What counts is the time that is spent waiting for the client: a disk or a
 * database that is slow is not the client's fault. Not thread-safe.
 */
final class Pace {

    private final long bytesPerSecond;
    private final long patienceNanos;
    private long waitedNanos;
    private long moved;

    /**
     * @param bytesPerSecond the least on average; 0 for any
     * @param patience how long a client may be waited for altogether before its average counts
     */
    Pace(long bytesPerSecond, Duration patience) {
        this.bytesPerSecond = bytesPerSecond;
        this.patienceNanos = patience.toNanos();
    }

    /** So many bytes were waited for so long. */
    void moved(long bytes, long nanos) {
        moved += bytes;
        waitedNanos += nanos;
    }

    /**
     * Whether the client was waited for longer than its patience and longer than its bytes take at the least rate, together. Bytes
     * that came fast make up for a pause.
     */
    boolean isTooSlow() {
        long beyond = waitedNanos - patienceNanos;
        return bytesPerSecond > 0
                && beyond > 0
                && moved < (double) beyond * bytesPerSecond / TimeUnit.SECONDS.toNanos(1);
    }
}
