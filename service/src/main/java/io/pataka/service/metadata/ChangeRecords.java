package io.pataka.service.metadata;

import com.google.common.collect.Iterables;
import com.google.common.collect.Lists;
import io.pataka.service.model.BucketName;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** The records of one change of an object, which are committed with it. */
public record ChangeRecords(List<QueuedEvent> events, List<JournalRecord> journal) {

    public static final ChangeRecords NONE = new ChangeRecords(List.of(), List.of());

    public ChangeRecords {
        events = List.copyOf(events);
        journal = List.copyOf(journal);
    }

    /** These records and others. */
    ChangeRecords and(ChangeRecords others) {
        return new ChangeRecords(
                Lists.newArrayList(Iterables.concat(events, others.events)),
                Lists.newArrayList(Iterables.concat(journal, others.journal)));
    }

    /**
     * An event for a topic. If there is no such topic, or its queue is full, the event is dropped.
     *
     * @param accountId whose topic it is
     * @param topic its name
     * @param record as {@code event.record} stores it; the number of the version is stored beside it
     */
    public record QueuedEvent(String accountId, String topic, byte[] record) {
        public QueuedEvent {
            Objects.requireNonNull(accountId);
            Objects.requireNonNull(topic);
            Objects.requireNonNull(record);
        }
    }

    /**
     * A line of a journal. If the target does not exist, the change fails.
     *
     * @param target the bucket that the journal is written to
     * @param prefix of the keys of the journal's objects; at most 1,024 bytes in UTF-8
     * @param rollAfter when an object with the line has to be written at the latest, from now
     * @param line without its line feed
     */
    public record JournalRecord(BucketName target, String prefix, Duration rollAfter, byte[] line) {
        public JournalRecord {
            Objects.requireNonNull(target);
            Objects.requireNonNull(prefix);
            Objects.requireNonNull(rollAfter);
            Objects.requireNonNull(line);
        }
    }
}
