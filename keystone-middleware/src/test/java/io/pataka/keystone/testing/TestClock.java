package io.pataka.keystone.testing;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that the test moves. Each reading is later than the one before, by a nanosecond. Thread-safe. */
public final class TestClock implements Ticker {

    private final AtomicLong nanos = new AtomicLong();

    public void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Override
    public long read() {
        return nanos.getAndIncrement();
    }
}
