package io.pataka.service.metadata;

import io.pataka.service.metadata.ObjectIndex.KeyRange;
import io.pataka.service.metadata.ObjectIndex.Publication.Published;
import io.pataka.service.metadata.RetirementQueue.Retired;
import io.pataka.service.metadata.row.Bind;
import io.pataka.service.metadata.row.ChecksumCodec;
import io.pataka.service.metadata.row.LockRow;
import io.pataka.service.metadata.row.Micros;
import io.pataka.service.metadata.row.UploadRow;
import io.pataka.service.metadata.row.VersionRow.Held;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.Content;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectChange;
import io.pataka.service.model.ObjectChange.Effect;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Owner;
import io.pataka.service.model.UploadId;
import io.pataka.service.model.VersionId;
import io.pataka.service.model.WriteCondition;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The ledger of multipart uploads in MariaDB. */
public final class MariaDbUploadLedger implements UploadLedger {

    private static final int NULL_REFERENCE = 1048;
    private static final int BATCH = 1_000;

    private static final String BEGIN =
            "INSERT INTO upload (bucket_id, id, object_key, initiated_at, owner_id, owner_name,"
                    + " initiator_id, initiator_name, storage_class, algorithm, checksum_type, facts, "
                    + LockRow.COLUMNS
                    + ", base_sequence) VALUES ((SELECT id FROM bucket WHERE id = ? LOCK IN SHARE MODE), ?, ?, ?, ?, ?, ?, ?,"
                    + " ?, ?, ?, ?, " + LockRow.MARKS
                    + ", COALESCE((SELECT sequence FROM object_current WHERE bucket_id = ? AND object_key = ?), 0))";

    private static final String FIND =
            "SELECT " + UploadRow.COLUMNS + " FROM upload WHERE id = ? AND bucket_id = ? AND object_key = ?";

    private static final String KEY_OF = "SELECT object_key FROM upload WHERE id = ? AND bucket_id = ?";

    /** Yields no id when the upload is completed or aborted. What is replaced is put aside first. */
    private static final String PUT_PART = "INSERT INTO part (upload_id, part_number, blob_id, size, etag, modified_at,"
            + " checksums) VALUES ((SELECT id FROM upload WHERE id = ? LOCK IN SHARE MODE), ?, ?, ?, ?, ?, ?)"
            + " ON DUPLICATE KEY UPDATE prev_blob = blob_id, blob_id = VALUES(blob_id), size = VALUES(size),"
            + " etag = VALUES(etag), modified_at = VALUES(modified_at), checksums = VALUES(checksums)"
            + " RETURNING prev_blob";

    private static final String PARTS = "SELECT " + UploadRow.PART_COLUMNS
            + " FROM part WHERE upload_id = ? AND part_number > ? ORDER BY part_number LIMIT ?";

    private static final String LAY_OUT = "UPDATE part p JOIN (SELECT part_number,"
            + " SUM(size) OVER (ORDER BY part_number) - size AS starts_at FROM part WHERE upload_id = ?) layout"
            + " ON layout.part_number = p.part_number SET p.starts_at = layout.starts_at,"
            + " p.checksums = IF(?, p.checksums, '') WHERE p.upload_id = ?";

    private final Database database;
    private final VersionWriter writer;
    private final RetirementQueue retirement;
    private final ChangeLog log;
    private final Quotas quotas;
    private final Clock clock;

    public MariaDbUploadLedger(Database database, MariaDbObjectIndex objects, Clock clock) {
        this.database = database;
        this.writer = objects.writer();
        this.retirement = objects.retirement();
        this.log = objects.log();
        this.quotas = objects.quotas();
        this.clock = clock;
    }

