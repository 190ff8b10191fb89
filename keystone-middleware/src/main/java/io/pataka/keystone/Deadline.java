package io.pataka.keystone;

import java.time.Duration;

/** A moment on the monotonic clock by which something must have ended. */
record Deadline(long atNanos) {

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    long remainingNanos() {
        return Math.max(0, atNanos - System.nanoTime());
    }

    boolean isPast() {
        return remainingNanos() == 0;
    }

    /** An equal share of what remains, for the first of so many attempts. */
    Deadline share(int attempts) {
        return new Deadline(System.nanoTime() + remainingNanos() / attempts);
    }
}
