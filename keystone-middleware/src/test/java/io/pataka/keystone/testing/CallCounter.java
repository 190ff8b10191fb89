package io.pataka.keystone.testing;

import io.pataka.keystone.KeystoneMetrics;
import io.pataka.keystone.Resolution.Outage;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the middleware reports. */
public final class CallCounter implements KeystoneMetrics {

    private final ConcurrentHashMap<Call, LongAdder> calls = new ConcurrentHashMap<>();
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder outages = new LongAdder();
    private volatile Duration ageOfLastHit = Duration.ZERO;

    @Override
    public void called(Call call, Outcome outcome, Duration latency) {
        calls.computeIfAbsent(call, first -> new LongAdder()).increment();
    }

    @Override
    public void hit(Duration age) {
        hits.increment();
        ageOfLastHit = age;
    }

    @Override
    public void missed() {
        misses.increment();
    }

    @Override
    public void unavailable(Outage outage) {
        outages.increment();
    }

    public long calls(Call call) {
        LongAdder count = calls.get(call);
        return count == null ? 0 : count.sum();
    }

    /** Every exchange with Keystone. */
    public long allCalls() {
        return calls.values().stream().mapToLong(LongAdder::sum).sum();
    }

    public long hits() {
        return hits.sum();
    }

    /** How old the answer was that the last hit gave. */
    public Duration ageOfLastHit() {
        return ageOfLastHit;
    }

    public long misses() {
        return misses.sum();
    }

    public long outages() {
        return outages.sum();
    }
}
