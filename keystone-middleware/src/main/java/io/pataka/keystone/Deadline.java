package io.pataka.keystone;

import java.time.Duration;

/** A time on the monotonic clock at which work must have ended. */
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

    /** The deadline of the first of several attempts that share the remaining time equally. */
    Deadline share(int attempts) {
        return new Deadline(System.nanoTime() + remainingNanos() / attempts);
    }
}
