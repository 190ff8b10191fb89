package io.pataka.keystone;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs faults, each kind at most once per minute. The kinds are few and fixed. */
final class PacedLog {

    private static final Logger LOG = LoggerFactory.getLogger("io.pataka.keystone");
    private static final long PAUSE = Duration.ofMinutes(1).toNanos();

    private final ConcurrentHashMap<String, Long> said = new ConcurrentHashMap<>();

    void error(String kind, String message) {
        if (due(kind)) {
            LOG.error(message);
        }
    }

    void warn(String kind, String message) {
        if (due(kind)) {
            LOG.warn(message);
        }
    }

    private boolean due(String kind) {
        long now = System.nanoTime();
        return said.compute(kind, (same, last) -> last == null || now - last >= PAUSE ? Long.valueOf(now) : last)
                == now;
    }
}
