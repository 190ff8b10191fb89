package io.pataka.service.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.Lists;
import io.pataka.service.metadata.ChangeRecords.JournalRecord;
import io.pataka.service.metadata.ChangeRecords.QueuedEvent;
import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.row.Bind;
import io.pataka.service.metadata.row.Micros;
import io.pataka.service.metadata.row.VersionRow.Held;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.ObjectChange;
import io.pataka.service.model.ObjectChange.Effect;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.VersionId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Writes the records of changes, in the transactions of the changes. The caller has locked the row of the changed key before, so that the
 * ids of the records of a key grow in the order of its changes.
 */
final class ChangeLog {

    private static final String INTO_EVENT = "INSERT INTO event (topic_id, sequence, queued_at, record) ";

    private static final String OF_TOPIC =
            ", " + Micros.NOW + ", ? FROM topic t WHERE t.account_id = ? AND t.name = ?" + " AND t.accepts";

    /** The sequence of the version that was written last on the connection. */
    static final String WRITTEN = "@written";

    /** Declares the variable of the statements below. */
    static final String VARIABLES = "DECLARE receiver BIGINT UNSIGNED; ";

    /** Takes half of the time of an INSERT … SELECT. */
    private static final String ADD_EVENT =
            "SET receiver = (SELECT id FROM topic WHERE account_id = ? AND name = ? AND accepts);"
                    + " IF receiver IS NOT NULL THEN INSERT INTO event (topic_id, sequence, queued_at, record)"
                    + " VALUES (receiver, " + WRITTEN + ", " + Micros.NOW + ", ?); END IF";

    private static final String ADD_ONE_EVENT =
            "BEGIN NOT ATOMIC " + VARIABLES + "SET " + WRITTEN + " = ?; " + ADD_EVENT + "; END";

    private static final String INTO_JOURNAL = "INSERT INTO log_record (target_id, prefix, due_at, line) VALUES ";

    private static final String JOURNAL_ROW = "((SELECT id FROM bucket WHERE name = ?), ?, " + Micros.NOW + " + ?, ?)";

    /** Records that one statement writes. */
    private static final int BATCH = 100;

    private static final int NULL_TARGET = 1048;

    private final ChangeRules rules;

    ChangeLog(ChangeRules rules) {
        this.rules = Objects.requireNonNull(rules);
    }

    /**
     * Reads the rules of a bucket that records its changes. A writer calls it before its transaction: inside of it, reading them would take
     * a second connection, and the writers that use all connections of the pool would wait for one for ever.
     */
    void prepare(Bucket bucket) {
        if (bucket.recordsChanges()) {
            rules.of(bucket);
        }
    }

    /** Whether {@link #removed} needs the facts of removed versions of a bucket. */
    boolean needsFactsOfRemoved(Bucket bucket) {
        return bucket.recordsChanges() && rules.of(bucket).needFactsOfRemoved();
    }

    static ObjectChange created(NewVersion version, VersionId id, ChangeContext change) {
        return new ObjectChange(
                change,
                Effect.CREATED,
                version.key(),
                id,
                version.size(),
                version.etag().value(),
                version.facts().userMetadata(),
                version.facts().tags());
    }

    /**
     * @param facts of the version that was current, if there was one and the rules need them
     */
    static ObjectChange marked(ObjectKey key, VersionId marker, Optional<ObjectFacts> facts, ChangeContext change) {
        return new ObjectChange(
                change,
                Effect.MARKED,
                key,
                marker,
                0,
                "",
                facts.map(ObjectFacts::userMetadata).orElseGet(Collections::emptySortedMap),
                facts.map(ObjectFacts::tags).orElseGet(Collections::emptySortedMap));
    }

    static ObjectChange removed(Held version, boolean isCurrent, Optional<ObjectFacts> facts, ChangeContext change) {
        Effect effect = version.deleteMarker()
                ? Effect.REMOVED_MARKER
                : isCurrent ? Effect.REMOVED_CURRENT : Effect.REMOVED_NONCURRENT;
        return new ObjectChange(
                change,
                effect,
                version.key(),
                version.id(),
                version.size(),
                version.etag().value(),
                facts.map(ObjectFacts::userMetadata).orElseGet(Collections::emptySortedMap),
                facts.map(ObjectFacts::tags).orElseGet(Collections::emptySortedMap));
    }

    /** A version that has another key now. */
    static ObjectChange renamed(ObjectVersion source, ObjectKey to, VersionId id, ChangeContext change) {
        return new ObjectChange(
                change,
                Effect.CREATED,
                to,
                id,
                source.size(),
                source.etag().value(),
                source.facts().userMetadata(),
                source.facts().tags());
    }

