package io.pataka.service.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Ticker;
import io.pataka.service.metadata.row.Bind;
import io.pataka.service.metadata.row.BucketRow;
import io.pataka.service.metadata.row.Micros;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.DefaultRetention;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.Owner;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** The buckets in MariaDB, behind a cache. */
public final class MariaDbBucketCatalog implements BucketCatalog {

    /** With the time that a load takes, at most the two seconds that the catalog promises. */
    static final Duration LIFETIME = Duration.ofMillis(1_500);

    private static final int CACHED = 10_000;
    private static final int LONGEST_NAME = 255;

    private static final String BY_NAME = "SELECT " + BucketRow.COLUMNS + " FROM bucket WHERE name = ?";

    /** No kind of a bucket's own documents begins so. */
    private static final String OF_OWNER = "owner/";

    /** Nor is any called so: the epoch under which the documents were read. */
    private static final String EPOCH = "/epoch";

    private static final String DOCUMENTS = "SELECT kind, document FROM bucket_document WHERE bucket_id = ?"
            + " UNION ALL SELECT CONCAT('" + OF_OWNER + "', a.kind), a.document FROM bucket b"
            + " JOIN account_document a ON a.account_id = b.owner_id WHERE b.id = ?"
            + " UNION ALL SELECT '" + EPOCH + "', FLOOR(epoch) FROM bucket WHERE id = ?";
    private static final String LOCK = "SELECT " + BucketRow.COLUMNS + " FROM bucket WHERE id = ? FOR UPDATE";

    /** What the epoch of a bucket with object lock ends in, so that no write of a node that knows no locks meets it. */
    private static final String OF_LOCK = "0.5";

    private final Database database;
    private final Clock clock;
    private final BucketUsage usage;

    private final SharedLoads<BucketName, Optional<Bucket>> buckets;
    private final SharedLoads<Long, Map<String, String>> documents;

    public MariaDbBucketCatalog(Database database, Clock clock) {
        this(database, clock, Ticker.systemTicker());
    }

    /** @param memory the clock for the age of remembered buckets */
    MariaDbBucketCatalog(Database database, Clock clock, Ticker memory) {
        this.database = database;
        this.clock = clock;
        this.usage = new BucketUsage(database, clock);
        this.buckets = new SharedLoads<>(CACHED, LIFETIME, memory, this::load);
        this.documents = new SharedLoads<>(CACHED, LIFETIME, memory, this::loadDocuments);
    }

    @Override
    public Optional<Bucket> find(BucketName name) {
        return buckets.get(name);
    }

    @Override
    public Optional<Bucket> findSince(BucketName name, long since) {
        return buckets.getSince(name, since);
    }

    @Override
    public void refreshDocuments(Bucket bucket, long since) {
        documents.getSince(bucket.id(), since);
    }

    private Optional<Bucket> load(BucketName name) {
        byte[] bytes = name.text().getBytes(UTF_8);
        if (bytes.length > LONGEST_NAME) {
            return Optional.empty();
        }
        return database.read(handle -> Bind.all(handle.createQuery(BY_NAME), (Object) bytes)
                .map((row, context) -> BucketRow.bucket(row))
                .findOne());
    }

    @Override
    public Creation create(
            BucketName name,
            Owner owner,
            boolean objectLock,
            int limit,
            Map<DocumentKind, String> initial,
            ChangeContext change) {
        return changing(
                name,
                () -> database.transact(handle -> {
                    Optional<Bucket> taken = byName(handle, name);
                    if (taken.isPresent()) {
                        return new Creation.Taken(taken.get());
                    }
                    int inserted = Bind.all(
                                    handle.createUpdate(
                                            "INSERT IGNORE INTO bucket (name, owner_id, owner_name, created_at,"
                                                    + " versioning, object_lock, epoch) VALUES (?, ?, ?, ?, ?, ?, "
                                                    + (objectLock ? "1 + " + OF_LOCK : "1") + ")"),
                                    name.text().getBytes(UTF_8),
                                    owner.id(),
                                    owner.displayName(),
                                    Micros.of(clock.instant()),
                                    (objectLock ? Versioning.ENABLED : Versioning.OFF).name(),
                                    objectLock)
                            .execute();
                    Bucket bucket = byName(handle, name).orElseThrow(Database.OvertakenException::new);
                    if (inserted == 0) {
                        return new Creation.Taken(bucket);
                    }
                    // Counted after the insertion: of two that race for the last place, each waits for the other's row,
                    // and one yields.
                    if (limit > 0 && owned(handle, owner) > limit) {
                        Bind.all(handle.createUpdate("DELETE FROM bucket WHERE id = ?"), bucket.id())
                                .execute();
                        return new Creation.OverLimit(limit);
                    }
                    initial.forEach((kind, document) -> put(handle, bucket, kind, new StoredDocument(document, false)));
                    return new Creation.Created(bucket);
                }));
    }

