package io.pataka.service.metadata;

import io.pataka.service.model.Bucket;
import io.pataka.service.model.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Log objects that are made of waiting lines. A roll takes lines, and no other roll takes them; they are deleted when the object is
 * written. A process that finds a roll whose lease is over writes the same object again. Every method throws {@link MetadataUnavailableException}.
 */
public interface LogRolls {

    /**
     * Lines that go into the same objects.
     *
     * @param targetId of the bucket of the objects
     * @param names as the lines have it: what says how the keys are made
     */
    record Log(long targetId, String names) {
        public Log {
            Objects.requireNonNull(names);
        }
    }

    /**
     * A log object that is being written.
     *
     * @param number greater than that of earlier rolls
     * @param lines that it takes; empty objects have none
     * @param leavesMore whether there were further lines, which did not fit
     */
    record Roll(long number, Log log, ObjectKey key, int lines, boolean leavesMore) {
        public Roll {
            Objects.requireNonNull(log);
            Objects.requireNonNull(key);
        }
    }

    /** Which lines a roll takes, the oldest first. */
    enum Taking {
        /** All. */
        ALL,
        /** Those that were added before the first of them was due; none unless it is due. */
        DUE,
        /** As many as an object may have; none if there are fewer. */
        FULL
    }

    /**
     * How much an object may have.
     *
     * @param lines the most
     * @param bytes when no further line is added
     */
    record Limits(int lines, long bytes) {}

    /**
     * Logs whose first line is due, and that got a line after that, or had time to get one.
     *
     * @param idle how long after the first line is due
     */
    List<Log> due(Duration idle, int limit);

    /** Logs of many waiting lines. */
    List<Log> ofMoreLinesThan(int lines, int limit);

    /**
     * Begins a roll.
     *
     * @param evenEmpty whether there is a roll if no line is taken
     * @param byDay whether all lines must be of one day
     * @param key makes the key of the object, of the time (now; of {@code byDay} when the first line was added) and the number of the roll
     * @param holder who writes the object until {@code lease} from now
     */
    Optional<Roll> begin(
            Log log,
            Taking taking,
            Limits limits,
            boolean evenEmpty,
            boolean byDay,
            BiFunction<Instant, Long, ObjectKey> key,
            String holder,
            Duration lease);

    /** Takes over a roll whose lease is over. */
    Optional<Roll> takeOver(String holder, Duration lease);

    /** As {@link #takeOver(String, Duration)}, of one log. */
    Optional<Roll> takeOver(Log log, String holder, Duration lease);

    /** Whether objects of the log are being written whose rolls began before. */
    boolean hasRollsBefore(Log log, long number);

    /**
     * Lines of a roll, in the order in which they were added.
     *
     * @param after the last id that was read; 0 for the first page
     */
    Page page(Roll roll, long after, int limit);

    /**
     * Lines of a roll.
     *
     * @param lines without line feeds; none after the last
     * @param last id
     */
    record Page(List<byte[]> lines, long last) {
        public Page {
            lines = List.copyOf(lines);
        }
    }

    /** Deletes the roll and its lines. */
    void finish(Roll roll);

    /** The bucket that a log is written to. */
    Optional<Bucket> target(Log log);

    /** How many lines wait or are being written. */
    long waiting();
}
