package io.pataka.keystone;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * At which age Keystone's word on a key is renewed, in nanoseconds. Its lifetime is a promise, so a key in constant use is renewed
 * before the end, or a client would have to wait for Keystone; as little before as Keystone's answer takes, since what is
 * renewed early is asked more often than once for each lifetime.
 */
final class RenewalTimes {

    /** For Keystone's answer: without a cache of its own it takes 110 ms, and 600 ms with eight questions at once. */
    private static final long ANSWER = Duration.ofMillis(600).toNanos();

    private final long lifetime;

    RenewalTimes(Duration lifetime) {
        this.lifetime = lifetime.toNanos();
    }

    /** A key that is used from this age on is in use, and will be renewed. */
    long inUseFrom() {
        return lifetime / 2;
    }

    /**
     * Of a word that was not known before: a moment of its own, so that keys which came together, after a start or an outage, do
     * not come back together for ever.
     */
    long first(RandomGenerator random) {
        return random.nextLong(inUseFrom(), later());
    }

    /** Of a word that renewed another in time: keys stay as far apart as they are. */
    long later() {
        return lifetime - Math.min(lifetime / 10, ANSWER);
    }
}
