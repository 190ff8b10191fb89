package io.pataka.service.metadata;

import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.ObjectIndex.Publication;
import io.pataka.service.metadata.RetirementQueue.Retired;
import io.pataka.service.metadata.row.Bind;
import io.pataka.service.metadata.row.LockRow;
import io.pataka.service.metadata.row.SequenceClock;
import io.pataka.service.metadata.row.VersionRow;
import io.pataka.service.metadata.row.VersionRow.Held;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.Content;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.VersionId;
import io.pataka.service.model.WriteCondition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * Makes a version current. Writers hold a shared lock on the bucket's row while they write, so that deleting the bucket or
 * changing its versioning, which lock it exclusively, comes wholly before or wholly after each write.
 */
final class VersionWriter {

    private static final int DUPLICATE = 1062;
    private static final int NULL_BUCKET = 1048;

    /** Yields no id, which no row can have, when the bucket is gone or its settings changed. */
    private static final String BUCKET = "(SELECT id FROM bucket WHERE id = ? AND FLOOR(epoch) = ? LOCK IN SHARE MODE)";

    private static final String COLUMNS_OF_NEW = "INSERT INTO object_current (bucket_id, object_key, "
            + VersionRow.COLUMNS + ") VALUES (" + BUCKET + ", ?, ";

    private static final String INSERT = COLUMNS_OF_NEW + VersionRow.MARKS + ")";

    private static final String SEQUENCE_OVER = "GREATEST(VALUES(sequence), sequence + 1)";

    /** What becomes of a row that is there. Assignments run from left to right: what is replaced is put aside first. */
    static final String OVER =
            " ON DUPLICATE KEY UPDATE prev_blob = blob_id, prev_upload = upload_id, prev_count = part_count,"
                    + " sequence = " + SEQUENCE_OVER + ", null_version = VALUES(null_version),"
                    + " delete_marker = VALUES(delete_marker), size = VALUES(size), etag = VALUES(etag),"
                    + " owner_id = VALUES(owner_id), owner_name = VALUES(owner_name), blob_id = VALUES(blob_id),"
                    + " upload_id = VALUES(upload_id), part_count = VALUES(part_count),"
                    + " storage_class = VALUES(storage_class), checksums = VALUES(checksums),"
                    + " appendable = VALUES(appendable), facts = VALUES(facts), lock_mode = VALUES(lock_mode),"
                    + " retain_until = VALUES(retain_until), legal_hold = VALUES(legal_hold)";

    private static final String REPLACED = " RETURNING sequence, prev_blob, prev_upload, prev_count";

    private static final String UPSERT = INSERT + OVER + REPLACED;

    /** As {@link #UPSERT}; the records that follow it in the same transaction read the sequence from the variable. */
    private static final String UPSERT_FOR_RECORDS = COLUMNS_OF_NEW + ChangeLog.WRITTEN + " := " + VersionRow.MARKS
            + ")" + OVER.replace(SEQUENCE_OVER, "(" + ChangeLog.WRITTEN + " := " + SEQUENCE_OVER + ")") + REPLACED;

    /** A failure in it is the failure of the whole. */
    private static final String TRANSACTION = "BEGIN NOT ATOMIC " + ChangeLog.VARIABLES
            + "DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;" + " START TRANSACTION; ";

    private static final String HOLD =
            "SELECT " + VersionRow.HELD + " FROM object_current WHERE bucket_id = ? AND object_key = ? FOR UPDATE";

    private static final String HOLD_WHOLE =
            "SELECT " + VersionRow.COLUMNS + " FROM object_current WHERE bucket_id = ? AND object_key = ? FOR UPDATE";

    private static final String REPLACE = "UPDATE object_current SET sequence = ?, null_version = ?, delete_marker = ?,"
            + " size = ?, etag = ?, owner_id = ?, owner_name = ?, blob_id = ?, upload_id = ?, part_count = ?,"
            + " storage_class = ?, checksums = ?, appendable = ?, facts = ?, lock_mode = ?,"
            + " retain_until = " + LockRow.UNTIL + ", legal_hold = ? WHERE bucket_id = ? AND object_key = ?";

    private static final String TO_NONCURRENT = "INSERT INTO object_noncurrent (bucket_id, object_key, "
            + VersionRow.COLUMNS + ") SELECT bucket_id, object_key, " + VersionRow.COLUMNS
            + " FROM object_current WHERE bucket_id = ? AND object_key = ?";

    private static final String DROP_NULL = "DELETE FROM object_noncurrent WHERE bucket_id = ? AND object_key = ?"
            + " AND sole_null = 1 RETURNING blob_id, upload_id, part_count";