    @Override
    public Optional<Upload> begin(
            Bucket bucket,
            ObjectKey key,
            Owner owner,
            ObjectFacts facts,
            UploadChecksum checksum,
            ChangeContext change) {
        Upload upload = new Upload(
                UploadId.random(),
                bucket.id(),
                key,
                owner,
                change.actor().owner(bucket),
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                facts,
                checksum);
        List<Object> values = new ArrayList<>(List.of(bucket.id()));
        values.addAll(Arrays.asList(UploadRow.values(upload)));
        values.addAll(List.of(bucket.id(), key.bytes()));
        try {
            if (bucket.recordsChanges()) {
                log.prepare(bucket);
                database.transact(handle -> begin(handle, bucket, upload, values, change));
            } else {
                database.write(
                        handle -> Bind.all(handle.createUpdate(BEGIN), values).execute());
            }
            return Optional.of(upload);
        } catch (RuntimeException e) {
            if (isNullReference(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private int begin(Handle handle, Bucket bucket, Upload upload, List<Object> values, ChangeContext change) {
        int begun = Bind.all(handle.createUpdate(BEGIN), values).execute();
        log.record(handle, bucket, uploading(upload, Effect.UPLOAD_BEGUN, change));
        return begun;
    }

    private ObjectChange uploading(Upload upload, Effect effect, ChangeContext change) {
        return new ObjectChange(
                change,
                effect,
                upload.key(),
                new VersionId(writer.nextSequence(), true),
                0,
                "",
                upload.facts().userMetadata(),
                upload.facts().tags());
    }

    private static boolean isNullReference(RuntimeException e) {
        return Database.errorCode(e).filter(code -> code == NULL_REFERENCE).isPresent();
    }

    @Override
    public Optional<Upload> find(Bucket bucket, ObjectKey key, UploadId id) {
        return database.read(handle -> find(handle, FIND, bucket, key, id));
    }

    @Override
    public Optional<ObjectKey> keyOf(Bucket bucket, UploadId id) {
        return database.read(handle -> Bind.all(handle.createQuery(KEY_OF), id.bytes(), bucket.id())
                .map((row, context) -> ObjectKey.of(row.getBytes("object_key")))
                .findOne());
    }

    private static Optional<Upload> find(Handle handle, String sql, Bucket bucket, ObjectKey key, UploadId id) {
        return Bind.all(handle.createQuery(sql), id.bytes(), bucket.id(), key.bytes())
                .map((row, context) -> UploadRow.upload(row))
                .findOne();
    }

    @Override
    public PartWrite putPart(Upload upload, UploadedPart part, ChangeContext change) {
        try {
            Optional<BlobId> replaced = database.write(handle -> Bind.all(
                            handle.createQuery(PUT_PART),
                            upload.id().bytes(),
                            part.number(),
                            part.blob().bytes(),
                            part.size(),
                            part.etag().value(),
                            Micros.of(part.lastModified()),
                            ChecksumCodec.encode(part.checksums()))
                    .map((row, context) -> Optional.ofNullable(row.getBytes(1)).map(BlobId::of))
                    .one());
            replaced.ifPresent(
                    blob -> retirement.add(new Retired(upload.bucketId(), upload.key(), new Content.Whole(blob))));
            return PartWrite.DONE;
        } catch (MetadataUnavailableException e) {
            if (e.mayLearnTheOutcome() && isWrittenDown(upload, part)) {
                return PartWrite.DONE;
            }
            throw e;
        } catch (RuntimeException e) {
            if (isNullReference(e)) {
                return new PartWrite(Optional.of(Refusal.NO_SUCH_UPLOAD));
            }
            throw e;
        }
    }

    private boolean isWrittenDown(Upload upload, UploadedPart part) {
        try {
            return parts(upload, part.number() - 1, 1).stream()
                    .anyMatch(found -> found.blob().equals(part.blob()));
        } catch (MetadataUnavailableException stillGone) {
            return false;
        }
    }

    @Override
    public List<UploadedPart> parts(Upload upload, int afterNumber, int limit) {
        return database.read(handle -> parts(handle, upload, afterNumber, limit));
    }

    private static List<UploadedPart> parts(Handle handle, Upload upload, int afterNumber, int limit) {
        return Bind.all(handle.createQuery(PARTS), upload.id().bytes(), afterNumber, limit)
                .map((row, context) -> UploadRow.part(row))
                .list();
    }

    @Override
    public List<Upload> scan(Bucket bucket, KeyRange range, Optional<UploadId> fromUpload, int limit) {
        List<Object> values = new ArrayList<>(List.of(bucket.id()));
        String sql = "SELECT " + UploadRow.COLUMNS + " FROM upload WHERE bucket_id = ?";
        if (fromUpload.isPresent()) {
            sql += " AND object_key = ? AND id > ?";
            values.addAll(List.of(range.from(), fromUpload.get().bytes()));
            List<Upload> sameKey = page(sql, values, limit);
            if (sameKey.size() == limit) {
                return sameKey;
            }
            List<Upload> all = new ArrayList<>(sameKey);
            all.addAll(scan(
                    bucket,
                    new KeyRange(range.from(), false, range.before()),
                    Optional.empty(),
                    limit - sameKey.size()));
            return all;
        }
        sql += MariaDbObjectIndex.within(range, values);
        return page(sql, values, limit);
    }

    private List<Upload> page(String sql, List<Object> values, int limit) {
        List<Object> all = new ArrayList<>(values);
        all.add(limit);
        return database.read(handle -> Bind.all(handle.createQuery(sql + " ORDER BY object_key, id LIMIT ?"), all)
                .map((row, context) -> UploadRow.upload(row))
                .list());
    }

    @Override
    public Completion complete(
            Bucket bucket, Upload upload, Assembly assembly, WriteCondition condition, ChangeContext change) {
        return quotas.judged(
                bucket,
                Growth.ofCompletion(upload.key(), 0),
                () -> completeJudged(bucket, upload, assembly, condition, change),
                completion -> completion.fold(
                        completed -> Growth.ofCompletion(
                                upload.key(), completed.version().size()),
                        refused -> Growth.NONE),
                Completion.Refused::new);
    }

    private Completion completeJudged(
            Bucket bucket, Upload upload, Assembly assembly, WriteCondition condition, ChangeContext change) {
        Completing completing = new Completing(bucket, upload, assembly, condition, change);
        log.prepare(bucket);
        try {
            return database.transact(completing::run);
        } catch (MetadataUnavailableException e) {
            if (e.mayLearnTheOutcome()) {
                return completing.learn().orElseThrow(() -> e);
            }
            throw e;
        }
    }

    /** One completion, in its transaction. */
    private final class Completing {
        private final Bucket bucket;
        private final Upload upload;
        private final Assembly assembly;
        private final WriteCondition condition;
        private final ChangeContext change;
        private Assembled assembled;

        Completing(Bucket bucket, Upload upload, Assembly assembly, WriteCondition condition, ChangeContext change) {
            this.bucket = bucket;
            this.upload = upload;
            this.assembly = assembly;
            this.condition = condition;
            this.change = change;
        }

        Completion run(Handle handle) {
            if (!VersionWriter.lockBucket(handle, bucket)) {
                return new Completion.Refused(Refusal.BUCKET_CHANGED);
            }
            // From here on no part of this upload changes: a writer of a part shares the lock on the upload's row.
            if (find(handle, FIND + " FOR UPDATE", bucket, upload.key(), upload.id())
                    .isEmpty()) {
                return new Completion.Refused(Refusal.NO_SUCH_UPLOAD);
            }
            List<UploadedPart> parts = parts(handle, upload, 0, Integer.MAX_VALUE);
            assembled = assembly.of(parts);
            if (isOvertaken(handle, bucket, upload, condition)) {
                return new Completion.Refused(Refusal.CONFLICT);
            }
            List<Retired> retired = new ArrayList<>();
            return writer.publish(handle, bucket, assembled.version(), condition, change, retired)
                    .fold(published -> finish(handle, published, parts, retired), Completion.Refused::new);
        }

        private Completion finish(Handle handle, Published published, List<UploadedPart> parts, List<Retired> retired) {
            RetiredContent.insert(handle, retired);
            drop(
                    handle,
                    upload,
                    parts.stream()
                            .filter(part -> !assembled.numbers().contains(part.number()))
                            .toList());
            byte[] id = upload.id().bytes();
            Bind.all(handle.createUpdate(LAY_OUT), id, upload.algorithm().isPresent(), id)
                    .execute();
            Bind.all(handle.createUpdate("DELETE FROM upload WHERE id = ?"), (Object) id)
                    .execute();
            Bind.all(
                            handle.createUpdate(
                                    "INSERT INTO completed_upload (upload_id, bucket_id, object_key, sequence,"
                                            + " null_version, etag, completed_at) VALUES (?, ?, ?, ?, ?, ?, "
                                            + Micros.NOW + ")"),
                            id,
                            bucket.id(),
                            upload.key().bytes(),
                            published.id().sequence(),
                            published.id().isNull(),
                            assembled.version().etag().value())
                    .execute();
            return new Completion.Completed(published.id(), assembled.version());
        }

        /** Looks whether a completion whose answer was lost took place. */
        Optional<Completion> learn() {
            try {
                return completed(bucket, upload.key(), upload.id())
                        .map(done -> new Completion.Completed(done.version(), assembled.version()));
            } catch (MetadataUnavailableException stillGone) {
                return Optional.empty();
            }
        }
    }

    /**
     * Whether the condition holds, but of another version than was current when the upload began.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html">AWS: conditional writes</a>
     */
    private static boolean isOvertaken(Handle handle, Bucket bucket, Upload upload, WriteCondition condition) {
        if (condition instanceof WriteCondition.Always) {
            return false;
        }
        Optional<Held> current = VersionWriter.hold(handle, bucket, upload.key());
        if (VersionWriter.refusal(condition, current).isPresent()) {
            return false;
        }
        long sequence = current.map(held -> held.id().sequence()).orElse(0L);
        return handle.createQuery("SELECT base_sequence FROM upload WHERE id = ?")
                .bind(0, upload.id().bytes())
                .map((row, context) -> Optional.ofNullable(row.getObject(1, Long.class)))
                .one()
                .filter(base -> base != sequence)
                .isPresent();
    }

    private static void drop(Handle handle, Upload upload, List<UploadedPart> parts) {
        for (int from = 0; from < parts.size(); from += BATCH) {
            List<UploadedPart> batch = parts.subList(from, Math.min(from + BATCH, parts.size()));
            List<Object> values = new ArrayList<>(List.of(upload.id().bytes()));
            batch.forEach(part -> values.add(part.number()));
            Bind.all(
                            handle.createUpdate("DELETE FROM part WHERE upload_id = ? AND part_number IN ("
                                    + Placeholders.list(batch.size()) + ")"),
                            values)
                    .execute();
            RetiredContent.insertBlobs(
                    handle, batch.stream().map(UploadedPart::blob).toList());
        }
    }

    @Override
    public Optional<CompletedUpload> completed(Bucket bucket, ObjectKey key, UploadId id) {
        return database.read(handle -> Bind.all(
                        handle.createQuery(
                                "SELECT sequence, null_version, etag FROM completed_upload WHERE upload_id = ?"
                                        + " AND bucket_id = ? AND object_key = ?"),
                        id.bytes(),
                        bucket.id(),
                        key.bytes())
                .map((row, context) -> new CompletedUpload(
                        id, new VersionId(row.getLong(1), row.getBoolean(2)), new ETag(row.getString(3))))
                .findOne());
    }

    @Override
    public boolean abort(Bucket bucket, ObjectKey key, UploadId id, ChangeContext change) {
        log.prepare(bucket);
        return database.transact(handle -> {
            Optional<Upload> aborted =
                    bucket.recordsChanges() ? find(handle, FIND + " FOR UPDATE", bucket, key, id) : Optional.empty();
            int removed = Bind.all(
                            handle.createUpdate("DELETE FROM upload WHERE id = ? AND bucket_id = ? AND object_key = ?"),
                            id.bytes(),
                            bucket.id(),
                            key.bytes())
                    .execute();
            if (removed > 0) {
                RetiredContent.insert(handle, List.of(new Retired(bucket.id(), key, new Content.Parts(id, 1))));
                aborted.ifPresent(
                        upload -> log.record(handle, bucket, uploading(upload, Effect.UPLOAD_ABORTED, change)));
            }
            return removed > 0;
        });
    }

    @Override
    public boolean expireCompleted(Duration age, int limit) {
        return database.write(handle -> Bind.all(
                                handle.createUpdate("DELETE FROM completed_upload WHERE completed_at <= " + Micros.NOW
                                        + " - ? ORDER BY completed_at LIMIT ?"),
                                age.toNanos() / 1_000,
                                limit)
                        .execute())
                == limit;
    }
}
