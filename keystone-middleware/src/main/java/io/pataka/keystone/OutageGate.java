package io.pataka.keystone;

import com.github.benmanes.caffeine.cache.Ticker;
import io.pataka.keystone.Resolution.Outage;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stops calls to one service for a short pause after a call failed, so that clients get an answer at once instead of waiting one
 * after the other: 1 to 1.5 seconds, or as long as the service asked for. After the pause one call is tried, and the others only
 * after it succeeded.
 */
final class OutageGate {

    private final String service;
    private final Duration trial;
    private final PacedLog log;
    private final Ticker clock;
    private final AtomicReference<Pause> pause = new AtomicReference<>();

    /**
     * @param service its name in the log
     * @param trial how long the trial call may take
     * @param clock for the end of pauses
     */
    OutageGate(String service, Duration trial, PacedLog log, Ticker clock) {
        this.service = service;
        this.clock = clock;
        this.trial = trial;
        this.log = log;
    }

    private record Pause(long since, long until, KeystoneUnavailableException cause) {}

    /** Admits a call. */
    void enter() throws KeystoneUnavailableException {
        Pause now = pause.get();
        if (now == null) {
            return;
        }
        long time = clock.read();
        Pause whileTrying = new Pause(now.since(), time + trial.toNanos(), now.cause());
        if (time - now.until() < 0 || !pause.compareAndSet(now, whileTrying)) {
            throw now.cause();
        }
    }

    /** Wraps a call, so that the gate learns its outcome. A call that waited in a queue since before a pause is not made. */
    <T> Callable<T> watched(Callable<T> question) {
        long madeAt = clock.read();
        return () -> {
            Pause now = pause.get();
            if (now != null && now.since() - madeAt > 0) {
                throw now.cause();
            }
            try {
                T answer = question.call();
                pause.set(null);
                return answer;
            } catch (KeystoneUnavailableException unavailable) {
                failed(unavailable);
                throw unavailable;
            }
        };
    }

    private void failed(KeystoneUnavailableException cause) {
        if (!cause.everywhere()) {
            // Only this call may have failed; the next one shows.
            if (cause.outage() == Outage.DOWN) {
                pause.set(null);
            }
            return;
        }
        if (!cause.isMisconfiguration()) {
            log.warn("outage " + service, service + " is unavailable: " + cause.getMessage());
        }
        long time = clock.read();
        long length = cause.retryAfter().toNanos();
        pause.set(new Pause(time, time + length + ThreadLocalRandom.current().nextLong(length / 2), cause));
    }

    /** Whether the last call failed and none succeeded since. */
    boolean isInTrouble() {
        return pause.get() != null;
    }
}
