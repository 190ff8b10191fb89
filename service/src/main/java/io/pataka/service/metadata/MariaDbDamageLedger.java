package io.pataka.service.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.metadata.row.Bind;
import io.pataka.service.metadata.row.Micros;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.UploadId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The ledger of lost blobs in MariaDB. */
public final class MariaDbDamageLedger implements DamageLedger {

    private static final int REASON = 1000;

    private static final String DAMAGE = "SELECT d.blob_id, d.kind, d.found_at, d.reason, b.name, d.object_key"
            + " FROM damaged_blob d LEFT JOIN bucket b ON b.id = d.bucket_id";

    private static final String SEEN = "UPDATE damaged_blob SET bucket_id = ?, object_key = ?, seen_at = " + Micros.NOW;

    /** That what has indexes by blob does not need it, and that no share of it may still be published. */
    private static final String NOT_NEEDED =
            "NOT EXISTS (SELECT 1 FROM object_noncurrent n WHERE n.blob_id = d.blob_id)"
                    + " AND NOT EXISTS (SELECT 1 FROM part p WHERE p.blob_id = d.blob_id)"
                    + " AND NOT EXISTS (SELECT 1 FROM blob_link l WHERE l.blob_id = d.blob_id AND (l.linked_at > "
                    + Micros.NOW
                    + " - " + MariaDbBlobLedger.SHARE_LIFETIME + " OR " + MariaDbBlobLedger.LINK_IN_USE + "))";

    private static final String ONLY_OWNER_LOST_IT = "d.bucket_id IS NOT NULL"
            + " AND NOT EXISTS (SELECT 1 FROM blob_link l WHERE l.blob_id = d.blob_id)"
            + " AND NOT EXISTS (SELECT 1 FROM object_current c WHERE c.bucket_id = d.bucket_id"
            + " AND c.object_key = d.object_key AND c.blob_id = d.blob_id)";

    private static final String UNSEEN = "d.found_at < j.whole_at AND (d.seen_at IS NULL OR d.seen_at < j.whole_at)";

    private final Database database;

    public MariaDbDamageLedger(Database database) {
        this.database = Objects.requireNonNull(database);
    }

    @Override
    public void record(BlobId blob, Kind kind, String reason) {
        String cut = reason.length() > REASON ? reason.substring(0, REASON) : reason;
        database.write(handle -> Bind.all(
                        handle.createUpdate(
                                "INSERT INTO damaged_blob (blob_id, kind, found_at, reason) VALUES (?, ?, " + Micros.NOW
                                        + ", ?) ON DUPLICATE KEY UPDATE kind = VALUES(kind), reason = VALUES(reason)"),
                        blob.bytes(),
                        kind.name(),
                        cut)
                .execute());
    }

    @Override
    public void seen(Collection<BlobId> blobs, long bucketId, ObjectKey key) {
        for (BlobId blob : blobs) {
            database.write(handle -> Bind.all(
                            handle.createUpdate(SEEN + " WHERE blob_id = ?"), bucketId, key.bytes(), blob.bytes())
                    .execute());
        }
    }

    @Override
    public List<Damage> seen(UploadId upload, long bucketId, ObjectKey key) {
        List<Damage> found = database.read(handle -> Bind.all(
                        handle.createQuery(
                                DAMAGE + " WHERE d.blob_id IN (SELECT p.blob_id FROM part p WHERE p.upload_id = ?)"),
                        (Object) upload.bytes())
                .map((row, context) -> damage(row))
                .list());
        seen(found.stream().map(Damage::blob).toList(), bucketId, key);
        return found;
    }

    @Override
    public void clear(Collection<BlobId> blobs) {
        if (blobs.isEmpty()) {
            return;
        }
        List<Object> ids = blobs.stream().<Object>map(BlobId::bytes).toList();
        database.write(handle -> Bind.all(
                        handle.createUpdate(
                                "DELETE FROM damaged_blob WHERE blob_id IN (" + Placeholders.list(ids.size()) + ")"),
                        ids)
                .execute());
    }

