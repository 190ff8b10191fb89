package io.pataka.service.metadata;

import com.google.common.collect.ObjectArrays;
import io.pataka.service.metadata.ObjectIndex.FactsUpdate;
import io.pataka.service.metadata.ObjectIndex.StoredPart;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.metadata.row.Bind;
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
    private final ChangeLog log;

    public MariaDbContentMoves(Database database, ChangeRules rules) {
        this.database = Objects.requireNonNull(database);
        this.log = new ChangeLog(rules);
    }

    @Override
    public FactsUpdate moveWhole(
            Bucket bucket, ObjectVersion version, BlobId blob, String storageClass, ChangeContext change) {
        BlobId old = ((Content.Whole) version.content()).blob();
        return change(bucket, version, (handle, held) -> {
            Bind.all(
                            handle.createUpdate("UPDATE " + held.table() + " SET blob_id = ?, storage_class = ?"
                                    + HeldVersion.WHERE),
                            ObjectArrays.concat(new Object[] {blob.bytes(), storageClass}, held.place(), Object.class))
                    .execute();
            RetiredContent.insertBlobs(handle, List.of(old));
            log.record(handle, bucket, ChangeLog.changed(held, held.version().facts(), change));
            return true;
        });
    }

    @Override
    public FactsUpdate movePart(
            Bucket bucket, ObjectVersion version, StoredPart part, BlobId blob, ChangeContext change) {
        Content.Parts parts = (Content.Parts) version.content();
        return change(bucket, version, (handle, held) -> {
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
        return change(bucket, version, (handle, held) -> {
            Bind.all(
                            handle.createUpdate(
                                    "UPDATE " + held.table() + " SET storage_class = ?" + HeldVersion.WHERE),
                            ObjectArrays.concat(storageClass, held.place()))
                    .execute();
            log.record(handle, bucket, ChangeLog.changed(held, held.version().facts(), change));
            return true;
        });
    }

    /**
     * @param write gets the version as it is now; returns false when what it would change is not there any more
     */
    private FactsUpdate change(Bucket bucket, ObjectVersion version, BiPredicate<Handle, HeldVersion> write) {
        log.prepare(bucket);
        return HeldVersion.change(
                database, bucket, version.key(), Optional.of(VersionSelector.of(version.id())), (handle, held) -> {
                    boolean isDone = held.version().content().equals(version.content()) && write.test(handle, held);
                    return isDone ? new FactsUpdate.Updated(version.id()) : new FactsUpdate.Refused(Refusal.CONFLICT);
                });
    }
}
