package io.pataka.service.job;

import io.pataka.service.model.DocumentKind;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Work that is done for each bucket by itself; {@link PerBucket} makes a job of it. */
public interface BucketJob {

    /** As {@link Job#name}; at most 64 characters. */
    String name();

    /**
     * {@link Job.Schedule#interval} is from the end of a bucket's round to the beginning of its next, unless {@link #untilNextRound} says
     * otherwise.
     */
    Job.Schedule schedule();

    /** How often a node looks for buckets that are due; not longer than {@link Job.Schedule#interval}. */
    default Duration lookEvery() {
        return schedule().interval();
    }

    /**
     * The time from the end of a bucket's round to the beginning of its next.
     *
     * @param position as the last unit of the round got it
     */
    default Duration untilNextRound(Optional<String> position) {
        return schedule().interval();
    }

    /** How long a bucket stays with a process that does not come back; longer than a unit of work takes. */
    default Duration lease() {
        return Duration.ofMinutes(2);
    }

    /** The job works on buckets that have a document of this kind only; empty for all buckets. */
    default Optional<DocumentKind> kind() {
        return Optional.empty();
    }

    /**
     * Does one unit of work for a bucket; some hundred milliseconds, except where a single step takes longer.
     *
     * @param position as the last unit returned it, perhaps in another process; empty at the beginning of the bucket's round
     * @return where the next unit continues, as at most 4,096 ASCII characters; empty when the round of this bucket is complete
     * @throws IOException when the store fails; the unit is tried again later
     */
    Optional<String> work(long bucketId, Optional<String> position) throws IOException;
}
