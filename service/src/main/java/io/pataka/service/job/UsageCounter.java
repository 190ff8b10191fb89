package io.pataka.service.job;

import io.pataka.service.metadata.BucketUsage;
import io.pataka.service.metadata.BucketUsage.Page;
import io.pataka.service.metadata.BucketUsage.Position;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Adds up the versions of each bucket, page by page, and stores the sums. A version that is written meanwhile is counted in this round
 * or in the next.
 */
public final class UsageCounter implements BucketJob {

    private static final Duration INTERVAL = Duration.ofMinutes(5);
    private static final Duration LOOK = Duration.ofSeconds(20);
    private static final int PAGE = 1_000;

    private final BucketUsage usage;
    private final Clock clock;

    public UsageCounter(BucketUsage usage, Clock clock) {
        this.usage = Objects.requireNonNull(usage);
        this.clock = Objects.requireNonNull(clock);
    }

    @Override
    public String name() {
        return BucketUsage.JOB;
    }

    @Override
    public Job.Schedule schedule() {
        return new Job.Schedule(INTERVAL, 0.1);
    }

    /** A sum that refuses a write is asked for at once. */
    @Override
    public Duration lookEvery() {
        return LOOK;
    }

    @Override
    public Optional<String> work(long bucketId, Optional<String> position) {
        Sum before = position.map(Sum::parse).orElse(Sum.ZERO);
        Page page = usage.add(bucketId, before.at(), PAGE);
        long objects = before.objects() + page.objects();
        long bytes = before.bytes() + page.bytes();
        if (page.next().isEmpty()) {
            usage.keep(bucketId, objects, bytes, clock.instant());
        }
        return page.next().map(next -> new Sum(objects, bytes, next).text());
    }

    /** The sum of the pages up to a position. */
    private record Sum(long objects, long bytes, Position at) {

        static final Sum ZERO = new Sum(0, 0, Position.START);

        String text() {
            return objects + " " + bytes + " " + at.text();
        }

        static Sum parse(String text) {
            String[] fields = text.split(" ", -1);
            return new Sum(Long.parseLong(fields[0]), Long.parseLong(fields[1]), Position.parse(fields[2]));
        }
    }
}
