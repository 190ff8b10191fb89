package io.pataka.service.metadata;

import io.pataka.service.metadata.ObjectIndex.FactsUpdate;
import io.pataka.service.metadata.ObjectIndex.StoredPart;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.metadata.row.Bind;
import io.pataka.service.metadata.row.VersionRow.Held;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.Content;
import io.pataka.service.model.ObjectVersion;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.jdbi.v3.core.Handle;

/** Moves of content in MariaDB. A part list belongs to one version alone, so its parts are changed in their place. */
public final class MariaDbContentMoves implements ContentMoves {

    private final Database database;

    public MariaDbContentMoves(Database database) {
        this.database = Objects.requireNonNull(database);
    }

    @Override
    public FactsUpdate moveWhole(
            Bucket bucket, ObjectVersion version, BlobId blob, String storageClass, ChangeContext change) {
        BlobId old = ((Content.Whole) version.content()).blob();
        return change(bucket, version, (handle, table) -> {
            Bind.all(
                            handle.createUpdate("UPDATE " + table + " SET blob_id = ?, storage_class = ?"
                                    + " WHERE bucket_id = ? AND object_key = ? AND sequence = ?"),
                            blob.bytes(),
                            storageClass,
                            bucket.id(),
                            version.key().bytes(),
                            version.id().sequence())
                    .execute();
            RetiredContent.insertBlobs(handle, List.of(old));
            return true;
        });
    }

    @Override
    public FactsUpdate movePart(
            Bucket bucket, ObjectVersion version, StoredPart part, BlobId blob, ChangeContext change) {
        Content.Parts parts = (Content.Parts) version.content();
        return change(bucket, version, (handle, table) -> {
            int moved = Bind.all(
                            handle.createUpdate("UPDATE part SET blob_id = ?"
                                    + " WHERE upload_id = ? AND starts_at = ? AND blob_id = ?"),
                            blob.bytes(),
                            parts.upload().bytes(),
                            part.offset(),
                            part.blob().bytes())
                    .execute();
            if (moved == 1) {
                RetiredContent.insertBlobs(handle, List.of(part.blob()));
            }
            return moved == 1;
        });
    }

    @Override
    public FactsUpdate setStorageClass(
            Bucket bucket, ObjectVersion version, String storageClass, ChangeContext change) {
        return change(bucket, version, (handle, table) -> {
            Bind.all(
                            handle.createUpdate("UPDATE " + table
                                    + " SET storage_class = ? WHERE bucket_id = ? AND object_key = ? AND sequence = ?"),
                            storageClass,
                            bucket.id(),
                            version.key().bytes(),
                            version.id().sequence())
                    .execute();
            return true;
        });
    }

    /**
     * @param write gets the table of the version; returns false when what it would change is not there any more
     */
    private FactsUpdate change(Bucket bucket, ObjectVersion version, BiPredicate<Handle, String> write) {
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
            boolean isCurrent = version.id().equals(current.orElseThrow().id());
            boolean isDone = now.get().content().equals(version.content())
                    && write.test(handle, isCurrent ? "object_current" : "object_noncurrent");
            return isDone ? new FactsUpdate.Updated(version.id()) : new FactsUpdate.Refused(Refusal.CONFLICT);
        });
    }
}