    /** A version whose row was changed; its facts are as they are now. */
    static ObjectChange changed(HeldVersion held, ObjectFacts facts, ChangeContext change) {
        ObjectVersion version = held.version();
        return new ObjectChange(
                change,
                held.isCurrent() ? Effect.CHANGED : Effect.CHANGED_NONCURRENT,
                version.key(),
                version.id(),
                version.size(),
                version.etag().value(),
                facts.userMetadata(),
                facts.tags());
    }

    /** Writes the records of a change, if the bucket records its changes. */
    void record(Handle handle, Bucket bucket, ObjectChange change) {
        record(handle, bucket, List.of(change));
    }

    /** Writes the records of changes, if the bucket records them. */
    void record(Handle handle, Bucket bucket, List<ObjectChange> changes) {
        if (!bucket.recordsChanges() || changes.isEmpty()) {
            return;
        }
        Records records = new Records();
        ChangeRules.OfBucket ofBucket = rules.of(bucket);
        for (ObjectChange change : changes) {
            records.add(ofBucket.records(change), change.version().sequence());
            if (records.areMany()) {
                records.write(handle);
            }
        }
        records.write(handle);
    }

    private static final class Records {
        private record NumberedEvent(long sequence, QueuedEvent event) {}

        private final List<NumberedEvent> events = new ArrayList<>();
        private final List<JournalRecord> journal = new ArrayList<>();

        void add(ChangeRecords records, long sequence) {
            records.events().forEach(event -> events.add(new NumberedEvent(sequence, event)));
            journal.addAll(records.journal());
        }

        /** Whether they should be written before there are more: a thousand changes may have a hundred thousand of them. */
        boolean areMany() {
            return events.size() >= BATCH || journal.size() >= BATCH;
        }

        void write(Handle handle) {
            if (events.size() == 1) {
                NumberedEvent one = events.get(0);
                List<Object> values = new ArrayList<>(List.of(one.sequence()));
                addByTopic(values, one.event());
                Bind.all(handle.createUpdate(ADD_ONE_EVENT), values).execute();
            } else {
                writeEvents(handle);
            }
            for (List<JournalRecord> batch : Lists.partition(journal, BATCH)) {
                List<Object> values = new ArrayList<>();
                batch.forEach(record -> addTo(values, record));
                insertJournal(handle, batch.size(), values);
            }
            events.clear();
            journal.clear();
        }

        private void writeEvents(Handle handle) {
            for (List<NumberedEvent> batch : Lists.partition(events, BATCH)) {
                List<String> selects = new ArrayList<>();
                List<Object> values = new ArrayList<>();
                for (NumberedEvent numbered : batch) {
                    selects.add("SELECT t.id, ?" + OF_TOPIC);
                    values.add(numbered.sequence());
                    addTo(values, numbered.event());
                }
                Bind.all(handle.createUpdate(INTO_EVENT + String.join(" UNION ALL ", selects)), values)
                        .execute();
            }
        }

        private static void insertJournal(Handle handle, int rows, List<Object> values) {
            try {
                Bind.all(handle.createUpdate(intoJournal(rows)), values).execute();
            } catch (RuntimeException e) {
                if (Database.errorCode(e).filter(code -> code == NULL_TARGET).isPresent()) {
                    throw new JournalRefusedException("Logging bucket does not exist");
                }
                throw e;
            }
        }
    }

    private static void addTo(List<Object> values, QueuedEvent event) {
        values.add(event.record());
        values.add(event.accountId());
        values.add(event.topic());
    }

    /** For {@link #ADD_EVENT}. */
    private static void addByTopic(List<Object> values, QueuedEvent event) {
        values.add(event.accountId());
        values.add(event.topic());
        values.add(event.record());
    }

    private static void addTo(List<Object> values, JournalRecord record) {
        values.add(record.target().text().getBytes(UTF_8));
        values.add(record.prefix().getBytes(UTF_8));
        values.add(record.rollAfter().toNanos() / 1_000);
        values.add(record.line());
    }

    private static String intoJournal(int rows) {
        return INTO_JOURNAL + String.join(", ", Collections.nCopies(rows, JOURNAL_ROW));
    }

    /**
     * Statements that write the records of the publication of a version; they follow the one that publishes it in the same transaction,
     * which sets {@link #WRITTEN}, and use {@link #VARIABLES}.
     *
     * @param values for their question marks
     */
    record Statements(List<String> sql, List<Object> values) {}

    /** The statements for a version whose sequence is known to the database alone. */
    Statements statements(Bucket bucket, NewVersion version, VersionId proposed, ChangeContext change) {
        ChangeRecords records = rules.of(bucket).records(created(version, proposed, change));
        List<String> sql = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        for (QueuedEvent event : records.events()) {
            sql.add(ADD_EVENT);
            addByTopic(values, event);
        }
        if (!records.journal().isEmpty()) {
            sql.add(intoJournal(records.journal().size()));
            records.journal().forEach(record -> addTo(values, record));
        }
        return new Statements(sql, values);
    }
}
