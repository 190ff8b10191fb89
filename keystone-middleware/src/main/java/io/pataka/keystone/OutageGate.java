package io.pataka.keystone;

import io.pataka.keystone.Resolution.Outage;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Keeps questions from Keystone for a short while after it could not answer one, so that clients are told at once instead of
 * waiting behind each other: one to one and a half seconds, or as long as Keystone asked for. When that is over one question is let
 * through to try, and the others only after it was answered.
 */
final class OutageGate {

    private final Duration trial;
    private final PacedLog log;
    private final AtomicReference<Pause> pause = new AtomicReference<>();

    /** @param trial how long the one question may take */
    OutageGate(Duration trial, PacedLog log) {
        this.trial = trial;
        this.log = log;
    }

    private record Pause(long since, long until, KeystoneUnavailableException cause) {}

    /** Lets a question through. */
    void enter() throws KeystoneUnavailableException {
        Pause now = pause.get();
        if (now == null) {
            return;
        }
        long time = System.nanoTime();
        Pause whileTrying = new Pause(now.since(), time + trial.toNanos(), now.cause());
        if (time - now.until() < 0 || !pause.compareAndSet(now, whileTrying)) {
            throw now.cause();
        }
    }

    /**
     * A question whose outcome the gate learns. One that was made before a pause began and has waited in a queue since is not
     * put any more.
     */
    <T> Callable<T> watched(Callable<T> question) {
        long madeAt = System.nanoTime();
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
            // It may have failed at this question alone; whoever is next finds out.
            if (cause.outage() == Outage.DOWN) {
                pause.set(null);
            }
            return;
        }
        if (!cause.isMisconfiguration()) {
            log.warn("outage", "Keystone is unavailable: " + cause.getMessage());
        }
        long time = System.nanoTime();
        long length = cause.retryAfter().toNanos();
        pause.set(new Pause(time, time + length + ThreadLocalRandom.current().nextLong(length / 2), cause));
    }

    /** Whether the last question failed and none was answered since. */
    boolean isInTrouble() {
        return pause.get() != null;
    }
}
