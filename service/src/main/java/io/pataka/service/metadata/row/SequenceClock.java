package io.pataka.service.metadata.row;

import java.time.Clock;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Proposes sequences for new versions: the time, and a tie-breaker that differs between nodes. They grow on one node; the
 * index makes them grow within a key whatever the clocks of other nodes say.
 */
public final class SequenceClock {

    private final Clock clock;
    private final int tie = ThreadLocalRandom.current().nextInt(1 << 11);
    private final AtomicLong last = new AtomicLong();

    public SequenceClock(Clock clock) {
        this.clock = clock;
    }

    public long next() {
        long now = VersionRow.sequenceAt(clock.instant()) | tie;
        return last.updateAndGet(previous -> Math.max(previous + 1, now));
    }
}
