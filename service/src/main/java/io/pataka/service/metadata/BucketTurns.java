package io.pataka.service.metadata;

import io.pataka.service.model.DocumentKind;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Shares the buckets of a job among the nodes. A process takes the turn of one bucket after the other; while it has the turn, no other
 * process has it. Times are those of the database's clock.
 */
public interface BucketTurns {

    /**
     * Takes the turn of the next bucket that is due and that no other process works on. A bucket that the job has never worked on is due.
     *
     * @param job 1 to 64 characters
     * @param kind only buckets that have a document of this kind are considered; empty for all
     * @param after the id of a bucket; only those with higher ids are considered
     * @param holder names the process, unique among the nodes
     * @param length how long the turn is the holder's, unless it gives it back before
     * @return empty when there is no such bucket
     */
    Optional<Turn> take(String job, Optional<DocumentKind> kind, long after, String holder, Duration length);

    /**
     * The turn of a bucket.
     *
     * @param position how far the round of this bucket came, as it was given to {@link #leave}; empty at its beginning
     */
    record Turn(String job, long bucketId, String holder, Optional<String> position) {
        public Turn {
            Objects.requireNonNull(job);
            Objects.requireNonNull(holder);
            Objects.requireNonNull(position);
        }
    }

    /**
     * Gives the turn back before the round of the bucket is complete. Does nothing if another process has taken it since.
     *
     * @param position where the next process goes on; at most 4,096 ASCII characters
     */
    void leave(Turn turn, String position);

    /**
     * Gives the turn back because the round of the bucket is complete. Does nothing if another process has taken it since.
     *
     * @param interval until the bucket is due again
     */
    void finish(Turn turn, Duration interval);

    /**
     * For how long a bucket has been due that no round of the job has completed since, the longest of all buckets. A bucket that the job has
     * never worked on counts from its first turn.
     *
     * @param kind only buckets that have a document of this kind count
     * @return empty if no bucket is due
     */
    Optional<Duration> lag(String job, DocumentKind kind);
}
