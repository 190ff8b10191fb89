package io.pataka.service.job;

import io.pataka.service.metadata.BucketUsage;
import io.pataka.service.metadata.BucketUsage.Page;
import io.pataka.service.metadata.BucketUsage.Position;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** Adds up what lies in each bucket, page by page, and keeps the sums. What is written meanwhile counts in the next round. */
public final class UsageCounter implements Job {

    private static final Duration INTERVAL = Duration.ofMinutes(5);
    private static final int PAGE = 1_000;

    private final BucketUsage usage;
    private final Clock clock;
    private long bucket;
    private Optional<Position> position = Optional.empty();
    private long objects;
    private long bytes;

    public UsageCounter(BucketUsage usage, Clock clock) {
        this.usage = Objects.requireNonNull(usage);
        this.clock = Objects.requireNonNull(clock);
    }

    @Override
    public String name() {
        return "usage-counter";
    }

    @Override
    public Schedule schedule() {
        return new Schedule(INTERVAL, 0.1);
    }

    @Override
    public Progress runSlice(Duration budget) {
        long end = System.nanoTime() + budget.toNanos();
        do {
            if (position.isEmpty() && !beginNextBucket()) {
                bucket = 0;
                return Progress.IDLE;
            }
            addPage();
        } while (System.nanoTime() < end);
        return Progress.BUSY;
    }

    private boolean beginNextBucket() {
        Optional<Long> next = usage.bucketAfter(bucket);
        if (next.isEmpty()) {
            return false;
        }
        bucket = next.get();
        position = Optional.of(Position.START);
        objects = 0;
        bytes = 0;
        return true;
    }

    private void addPage() {
        Page page = usage.add(bucket, position.orElseThrow(), PAGE);
        objects += page.objects();
        bytes += page.bytes();
        position = page.next();
        if (position.isEmpty()) {
            usage.keep(bucket, objects, bytes, clock.instant());
        }
    }
}
