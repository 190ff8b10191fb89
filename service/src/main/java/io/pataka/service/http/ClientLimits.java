package io.pataka.service.http;

import java.time.Duration;
import java.util.Objects;

/**
 * What clients may take of the server, so that slow and unknown ones leave enough to others. The decision "Slow clients" tells how
 * the limits work together.
 *
 * @param requestRate the bytes a second, on average, with which a body must come in; 0 for any
 * @param responseRate the bytes a second, on average, with which a reply must be read; 0 for any
 * @param patience how long a client is waited for before its average counts, and how long a request's head may take
 * @param readerPause how long a reply may stand still because its client does not read
 * @param anonymousRequests the most unsigned requests at work at once
 * @param discardedBodies the most refused requests whose bodies are read on at once
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
            throw new IllegalArgumentException("at least one request must be let in");
        }
    }
}
