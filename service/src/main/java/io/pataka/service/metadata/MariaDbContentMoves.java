package io.pataka.service.metadata;

import io.pataka.service.metadata.ObjectIndex.FactsUpdate;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.metadata.RetirementQueue.Retired;
import io.pataka.service.metadata.row.Bind;
import io.pataka.service.metadata.row.VersionRow.Held;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.Content;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.UploadId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Moves of content in MariaDB. An object in parts gets a part list of its own with the new blobs. */
public final class MariaDbContentMoves implements ContentMoves {

    private static final byte[] NO_KEY = {};

    private static final String COPY_PARTS =
            "INSERT INTO part (upload_id, part_number, blob_id, size, etag, modified_at, checksums, starts_at)"
                    + " SELECT ?, p.part_number, UNHEX(j.u), p.size, p.etag, p.modified_at, p.checksums, p.starts_at"
                    + " FROM (SELECT part_number, size, etag, modified_at, checksums, starts_at,"
                    + " ROW_NUMBER() OVER (ORDER BY part_number) AS place FROM part"
                    + " WHERE upload_id = ? AND starts_at IS NOT NULL) p JOIN " + BatchRows.TABLE
                    + " ON j.s = p.place";

    private final Database database;

    public MariaDbContentMoves(Database database) {
        this.database = Objects.requireNonNull(database);
    }

    @Override
    public FactsUpdate move(
            Bucket bucket, ObjectVersion version, List<BlobId> blobs, String storageClass, ChangeContext change) {
        return database.transact(handle -> {
            if (!VersionWriter.lockBucket(handle, bucket)) {
                return new FactsUpdate.Refused(Refusal.BUCKET_CHANGED);
            }
            // Every writer of the key locks its current row first.
            Optional<Held> current = VersionWriter.hold(handle, bucket, version.key());
            Optional<ObjectVersion> now = current.flatMap(held ->
                    MariaDbObjectIndex.version(handle, bucket, version.key(), VersionSelector.of(version.id())));
            if (now.isEmpty() || now.get().deleteMarker()) {
                return new FactsUpdate.Refused(Refusal.NO_SUCH_VERSION);
            }
            if (!now.get().content().equals(version.content())) {
                return new FactsUpdate.Refused(Refusal.CONFLICT);
            }
            boolean isCurrent = version.id().equals(current.orElseThrow().id());
            put(handle, isCurrent ? "object_current" : "object_noncurrent", bucket, version, blobs, storageClass);
            RetiredContent.insert(handle, List.of(new Retired(bucket.id(), version.key(), version.content())));
            return new FactsUpdate.Updated(version.id());
        });
    }

    private static void put(
            Handle handle,
            String table,
            Bucket bucket,
            ObjectVersion version,
            List<BlobId> blobs,
            String storageClass) {
        boolean inParts = version.content() instanceof Content.Parts;
        byte[] content = inParts
                ? copyParts(handle, (Content.Parts) version.content(), blobs).bytes()
                : blobs.get(0).bytes();
        Bind.all(
                        handle.createUpdate("UPDATE " + table + " SET " + (inParts ? "upload_id" : "blob_id")
                                + " = ?, storage_class = ? WHERE bucket_id = ? AND object_key = ? AND sequence = ?"),
                        content,
                        storageClass,
                        bucket.id(),
                        version.key().bytes(),
                        version.id().sequence())
                .execute();
    }

    private static UploadId copyParts(Handle handle, Content.Parts parts, List<BlobId> blobs) {
        UploadId list = UploadId.random();
        BatchRows places = new BatchRows();
        for (int i = 0; i < blobs.size(); i++) {
            places.add(NO_KEY, i + 1L, blobs.get(i).bytes());
        }
        int copied = Bind.all(
                        handle.createUpdate(COPY_PARTS),
                        list.bytes(),
                        parts.upload().bytes(),
                        places.json())
                .execute();
        if (copied != parts.count() || blobs.size() != copied) {
            throw new IllegalArgumentException("a blob for each of " + parts.count() + " parts, not " + blobs.size());
        }
        return list;
    }
}