    private static Optional<Bucket> byName(Handle handle, BucketName name) {
        return Bind.all(handle.createQuery(BY_NAME), (Object) name.text().getBytes(UTF_8))
                .map((row, context) -> BucketRow.bucket(row))
                .findOne();
    }

    private static int owned(Handle handle, Owner owner) {
        return Bind.all(
                        handle.createQuery("SELECT COUNT(*) FROM bucket WHERE owner_id = ? LOCK IN SHARE MODE"),
                        owner.id())
                .mapTo(Integer.class)
                .one();
    }

    @Override
    public Deletion delete(Bucket bucket, ChangeContext change) {
        Deletion deletion = changing(
                bucket.name(),
                () -> database.transact(handle -> {
                    if (lock(handle, bucket).isEmpty()) {
                        return Deletion.GONE;
                    }
                    for (String table : List.of("object_current", "object_noncurrent")) {
                        if (Bind.all(
                                        handle.createQuery("SELECT 1 FROM " + table + " WHERE bucket_id = ? LIMIT 1"),
                                        bucket.id())
                                .mapTo(Integer.class)
                                .findOne()
                                .isPresent()) {
                            return Deletion.NOT_EMPTY;
                        }
                    }
                    Bind.all(
                                    handle.createUpdate(
                                            "INSERT IGNORE INTO retired_parts (upload_id, bucket_id, object_key,"
                                                    + " due_at) SELECT id, bucket_id, object_key, " + Micros.NOW
                                                    + " FROM upload WHERE bucket_id = ?"),
                                    bucket.id())
                            .execute();
                    Bind.all(handle.createUpdate("DELETE FROM upload WHERE bucket_id = ?"), bucket.id())
                            .execute();
                    Bind.all(handle.createUpdate("DELETE FROM bucket WHERE id = ?"), bucket.id())
                            .execute();
                    return Deletion.DELETED;
                }));
        documents.invalidate(bucket.id());
        return deletion;
    }

    /** The bucket as it is now, locked against writers until the transaction ends. */
    private static Optional<Bucket> lock(Handle handle, Bucket bucket) {
        return Bind.all(handle.createQuery(LOCK), bucket.id())
                .map((row, context) -> BucketRow.bucket(row))
                .findOne();
    }

    @Override
    public List<Bucket> page(String ownerId, String prefix, String after, int limit) {
        byte[] start = prefix.getBytes(UTF_8);
        return database.read(handle -> Bind.all(
                        handle.createQuery(
                                "SELECT " + BucketRow.COLUMNS + " FROM bucket WHERE owner_id = ? AND name >= ?"
                                        + " AND name > ? AND LEFT(name, ?) = ? ORDER BY name LIMIT ?"),
                        ownerId,
                        start,
                        after.getBytes(UTF_8),
                        start.length,
                        start,
                        limit)
                .map((row, context) -> BucketRow.bucket(row))
                .list());
    }

    @Override
    public Optional<Bucket> setVersioning(Bucket bucket, Versioning versioning, ChangeContext change) {
        return changing(
                bucket.name(),
                () -> database.transact(handle -> {
                    Bind.all(
                                    handle.createUpdate(
                                            "UPDATE bucket SET epoch = epoch + 1, versioning = ? WHERE id = ?"
                                                    + " AND NOT object_lock"),
                                    versioning.name(),
                                    bucket.id())
                            .execute();
                    return lock(handle, bucket);
                }));
    }

    @Override
    public LockSetting setObjectLock(Bucket bucket, Optional<DefaultRetention> defaultRetention, ChangeContext change) {
        return changing(
                bucket.name(),
                () -> database.transact(handle -> {
                    Optional<Bucket> now = lock(handle, bucket);
                    if (now.isEmpty()) {
                        return LockSetting.GONE;
                    }
                    if (now.get().versioning() != Versioning.ENABLED) {
                        return LockSetting.NOT_VERSIONED;
                    }
                    Bind.all(
                                    handle.createUpdate("UPDATE bucket SET epoch = FLOOR(epoch) + 1 + " + OF_LOCK
                                            + ", object_lock = TRUE, default_mode = ?, default_length = ?,"
                                            + " default_unit = ? WHERE id = ?"),
                                    defaultRetention
                                            .map(rule -> rule.mode().name())
                                            .orElse(null),
                                    defaultRetention
                                            .map(DefaultRetention::length)
                                            .orElse(null),
                                    defaultRetention
                                            .map(rule -> rule.unit().name())
                                            .orElse(null),
                                    bucket.id())
                            .execute();
                    return LockSetting.SET;
                }));
    }

    @Override
    public Optional<String> document(Bucket bucket, DocumentKind kind) {
        Map<String, String> known = documents.get(bucket.id());
        if (kind.changesVersions() && isOlder(known, bucket)) {
            known = documents.getSince(bucket.id(), System.nanoTime());
        }
        return Optional.ofNullable(known.get(kind.name()));
    }

