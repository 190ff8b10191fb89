package io.pataka.service.job;

import io.pataka.service.metadata.EventQueue;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** Lets topics that have as many events as they may have take no more, until they have half of that again. */
public final class EventLimits implements Job {

    private static final Schedule SCHEDULE = new Schedule(Duration.ofSeconds(5), 0.1);
    private static final int PAGE = 100;

    private final EventQueue queue;
    private final int most;
    private long after;

    /**
     * @param most events of a topic, counted every few seconds
     */
    public EventLimits(EventQueue queue, int most) {
        this.queue = Objects.requireNonNull(queue);
        this.most = most;
    }

    @Override
    public String name() {
        return "event-limits";
    }

    @Override
    public Schedule schedule() {
        return SCHEDULE;
    }

    @Override
    public Progress runSlice(Duration budget) {
        long end = System.nanoTime() + budget.toNanos();
        while (System.nanoTime() - end < 0) {
            List<Long> topics = queue.used(after, PAGE);
            for (long topic : topics) {
                queue.limit(topic, most);
                after = topic;
            }
            if (topics.size() < PAGE) {
                after = 0;
                return Progress.IDLE;
            }
        }
        return Progress.BUSY;
    }
}
