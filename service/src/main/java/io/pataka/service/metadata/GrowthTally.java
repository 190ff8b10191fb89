package io.pataka.service.metadata;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;

/** What this node added to a bucket, or to the buckets of a project, and what it is adding now. */
final class GrowthTally {

    private static final Duration STEP = Duration.ofSeconds(10);

    /** With the step, more than half an hour. */
    private static final int STEPS = 200;

    private final Deque<Step> steps = new ArrayDeque<>();
    private Growth made = Growth.NONE;
    private Growth pending = Growth.NONE;

    /** What had been made at a moment. */
    private record Step(Instant at, Growth made) {}

    GrowthTally(Instant now) {
        steps.add(new Step(now, made));
    }

    /** All that was made so far. */
    synchronized Growth made() {
        return made;
    }

    /** What had been made at a moment, or up to ten seconds before it, so that nothing that came after it is in it. */
    synchronized Growth madeBefore(Instant moment) {
        Growth before = steps.getFirst().made();
        for (Step step : steps) {
            if (step.at().isAfter(moment)) {
                break;
            }
            before = step.made();
        }
        return before;
    }

    /** All that was made so far, and what is being made. */
    synchronized Growth madeAndPending() {
        return made.plus(pending);
    }

    /**
     * Begins a change, if there is room.
     *
     * @param hasRoom gets {@link #madeAndPending}
     */
    synchronized boolean begin(Growth growth, Predicate<Growth> hasRoom) {
        if (!hasRoom.test(madeAndPending())) {
            return false;
        }
        pending = pending.plus(growth);
        return true;
    }

    /**
     * Ends what {@link #begin} began.
     *
     * @param growth as it began
     * @param outcome what was made
     */
    synchronized void end(Growth growth, Growth outcome, Instant now) {
        pending = pending.minus(growth);
        if (steps.getLast().at().plus(STEP).isBefore(now)) {
            steps.add(new Step(now, made));
            if (steps.size() > STEPS) {
                steps.removeFirst();
            }
        }
        made = made.plus(outcome);
    }
}
