package io.pataka.service.http;

import java.time.Duration;
import java.util.Objects;

/**
 * Limits for clients, so that slow and anonymous ones leave threads and memory for others. Decision 14 says how the limits work
 * together.
 *
 * @param requestRate the bytes a second, on average, at which a request body must arrive; 0 for any
 * @param responseRate the bytes a second, on average, at which a reply must be read; 0 for any
 * @param patience how long the server waits for a client before its average rate counts, and how long the head of a request may
 *     take
 * @param readerPause how long a client may pause while it reads a reply
 * @param anonymousRequests the most unsigned requests that are served at once
 * @param discardedBodies the most refused requests whose bodies are discarded at once
 * @param documentMemory the most bytes of memory for all documents and forms at once
 */
public record ClientLimits(
        long requestRate,
        long responseRate,
        Duration patience,
        Duration readerPause,
        int anonymousRequests,
        int discardedBodies,
        long documentMemory) {

    public ClientLimits {
        Objects.requireNonNull(patience);
        Objects.requireNonNull(readerPause);
        if (anonymousRequests < 1 || discardedBodies < 1) {
            throw new IllegalArgumentException("at least one request must be allowed");
        }
    }
}
