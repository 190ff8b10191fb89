package io.pataka.service.testing;

import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;

/** Waits for work that a server does after its reply, and only as long as the server takes. */
public final class Eventually {

    /** Longer than a busy machine takes for anything that tests wait for. */
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private static final long PAUSE_MILLIS = 10;

    /** A question whose answer changes. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    private Eventually() {}

    /**
     * Fails if the condition does not hold within a minute.
     *
     * @param what the condition in words, for the failure
     */
    public static void holds(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                fail("not within " + LIMIT + ": " + what);
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }
}
