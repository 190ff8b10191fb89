package io.pataka.service.job;

import io.pataka.service.metadata.BucketTurns;
import io.pataka.service.metadata.BucketTurns.Turn;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Runs a {@link BucketJob} on all buckets. It takes a lease for each bucket, so that the nodes share the buckets. A bucket that takes
 * longer than a slice is left to the next turn, so that it delays no other bucket; a bucket whose work fails is tried again in the
 * next round.
 */
public final class PerBucket implements Job {

    private final BucketJob job;
    private final BucketTurns turns;
    private final String holder;
    private long after;
    private boolean leftSome;

    /**
     * @param holder names this process in the leases, unique among the nodes
     */
    public PerBucket(BucketJob job, BucketTurns turns, String holder) {
        this.job = Objects.requireNonNull(job);
        this.turns = Objects.requireNonNull(turns);
        this.holder = Objects.requireNonNull(holder);
    }

    @Override
    public String name() {
        return job.name();
    }

    @Override
    public Schedule schedule() {
        return new Schedule(job.lookEvery(), job.schedule().share());
    }

    @Override
    public boolean runsOnEveryNode() {
        return true;
    }

    @Override
    public Progress runSlice(Duration budget) throws IOException {
        long end = System.nanoTime() + budget.toNanos();
        do {
            Optional<Turn> turn = turns.take(name(), job.kind(), after, holder, job.lease());
            if (turn.isEmpty()) {
                Progress progress = leftSome ? Progress.BUSY : Progress.IDLE;
                after = 0;
                leftSome = false;
                return progress;
            }
            after = turn.get().bucketId();
            work(turn.get(), end);
        } while (System.nanoTime() < end);
        return Progress.BUSY;
    }

    private void work(Turn turn, long end) throws IOException {
        Optional<String> position = turn.position();
        Optional<String> last;
        do {
            last = position;
            position = job.work(turn.bucketId(), position);
        } while (position.isPresent() && System.nanoTime() < end);
        if (position.isPresent()) {
            turns.leave(turn, position.get());
            leftSome = true;
        } else {
            turns.finish(turn, job.untilNextRound(last));
        }
    }
}
