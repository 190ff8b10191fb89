package io.pataka.service.blob;

import java.util.Optional;

/**
 * Whether a volume takes writes. A failed write or fsync makes the volume fail. It works again after {@value #PROOFS} probes in a row
 * succeeded. A volume that fails again soon needs twice as many probes as the time before, at most {@value #MOST}. Time is
 * counted in ticks, one each {@value #TICK_SECONDS} seconds.
 */
final class WriteState {

    /** Seconds between two ticks. */
    static final int TICK_SECONDS = 5;

    /** Probes that must succeed one after the other. */
    static final int PROOFS = 3;

    /** The most probes that are needed: eight minutes of them. */
    static final int MOST = 96;

    /** After so many ticks without a failure an earlier one is ignored: one hour. */
    static final int STEADY = 720;

    private volatile String failure;
    private volatile int failures;
    private int wanted = PROOFS;
    private int proofs;
    private int ticks;

    /** Why the volume takes no writes; empty while it takes them. */
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /** How often it failed so far. A write that began before a failure must not be acknowledged after it. */
    int failures() {
        return failures;
    }

    /**
     * A write or a probe failed.
     *
     * @return whether the volume worked until now
     */
    synchronized boolean fail(String reason) {
        boolean worked = failure == null;
        if (worked) {
            boolean failedLately = failures > 0 && ticks < STEADY;
            wanted = failedLately ? Math.min(MOST, 2 * wanted) : PROOFS;
        }
        failures++;
        failure = reason;
        proofs = 0;
        ticks = 0;
        return worked;
    }

    /** A tick passed in which the volume worked. */
    synchronized void worked() {
        if (failure == null && ticks < STEADY) {
            ticks++;
        }
    }

    /**
     * A probe succeeded that began when there were so many failures.
     *
     * @return whether the volume takes writes again because of it
     */
    synchronized boolean proved(int failuresBefore) {
        if (failure == null || failures != failuresBefore || ++proofs < wanted) {
            return false;
        }
        failure = null;
        ticks = 0;
        return true;
    }
}