    private static boolean isOlder(Map<String, String> documents, Bucket bucket) {
        return Integer.parseInt(documents.getOrDefault(EPOCH, "0")) < bucket.epoch();
    }

    @Override
    public Optional<String> ownersDocument(Bucket bucket, DocumentKind kind) {
        return Optional.ofNullable(documents.get(bucket.id()).get(OF_OWNER + kind.name()));
    }

    private Map<String, String> loadDocuments(long bucketId) {
        record Document(String kind, String text) {}
        return database.read(handle -> Bind.all(handle.createQuery(DOCUMENTS), bucketId, bucketId, bucketId)
                .map((row, context) -> new Document(row.getString(1), row.getString(2)))
                .collect(Collectors.toMap(Document::kind, Document::text)));
    }

    @Override
    public boolean putDocument(Bucket bucket, DocumentKind kind, StoredDocument document, ChangeContext change) {
        return updateDocument(bucket, kind, former -> Optional.of(document), change);
    }

    private static void put(Handle handle, Bucket bucket, DocumentKind kind, StoredDocument document) {
        Bind.all(
                        handle.createUpdate("INSERT INTO bucket_document (bucket_id, kind, document, asks_for_records)"
                                + " VALUES (?, ?, ?, ?) ON DUPLICATE KEY UPDATE document = VALUES(document),"
                                + " asks_for_records = VALUES(asks_for_records)"),
                        bucket.id(),
                        kind.name(),
                        document.text(),
                        document.recordsChanges())
                .execute();
    }

    @Override
    public boolean updateDocument(
            Bucket bucket,
            DocumentKind kind,
            Function<Optional<String>, Optional<StoredDocument>> update,
            ChangeContext change) {
        return changingDocuments(
                bucket,
                kind,
                () -> database.transact(handle -> {
                    if (lock(handle, bucket).isEmpty()) {
                        return false;
                    }
                    Optional<StoredDocument> updated = update.apply(stored(handle, bucket, kind));
                    if (updated.isPresent()) {
                        put(handle, bucket, kind, updated.get());
                        changed(handle, bucket, kind);
                    } else if (delete(handle, bucket, kind)) {
                        changed(handle, bucket, kind);
                    }
                    return true;
                }));
    }

    private static Optional<String> stored(Handle handle, Bucket bucket, DocumentKind kind) {
        return Bind.all(
                        handle.createQuery("SELECT document FROM bucket_document WHERE bucket_id = ? AND kind = ?"),
                        bucket.id(),
                        kind.name())
                .mapTo(String.class)
                .findOne();
    }

    @Override
    public boolean deleteDocument(Bucket bucket, DocumentKind kind, ChangeContext change) {
        return changingDocuments(
                bucket,
                kind,
                () -> database.transact(handle -> {
                    boolean deleted = lock(handle, bucket).isPresent() && delete(handle, bucket, kind);
                    if (deleted) {
                        changed(handle, bucket, kind);
                    }
                    return deleted;
                }));
    }

    private static boolean delete(Handle handle, Bucket bucket, DocumentKind kind) {
        return Bind.all(
                                handle.createUpdate("DELETE FROM bucket_document WHERE bucket_id = ? AND kind = ?"),
                                bucket.id(),
                                kind.name())
                        .execute()
                > 0;
    }

    /** In the transaction that changes the document. */
    private static void changed(Handle handle, Bucket bucket, DocumentKind kind) {
        Bind.all(
                        handle.createUpdate("DELETE FROM bucket_turn WHERE job = ? AND bucket_id = ?"),
                        kind.name(),
                        bucket.id())
                .execute();
        if (kind.changesVersions()) {
            Bind.all(
                            handle.createUpdate(
                                    "UPDATE bucket SET epoch = epoch + 1, records_changes = EXISTS (SELECT 1"
                                            + " FROM bucket_document WHERE bucket_id = ? AND asks_for_records) WHERE id = ?"),
                            bucket.id(),
                            bucket.id())
                    .execute();
        }
    }

    private <T> T changingDocuments(Bucket bucket, DocumentKind kind, Supplier<T> change) {
        try {
            return kind.changesVersions() ? changing(bucket.name(), change) : change.get();
        } finally {
            documents.invalidate(bucket.id());
        }
    }

    /** From now on {@link #ownersDocument} reads the documents of accounts again. */
    public void forgetOwnersDocuments() {
        documents.invalidateAll();
    }

    @Override
    public Optional<Usage> usage(Bucket bucket) {
        return usage.ofBucket(bucket.id());
    }

    @Override
    public Optional<Usage> usage(Owner owner) {
        return usage.ofOwner(owner.id());
    }

    private <T> T changing(BucketName name, Supplier<T> change) {
        try {
            return change.get();
        } finally {
            buckets.invalidate(name);
        }
    }
}
