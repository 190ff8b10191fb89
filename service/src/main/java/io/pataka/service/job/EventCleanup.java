package io.pataka.service.job;

import io.pataka.service.metadata.Topics;
import java.time.Duration;
import java.util.Objects;

/** Deletes events whose topic was deleted while they were written, or by a process that ended before it had deleted them all. */
public final class EventCleanup implements Job {

    private static final Duration INTERVAL = Duration.ofHours(1);
    private static final int BATCH = 1_000;

    private final Topics topics;

    public EventCleanup(Topics topics) {
        this.topics = Objects.requireNonNull(topics);
    }

    @Override
    public String name() {
        return "event-cleanup";
    }

    @Override
    public Schedule schedule() {
        return new Schedule(INTERVAL, 0.1);
    }

    @Override
    public Progress runSlice(Duration budget) {
        long end = System.nanoTime() + budget.toNanos();
        boolean more;
        do {
            more = topics.deleteEventsWithoutTopic(BATCH);
        } while (more && System.nanoTime() < end);
        return more ? Progress.BUSY : Progress.IDLE;
    }
}
