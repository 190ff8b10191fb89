package io.pataka.keystone;

import io.pataka.keystone.Resolution.Outage;
import java.time.Duration;
import java.util.Optional;
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

    /** Stops a question that was let through before the pause began and has waited in the queue since. */
    void stillOpenFor(long enteredAt) throws KeystoneUnavailableException {
        Pause now = pause.get();
        if (now != null && now.since() - enteredAt > 0) {
            throw now.cause();
        }
    }

    void answered() {
        pause.set(null);
    }

    void failed(KeystoneUnavailableException cause) {
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

    /** What is wrong now, if anything. */
    Optional<KeystoneUnavailableException> trouble() {
        return Optional.ofNullable(pause.get()).map(Pause::cause);
    }
}
