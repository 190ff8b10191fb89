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

/** Lists content that a key no longer has: blobs to be deleted, and part lists whose blobs are to be retired. */
final class RetiredContent {

    private RetiredContent() {}

    private static final String BLOBS = "INSERT IGNORE INTO retired_blob (blob_id, retired_at) SELECT UNHEX(j.k), "
            + Micros.NOW + " FROM " + BatchRows.TABLE;

    private static final String PARTS = "INSERT INTO retired_parts (upload_id, bucket_id, object_key, due_at)"
            + " SELECT UNHEX(j.u), j.s, UNHEX(j.k), " + Micros.NOW + " FROM " + BatchRows.TABLE
            + " ON DUPLICATE KEY UPDATE due_at = LEAST(due_at, VALUES(due_at))";

    /** Two statements at most. Repeating it is harmless. */
    static void insert(Handle handle, Collection<Retired> retired) {
        List<BlobId> blobs = new ArrayList<>();
        BatchRows lists = new BatchRows();
        for (Retired one : retired) {
            if (one.content() instanceof Content.Whole whole) {
                blobs.add(whole.blob());
            } else if (one.content() instanceof Content.Parts parts) {
                lists.add(one.key().bytes(), one.bucketId(), parts.upload().bytes());
            }
        }
        insertBlobs(handle, blobs);
        if (!lists.isEmpty()) {
            Bind.all(handle.createUpdate(PARTS), lists.json()).execute();
        }
    }

    static void insertBlobs(Handle handle, Collection<BlobId> blobs) {
        if (!blobs.isEmpty()) {
            BatchRows rows = new BatchRows();
            blobs.forEach(blob -> rows.add(blob.bytes()));
            Bind.all(handle.createUpdate(BLOBS), rows.json()).execute();
        }
    }
}