    private final Database database;
    private final RetirementQueue retirement;
    private final SequenceClock clock;
    private final ChangeLog log;

    VersionWriter(Database database, RetirementQueue retirement, SequenceClock clock, ChangeLog log) {
        this.database = database;
        this.retirement = retirement;
        this.clock = clock;
        this.log = log;
    }

    /** Greater than the sequences of all versions that this node has written. */
    long nextSequence() {
        return clock.next();
    }

    Publication publish(Bucket bucket, NewVersion version, WriteCondition condition, ChangeContext change) {
        if (bucket.versioning() == Versioning.OFF && condition instanceof WriteCondition.Always) {
            if (!bucket.recordsChanges()) {
                return overwrite(bucket, version);
            }
            Optional<Publication> publication = overwriteAndRecord(bucket, version, change);
            if (publication.isPresent()) {
                return publication.get();
            }
        } else if (bucket.versioning() == Versioning.OFF
                && condition instanceof WriteCondition.Absent
                && !bucket.recordsChanges()) {
            return insert(bucket, version);
        }
        log.prepare(bucket);
        return database.transact(handle -> {
            if (!lockBucket(handle, bucket)) {
                return new Publication.Refused(Refusal.BUCKET_CHANGED);
            }
            List<Retired> retired = new ArrayList<>();
            Publication publication = publish(handle, bucket, version, condition, change, retired);
            RetiredContent.insert(handle, retired);
            return publication;
        });
    }

    /** One statement that commits by itself. */
    private Publication overwrite(Bucket bucket, NewVersion version) {
        VersionId proposed = new VersionId(clock.next(), true);
        try {
            return overwrite(bucket, version, UPSERT, row(bucket, proposed, version));
        } catch (RuntimeException e) {
            return bucketChanged(e);
        }
    }

