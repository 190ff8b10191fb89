package io.pataka.service.metadata;

import io.pataka.service.metadata.RetirementQueue.Retired;
import io.pataka.service.metadata.row.Bind;
import io.pataka.service.metadata.row.Micros;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Content;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Writes down content that a key lost: blobs for the collector, part lists for the job that takes them apart. */
final class RetiredContent {

    private RetiredContent() {}

    /** Two statements at most. Repeating it is harmless. */
    static void insert(Handle handle, Collection<Retired> retired) {
        List<BlobId> blobs = new ArrayList<>();
        List<Object> lists = new ArrayList<>();
        for (Retired one : retired) {
            if (one.content() instanceof Content.Whole whole) {
                blobs.add(whole.blob());
            } else if (one.content() instanceof Content.Parts parts) {
                lists.add(parts.upload().bytes());
                lists.add(one.bucketId());
                lists.add(one.key().bytes());
            }
        }
        insertBlobs(handle, blobs);
        if (!lists.isEmpty()) {
            Bind.all(
                            handle.createUpdate(
                                    "INSERT INTO retired_parts (upload_id, bucket_id, object_key, due_at) VALUES "
                                            + Placeholders.rows(lists.size() / 3, "(?, ?, ?, " + Micros.NOW + ")")
                                            + " ON DUPLICATE KEY UPDATE due_at = LEAST(due_at, VALUES(due_at))"),
                            lists)
                    .execute();
        }
    }

    static void insertBlobs(Handle handle, Collection<BlobId> blobs) {
        if (blobs.isEmpty()) {
            return;
        }
        List<Object> values = blobs.stream().<Object>map(BlobId::bytes).toList();
        Bind.all(
                        handle.createUpdate("INSERT IGNORE INTO retired_blob (blob_id, retired_at) VALUES "
                                + Placeholders.rows(blobs.size(), "(?, " + Micros.NOW + ")")),
                        values)
                .execute();
    }
}