    @Override
    public Set<BlobId> lostAmong(Collection<BlobId> blobs) {
        if (blobs.isEmpty()) {
            return Set.of();
        }
        List<Object> ids = blobs.stream().<Object>map(BlobId::bytes).toList();
        return database.read(handle -> Bind.all(
                        handle.createQuery("SELECT blob_id FROM damaged_blob WHERE blob_id IN ("
                                + Placeholders.list(ids.size()) + ")"),
                        ids)
                .map((row, context) -> BlobId.of(row.getBytes(1)))
                .set());
    }

    @Override
    public Lost lost(int limit) {
        return database.read(handle -> {
            Set<BlobId> blobs = new HashSet<>();
            Set<UploadId> uploads = new HashSet<>();
            handle.createQuery("SELECT d.blob_id, p.upload_id FROM (SELECT blob_id FROM damaged_blob ORDER BY blob_id"
                            + " LIMIT " + limit + ") d LEFT JOIN part p ON p.blob_id = d.blob_id LIMIT "
                            + 2L * limit)
                    .map((row, context) -> {
                        blobs.add(BlobId.of(row.getBytes(1)));
                        Optional.ofNullable(row.getBytes(2)).map(UploadId::of).ifPresent(uploads::add);
                        return true;
                    })
                    .list();
            return new Lost(blobs, uploads);
        });
    }

    @Override
    public Map<Kind, Long> counts() {
        Map<Kind, Long> counts = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            counts.put(kind, 0L);
        }
        database.read(handle -> handle.createQuery("SELECT kind, COUNT(*) FROM damaged_blob GROUP BY kind")
                .map((row, context) -> counts.put(Kind.valueOf(row.getString(1)), row.getLong(2)))
                .list());
        return counts;
    }

    @Override
    public Optional<Damage> find(BlobId blob) {
        return database.read(
                handle -> Bind.all(handle.createQuery(DAMAGE + " WHERE d.blob_id = ?"), (Object) blob.bytes())
                        .map((row, context) -> damage(row))
                        .findOne());
    }

    @Override
    public List<Damage> list(Optional<Damage> after, int limit) {
        return database.read(handle -> Bind.all(
                        handle.createQuery(DAMAGE + " WHERE d.blob_id > ? ORDER BY d.blob_id LIMIT ?"),
                        after.map(last -> last.blob().bytes()).orElse(new byte[0]),
                        limit)
                .map((row, context) -> damage(row))
                .list());
    }

    @Override
    public boolean isAbandoned(BlobId blob, String audit) {
        return database.read(handle -> Bind.all(
                        handle.createQuery("SELECT EXISTS (SELECT 1 FROM damaged_blob d"
                                + " LEFT JOIN retired_blob r ON r.blob_id = d.blob_id"
                                + " LEFT JOIN job_position j ON j.job = ? WHERE d.blob_id = ? AND " + NOT_NEEDED
                                + " AND (" + ONLY_OWNER_LOST_IT + " OR " + UNSEEN
                                + " AND (r.retired_at IS NULL OR r.retired_at < j.whole_at)))"),
                        audit,
                        blob.bytes())
                .mapTo(Boolean.class)
                .one());
    }

    @Override
    public List<Damage> unseen(String audit, int limit) {
        return database.read(handle -> Bind.all(
                        handle.createQuery(DAMAGE + " JOIN job_position j ON j.job = ?"
                                + " WHERE " + UNSEEN + " AND " + NOT_NEEDED
                                + " AND NOT EXISTS (SELECT 1 FROM retired_blob r WHERE r.blob_id = d.blob_id) LIMIT ?"),
                        audit,
                        limit)
                .map((row, context) -> damage(row))
                .list());
    }

    private static Damage damage(ResultSet row) throws SQLException {
        byte[] bucket = row.getBytes(5);
        byte[] key = row.getBytes(6);
        Optional<Owner> owner = bucket == null || key == null
                ? Optional.empty()
                : Optional.of(new Owner(new BucketName(new String(bucket, UTF_8)), ObjectKey.of(key)));
        return new Damage(
                BlobId.of(row.getBytes(1)),
                Kind.valueOf(row.getString(2)),
                Micros.toInstant(row.getLong(3)),
                row.getString(4),
                owner);
    }
}
