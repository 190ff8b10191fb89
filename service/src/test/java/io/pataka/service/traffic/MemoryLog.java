package io.pataka.service.traffic;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.LogRecords.LogLine;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Access logs of all buckets, in memory. */
public final class MemoryLog implements LogRules {

    private final List<String> lines = new ArrayList<>();
    private final RequestLog log;

    public MemoryLog(BucketCatalog buckets) {
        this.log = new RequestLog(buckets, this, added -> {
            added.stream().map(LogLine::line).forEach(line -> lines.add(new String(line, US_ASCII)));
            return added.size();
        });
    }

    public RequestLog log() {
        return log;
    }

    /** Operation, key and version of each line. */
    public List<String> lines() {
        log.drain();
        return lines.stream()
                .map(line -> Arrays.asList(line.split(" ")))
                .map(line -> line.get(7) + " " + line.get(8) + " " + line.get(18))
                .toList();
    }

    @Override
    public Optional<LogTarget> target(Bucket source) {
        return Optional.of(new LogTarget(source, new BucketName("log"), "", Duration.ofMinutes(5)));
    }

    @Override
    public boolean admits(LogTarget target) {
        return true;
    }
}
