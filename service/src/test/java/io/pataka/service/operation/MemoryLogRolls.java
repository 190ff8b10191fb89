package io.pataka.service.operation;

import io.pataka.service.metadata.LogRolls;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** No lines wait, so that only empty objects are written. For tests of operations with one bucket of logs. */
final class MemoryLogRolls implements LogRolls {

    private final MemoryBucketCatalog buckets;
    private long number;

    MemoryLogRolls(MemoryBucketCatalog buckets) {
        this.buckets = buckets;
    }

    @Override
    public List<Log> due(Duration idle, int limit) {
        return List.of();
    }

    @Override
    public List<Log> ofMoreLinesThan(int lines, int limit) {
        return List.of();
    }

    @Override
    public Optional<Roll> begin(
            Log log,
            Taking taking,
            Limits limits,
            boolean evenEmpty,
            boolean byDay,
            BiFunction<Instant, Long, ObjectKey> key,
            String holder,
            Duration lease) {
        number++;
        return evenEmpty
                ? Optional.of(new Roll(number, log, key.apply(Instant.now(), number), 0, false))
                : Optional.empty();
    }

    @Override
    public Optional<Roll> takeOver(String holder, Duration lease) {
        return Optional.empty();
    }

    @Override
    public Optional<Roll> takeOver(Log log, String holder, Duration lease) {
        return Optional.empty();
    }

    @Override
    public boolean hasRollsBefore(Log log, long before) {
        return false;
    }

    @Override
    public Page page(Roll roll, long after, int limit) {
        return new Page(List.of(), after);
    }

    @Override
    public void finish(Roll roll) {}

    @Override
    public Optional<Bucket> target(Log log) {
        return buckets.withId(log.targetId());
    }

    @Override
    public long waiting() {
        return 0;
    }
}