    /**
     * A transaction that is sent as one statement, because each statement of its own would cost the client and the server a round trip.
     * Empty if the bucket changed or the journal has no target: the caller finds out which.
     */
    private Optional<Publication> overwriteAndRecord(Bucket bucket, NewVersion version, ChangeContext change) {
        VersionId proposed = new VersionId(clock.next(), true);
        ChangeLog.Statements records = log.statements(bucket, version, proposed, change);
        Object[] values = Stream.concat(Stream.of(row(bucket, proposed, version)), records.values().stream())
                .toArray();
        String sql = TRANSACTION + UPSERT_FOR_RECORDS + "; "
                + records.sql().stream().map(one -> one + "; ").collect(Collectors.joining()) + "COMMIT; END";
        try {
            return Optional.of(overwrite(bucket, version, sql, values));
        } catch (RuntimeException e) {
            if (Database.errorCode(e).filter(code -> code == NULL_BUCKET).isPresent()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Publication overwrite(Bucket bucket, NewVersion version, String sql, Object... values) {
        record Replaced(long sequence, Content content) {}
        Replaced replaced = database.write(handle -> Bind.all(handle.createQuery(sql), values)
                .map((row, context) -> new Replaced(row.getLong(1), VersionRow.content(row, 2)))
                .one());
        if (!(replaced.content() instanceof Content.None) && !replaced.content().equals(version.content())) {
            retirement.add(new Retired(bucket.id(), version.key(), replaced.content()));
        }
        return published(new VersionId(replaced.sequence(), true));
    }

    /** One statement that commits by itself. */
    private Publication insert(Bucket bucket, NewVersion version) {
        VersionId id = new VersionId(clock.next(), true);
        try {
            database.write(handle -> Bind.all(handle.createUpdate(INSERT), row(bucket, id, version))
                    .execute());
            return published(id);
        } catch (RuntimeException e) {
            if (Database.errorCode(e).filter(code -> code == DUPLICATE).isPresent()) {
                return new Publication.Refused(Refusal.CONDITION_UNMET);
            }
            return bucketChanged(e);
        }
    }

    private static Publication bucketChanged(RuntimeException e) {
        if (Database.errorCode(e).filter(code -> code == NULL_BUCKET).isPresent()) {
            return new Publication.Refused(Refusal.BUCKET_CHANGED);
        }
        throw e;
    }

    /** Locks the bucket's row against deletion and changes of its settings until the transaction ends. */
    static boolean lockBucket(Handle handle, Bucket bucket) {
        return Bind.all(
                        handle.createQuery("SELECT 1 FROM bucket WHERE id = ? AND FLOOR(epoch) = ? LOCK IN SHARE MODE"),
                        bucket.id(),
                        bucket.epoch())
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    /**
     * Publishes in the transaction of the caller, who has locked the bucket.
     *
     * @param change what a bucket that records its changes keeps with them
     * @param retired gets what the version replaces
     */
    Publication publish(
            Handle handle,
            Bucket bucket,
            NewVersion version,
            WriteCondition condition,
            ChangeContext change,
            List<Retired> retired) {
        Optional<Held> current = hold(handle, bucket, version.key());
        Optional<Refusal> refusal = refusal(condition, current);
        if (refusal.isPresent()) {
            return new Publication.Refused(refusal.get());
        }
        current.ifPresent(old -> putAside(handle, bucket, version, old, retired));
        VersionId id = put(handle, bucket, version, current);
        log.record(handle, bucket, ChangeLog.created(version, id, change));
        return published(id);
    }

    /** The current version, locked until the transaction ends. */
    static Optional<Held> hold(Handle handle, Bucket bucket, ObjectKey key) {
        return Bind.all(handle.createQuery(HOLD), bucket.id(), key.bytes())
                .map((row, context) -> VersionRow.held(row))
                .findOne();
    }

    /** As {@link #hold}, with everything that the row has. */
    static Optional<ObjectVersion> holdWhole(Handle handle, Bucket bucket, ObjectKey key) {
        return Bind.all(handle.createQuery(HOLD_WHOLE), bucket.id(), key.bytes())
                .map(VersionRow.version(bucket.id(), key))
                .findOne();
    }

    /** Keeps what the version replaces as a noncurrent version, or retires it. */
    private static void putAside(Handle handle, Bucket bucket, NewVersion version, Held old, List<Retired> retired) {
        boolean asNull = bucket.versioning() != Versioning.ENABLED;
        byte[] key = version.key().bytes();
        if (asNull && old.id().isNull()) {
            retire(retired, bucket, version, old.content());
        } else {
            if (asNull) {
                Bind.all(handle.createQuery(DROP_NULL), bucket.id(), key)
                        .map((row, context) -> VersionRow.content(row, 1))
                        .forEach(content -> retire(retired, bucket, version, content));
            }
            Bind.all(handle.createUpdate(TO_NONCURRENT), bucket.id(), key).execute();
        }
    }

    /**
     * Writes the row of the current version.
     *
     * @param current the row that is there, which the caller has locked
     */
    VersionId put(Handle handle, Bucket bucket, NewVersion version, Optional<Held> current) {
        VersionId id = new VersionId(newer(current), bucket.versioning() != Versioning.ENABLED);
        if (current.isPresent()) {
            byte[] key = version.key().bytes();
            Object[] values = Stream.concat(
                            Stream.of(VersionRow.values(id, version, bucket.defaultRetention())),
                            Stream.of(bucket.id(), key))
                    .toArray();
            Bind.all(handle.createUpdate(REPLACE), values).execute();
            return id;
        }
        try {
            Bind.all(handle.createUpdate(INSERT), row(bucket, id, version)).execute();
            return id;
        } catch (RuntimeException e) {
            if (Database.errorCode(e).filter(code -> code == DUPLICATE).isPresent()) {
                throw new Database.OvertakenException();
            }
            throw e;
        }
    }

    private static void retire(List<Retired> retired, Bucket bucket, NewVersion version, Content content) {
        if (!(content instanceof Content.None) && !content.equals(version.content())) {
            retired.add(new Retired(bucket.id(), version.key(), content));
        }
    }

    /** A sequence greater than that of the current version. */
    private long newer(Optional<Held> current) {
        return Math.max(
                clock.next(), current.map(held -> held.id().sequence() + 1).orElse(1L));
    }

    /** Why a condition forbids replacing the current version, if it does. */
    static Optional<Refusal> refusal(WriteCondition condition, Optional<Held> current) {
        return switch (Judgement.of(condition, current)) {
            case HOLDS -> Optional.empty();
            case UNMET -> Optional.of(Refusal.CONDITION_UNMET);
            case NOTHING_TO_MATCH -> Optional.of(Refusal.NOTHING_TO_MATCH);
        };
    }

    private static Object[] row(Bucket bucket, VersionId id, NewVersion version) {
        ObjectKey key = version.key();
        return Stream.concat(
                        Stream.of(bucket.id(), bucket.epoch(), key.bytes()),
                        Stream.of(VersionRow.values(id, version, bucket.defaultRetention())))
                .toArray();
    }

    static Publication published(VersionId id) {
        return new Publication.Published(id, VersionRow.lastModified(id.sequence()));
    }
}
