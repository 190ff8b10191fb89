package io.pataka.service.metadata;

import io.pataka.service.metadata.row.Bind;
import io.pataka.service.metadata.row.Micros;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Content;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.UploadId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The ledger of blobs in MariaDB. */
public final class MariaDbBlobLedger implements BlobLedger {

    /** How long content that is shared may wait for its publication. */
    static final long SHARE_LIFETIME = Duration.ofDays(1).toNanos() / 1_000;

    /** Lets the collector find a blob by another key than the one in its descriptor. */
    static final String LINK = "INSERT INTO blob_link (blob_id, bucket_id, object_key, linked_at) VALUES (?, ?, ?, "
            + Micros.NOW + ") ON DUPLICATE KEY UPDATE linked_at = VALUES(linked_at)";

    private static final String RETIRED_BEFORE =
            "SELECT blob_id FROM retired_blob WHERE retired_at <= " + Micros.NOW + " - ? ORDER BY retired_at LIMIT ?";

    /** Of a row {@code l} of {@code blob_link}. */
    static final String LINK_IN_USE = "EXISTS (SELECT 1 FROM object_current c WHERE c.bucket_id = l.bucket_id"
            + " AND c.object_key = l.object_key AND c.blob_id = l.blob_id)";

    private static final String NEEDED =
            "SELECT EXISTS (SELECT 1 FROM object_current WHERE bucket_id = ? AND object_key = ? AND blob_id = ?)"
                    + " OR EXISTS (SELECT 1 FROM object_noncurrent WHERE blob_id = ?)"
                    + " OR EXISTS (SELECT 1 FROM part WHERE blob_id = ?)"
                    + " OR EXISTS (SELECT 1 FROM blob_link l WHERE l.blob_id = ? AND (l.linked_at > " + Micros.NOW
                    + " - ? OR " + LINK_IN_USE + "))";

    private static final String NAMED =
            "SELECT EXISTS (SELECT 1 FROM object_current WHERE bucket_id = ? AND object_key = ? AND upload_id = ?) OR"
                    + " EXISTS (SELECT 1 FROM object_noncurrent WHERE bucket_id = ? AND object_key = ? AND upload_id = ?)";

    private final Database database;

    public MariaDbBlobLedger(Database database) {
        this.database = database;
    }

    @Override
    public void retire(Collection<BlobId> blobs) {
        if (!blobs.isEmpty()) {
            database.transact(handle -> {
                RetiredContent.insertBlobs(handle, blobs);
                return null;
            });
        }
    }

    private record DueParts(UploadId upload, long bucketId, ObjectKey key) {}

    @Override
    public boolean retireParts(int limit) {
        return database.transact(handle -> {
            Optional<DueParts> next = handle.createQuery("SELECT upload_id, bucket_id, object_key FROM retired_parts"
                            + " WHERE due_at <= " + Micros.NOW + " ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED")
                    .map((row, context) ->
                            new DueParts(UploadId.of(row.getBytes(1)), row.getLong(2), ObjectKey.of(row.getBytes(3))))
                    .findOne();
            if (next.isEmpty()) {
                return false;
            }
            DueParts due = next.get();
            boolean done = isNamed(handle, due) || takeApart(handle, due, limit) < limit;
            if (done) {
                Bind.all(handle.createUpdate("DELETE FROM retired_parts WHERE upload_id = ?"), (Object)
                                due.upload().bytes())
                        .execute();
            }
            return true;
        });
    }

    /** Whether a version still has the part list. Who removes the version waits for the list's lock to retire it again. */
    private static boolean isNamed(Handle handle, DueParts due) {
        return Bind.all(
                        handle.createQuery(NAMED),
                        due.bucketId(),
                        due.key().bytes(),
                        due.upload().bytes(),
                        due.bucketId(),
                        due.key().bytes(),
                        due.upload().bytes())
                .mapTo(Boolean.class)
                .one();
    }

    private static int takeApart(Handle handle, DueParts due, int limit) {
        List<BlobId> blobs = Bind.all(
                        handle.createQuery(
                                "DELETE FROM part WHERE upload_id = ? ORDER BY part_number LIMIT ? RETURNING blob_id"),
                        due.upload().bytes(),
                        limit)
                .map((row, context) -> BlobId.of(row.getBytes(1)))
                .list();
        RetiredContent.insertBlobs(handle, blobs);
        return blobs.size();
    }

    @Override
    public List<BlobId> due(Duration grace, int limit) {
        return database.read(handle -> Bind.all(handle.createQuery(RETIRED_BEFORE), grace.toNanos() / 1_000, limit)
                .map((row, context) -> BlobId.of(row.getBytes(1)))
                .list());
    }

