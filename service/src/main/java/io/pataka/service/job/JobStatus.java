package io.pataka.service.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What this process knows of a job, for metrics.
 *
 * @param slices run since the start
 * @param failures slices that failed since the start
 * @param finished when this process last completed a round
 * @param lag how long the round that this process should have completed has been due; zero while the job waits for its next round, and
 *     empty while another node runs the job
 * @param lastFailure the newest failed slice, whether or not a later one succeeded
 */
public record JobStatus(
        String name,
        long slices,
        long failures,
        Optional<Instant> finished,
        Optional<Duration> lag,
        Optional<Failure> lastFailure) {

    public JobStatus {
        Objects.requireNonNull(name);
        Objects.requireNonNull(finished);
        Objects.requireNonNull(lag);
        Objects.requireNonNull(lastFailure);
    }

    /** A slice that failed. */
    public record Failure(Instant at, String reason) {

        public Failure {
            Objects.requireNonNull(at);
            Objects.requireNonNull(reason);
        }
    }
}
