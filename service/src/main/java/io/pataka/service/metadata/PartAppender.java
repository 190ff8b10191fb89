package io.pataka.service.metadata;

import io.pataka.service.metadata.ObjectIndex.AppendedPart;
import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.ObjectIndex.Publication;
import io.pataka.service.metadata.row.Bind;
import io.pataka.service.metadata.row.ChecksumCodec;
import io.pataka.service.metadata.row.Micros;
import io.pataka.service.metadata.row.VersionRow;
import io.pataka.service.metadata.row.VersionRow.Held;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.Content;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.VersionId;
import io.pataka.service.model.WriteCondition;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Adds parts to objects. A part list belongs to one version alone, so it grows in its place; an object that is one blob becomes
 * a list whose first part is this blob.
 */
final class PartAppender {

    private static final String COLUMNS =
            "INSERT INTO part (upload_id, part_number, blob_id, size, etag, modified_at, checksums, starts_at)";

    private static final String FIRST = COLUMNS + " VALUES (?, 1, ?, ?, ?, ?, ?, 0)";

    private static final String NEXT = COLUMNS + " SELECT ?, COALESCE(MAX(part_number), 0) + 1, ?, ?, ?, " + Micros.NOW
            + ", ?, ? FROM part WHERE upload_id = ?";

    private final Database database;
    private final VersionWriter writer;
    private final ChangeLog log;

    PartAppender(Database database, VersionWriter writer, ChangeLog log) {
        this.database = database;
        this.writer = writer;
        this.log = log;
    }

    Publication append(
            Bucket bucket,
            Optional<ObjectVersion> base,
            NewVersion whole,
            AppendedPart added,
            WriteCondition condition,
            ChangeContext change) {
        log.prepare(bucket);
        return database.transact(handle -> {
            if (!VersionWriter.lockBucket(handle, bucket)) {
                return new Publication.Refused(Refusal.BUCKET_CHANGED);
            }
            Optional<ObjectVersion> now = VersionWriter.holdWhole(handle, bucket, whole.key());
            Optional<Held> current = now.map(VersionRow::held);
            Optional<Refusal> refusal = VersionWriter.refusal(condition, current);
            if (refusal.isPresent()) {
                return new Publication.Refused(refusal.get());
            }
            // The row is written with the facts of the base. Tags, ACL, key or content may be changed without a new
            // version.
            if (!now.equals(base)) {
                return new Publication.Refused(Refusal.CONFLICT);
            }
            Content.Parts list = (Content.Parts) whole.content();
            base.ifPresent(version -> begin(handle, list, version));
            Bind.all(
                            handle.createUpdate(NEXT),
                            list.upload().bytes(),
                            added.blob().bytes(),
                            added.size(),
                            added.etag().value(),
                            ChecksumCodec.encode(added.checksums()),
                            whole.size() - added.size(),
                            list.upload().bytes())
                    .execute();
            VersionId id = writer.put(handle, bucket, whole, current);
            log.record(handle, bucket, ChangeLog.created(whole, id, change));
            return VersionWriter.published(id);
        });
    }

    private static void begin(Handle handle, Content.Parts list, ObjectVersion version) {
        if (version.content() instanceof Content.Whole whole) {
            Bind.all(
                            handle.createUpdate(FIRST),
                            list.upload().bytes(),
                            whole.blob().bytes(),
                            version.size(),
                            version.etag().value(),
                            Micros.of(version.lastModified()),
                            ChecksumCodec.encode(version.facts().checksums()))
                    .execute();
        }
    }
}
