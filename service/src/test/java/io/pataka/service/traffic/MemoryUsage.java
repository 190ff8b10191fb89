package io.pataka.service.traffic;

import io.pataka.service.metadata.RequestUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts of requests of one process, in memory. */
public final class MemoryUsage implements RequestUsage {

    private final Map<Subject, Counts> stored = new HashMap<>();
    private RuntimeException failure;
    private int written;

    /** Lets the next writes fail; null for none. */
    void failWith(RuntimeException next) {
        failure = next;
    }

    /** How many lines were stored, those stored again included. */
    int written() {
        return written;
    }

    /** Account, bucket, category, then the counts. */
    public List<String> lines() {
        return stored.entrySet().stream()
                .sorted(Comparator.comparing(line -> line.getKey().toString()))
                .map(line -> line.getKey().account() + "/" + line.getKey().bucket() + "/"
                        + line.getKey().category() + " " + line.getValue().ops() + " "
                        + line.getValue().successfulOps() + " "
                        + line.getValue().bytesSent() + " "
                        + line.getValue().bytesReceived())
                .toList();
    }

    @Override
    public void put(byte[] node, List<Line> lines) {
        if (failure != null) {
            throw failure;
        }
        written += lines.size();
        lines.forEach(line -> stored.put(line.subject(), line.counts()));
    }

    @Override
    public List<Line> hours(String account, Instant from, Instant to, int limit) {
        return List.of();
    }

    @Override
    public List<Line> sums(String account, Instant from, Instant to, int limit) {
        return List.of();
    }

    @Override
    public boolean expire(Duration age, int limit) {
        return false;
    }
}
