package io.pataka.service.job;

import java.time.Instant;
import java.util.Optional;

/**
 * What this process knows of a job, for metrics.
 *
 * @param slices run since the start
 * @param failures slices that failed since the start
 * @param finished when the job last had nothing more to do
 */
public record JobStatus(String name, long slices, long failures, Optional<Instant> finished) {}
