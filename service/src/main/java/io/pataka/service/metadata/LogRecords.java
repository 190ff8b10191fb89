package io.pataka.service.metadata;

import io.pataka.service.model.BucketName;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** Lines of bucket logs that are in no log object yet. Every method throws {@link MetadataUnavailableException}. */
public interface LogRecords {

    /**
     * Adds lines in their order. Lines for a bucket that does not exist are left out.
     *
     * @param lines at most some hundred
     * @return how many were added
     */
    int add(List<LogLine> lines);

    /**
     * A line of a log.
     *
     * @param target the bucket that the log is written to
     * @param prefix of the keys of the log's objects
     * @param rollAfter when an object with the line has to be written at the latest, from now
     * @param line without its line feed
     */
    record LogLine(BucketName target, String prefix, Duration rollAfter, byte[] line) {
        public LogLine {
            Objects.requireNonNull(target);
            Objects.requireNonNull(prefix);
            Objects.requireNonNull(rollAfter);
            Objects.requireNonNull(line);
        }
    }
}
