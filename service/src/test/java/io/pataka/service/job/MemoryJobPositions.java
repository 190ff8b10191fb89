package io.pataka.service.job;

import io.pataka.service.metadata.JobPositions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Positions of jobs in memory. */
final class MemoryJobPositions implements JobPositions {

    private final Map<String, String> positions = new HashMap<>();

    @Override
    public Optional<String> position(String job) {
        return Optional.ofNullable(positions.get(job));
    }

    @Override
    public void advance(String job, String position) {
        positions.put(job, position);
    }

    @Override
    public void finish(String job) {
        positions.remove(job);
    }
}