    @Override
    public void unlist(Collection<BlobId> blobs) {
        if (blobs.isEmpty()) {
            return;
        }
        List<Object> ids = blobs.stream().<Object>map(BlobId::bytes).toList();
        List<Object> idsAndLifetime = new ArrayList<>(ids);
        idsAndLifetime.add(SHARE_LIFETIME);
        List<Object> idsAndLifetimes = new ArrayList<>(idsAndLifetime);
        idsAndLifetimes.add(SHARE_LIFETIME);
        database.transact(handle -> {
            Bind.all(
                            handle.createUpdate(
                                    "UPDATE retired_blob r JOIN (SELECT l.blob_id, MAX(l.linked_at) AS latest"
                                            + " FROM blob_link l WHERE l.blob_id IN (" + Placeholders.list(ids.size())
                                            + ") AND l.linked_at > " + Micros.NOW + " - ? AND NOT " + LINK_IN_USE
                                            + " GROUP BY l.blob_id) lapsing ON lapsing.blob_id = r.blob_id"
                                            + " SET r.retired_at = lapsing.latest + ?"),
                            idsAndLifetimes)
                    .execute();
            Bind.all(
                            handle.createUpdate("DELETE FROM retired_blob WHERE blob_id IN ("
                                    + Placeholders.list(ids.size()) + ") AND retired_at <= " + Micros.NOW),
                            ids)
                    .execute();
            return Bind.all(
                            handle.createUpdate("DELETE l FROM blob_link l WHERE l.blob_id IN ("
                                    + Placeholders.list(ids.size()) + ") AND l.linked_at <= " + Micros.NOW
                                    + " - ? AND NOT " + LINK_IN_USE
                                    + " AND NOT EXISTS (SELECT 1 FROM object_noncurrent n WHERE n.blob_id ="
                                    + " l.blob_id)"),
                            idsAndLifetime)
                    .execute();
        });
    }

    @Override
    public boolean isRetired(BlobId blob) {
        return database.read(handle -> Bind.all(
                        handle.createQuery("SELECT EXISTS (SELECT 1 FROM retired_blob WHERE blob_id = ?)"),
                        (Object) blob.bytes())
                .mapTo(Boolean.class)
                .one());
    }

    @Override
    public boolean isNeeded(BlobId blob, long bucketId, ObjectKey key) {
        byte[] id = blob.bytes();
        return database.read(
                handle -> Bind.all(handle.createQuery(NEEDED), bucketId, key.bytes(), id, id, id, id, SHARE_LIFETIME)
                        .mapTo(Boolean.class)
                        .one());
    }

    @Override
    public Optional<Content> share(long fromBucket, Content content, long bucketId, ObjectKey key) {
        if (content instanceof Content.Whole whole) {
            database.transact(
                    handle -> Bind.all(handle.createUpdate(LINK), whole.blob().bytes(), bucketId, key.bytes())
                            .execute());
            return Optional.of(content);
        }
        if (content instanceof Content.Parts parts) {
            return shareParts(parts, bucketId, key);
        }
        return Optional.of(content);
    }

    /** Copies the part list, and puts the copy down as one that may have no object, should it not be published. */
    private Optional<Content> shareParts(Content.Parts parts, long bucketId, ObjectKey key) {
        Content.Parts copy = new Content.Parts(UploadId.random(), parts.count());
        return database.transact(handle -> {
            byte[] id = copy.upload().bytes();
            Bind.all(
                            handle.createUpdate("INSERT INTO retired_parts (upload_id, bucket_id, object_key, due_at)"
                                    + " VALUES (?, ?, ?, " + Micros.NOW + " + ?)"),
                            id,
                            bucketId,
                            key.bytes(),
                            SHARE_LIFETIME)
                    .execute();
            int copied = Bind.all(
                            handle.createUpdate(
                                    "INSERT INTO part (upload_id, part_number, blob_id, size, etag, modified_at,"
                                            + " checksums, starts_at) SELECT ?, part_number, blob_id, size, etag,"
                                            + " modified_at, checksums, starts_at FROM part WHERE upload_id = ?"),
                            id,
                            parts.upload().bytes())
                    .execute();
            // Of a list that lost parts meanwhile, what was copied is retired when it is due.
            return copied == parts.count() ? Optional.of(copy) : Optional.empty();
        });
    }

    @Override
    public long waiting() {
        return database.read(handle -> handle.createQuery("SELECT COUNT(*) FROM retired_blob")
                .mapTo(Long.class)
                .one());
    }
}
