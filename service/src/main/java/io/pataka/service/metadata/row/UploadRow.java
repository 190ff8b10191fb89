package io.pataka.service.metadata.row;

import io.pataka.service.metadata.UploadLedger.Upload;
import io.pataka.service.metadata.UploadLedger.UploadChecksum;
import io.pataka.service.metadata.UploadLedger.UploadedPart;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Owner;
import io.pataka.service.model.UploadId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The columns of uploads and of their parts. */
public final class UploadRow {

    public static final String COLUMNS = "id, bucket_id, object_key, initiated_at, owner_id, owner_name, initiator_id,"
            + " initiator_name, storage_class, algorithm, checksum_type, facts, " + LockRow.COLUMNS;

    public static final String PART_COLUMNS = "part_number, blob_id, size, etag, modified_at, checksums";

    private UploadRow() {}

    /** Reads {@link #COLUMNS}. */
    public static Upload upload(ResultSet row) throws SQLException {
        return new Upload(
                UploadId.of(row.getBytes(1)),
                row.getLong(2),
                ObjectKey.of(row.getBytes(3)),
                new Owner(row.getString(5), row.getString(6)),
                new Owner(row.getString(7), row.getString(8)),
                Micros.toInstant(row.getLong(4)),
                FactsCodec.decode(row.getBytes(12), row.getString(9), List.of(), false, LockRow.lock(row, 13)),
                new UploadChecksum(
                        Optional.ofNullable(row.getString(10)).map(ChecksumAlgorithm::valueOf),
                        Checksum.Type.valueOf(row.getString(11))));
    }

    /** Values for {@link #COLUMNS} but the bucket. */
    public static Object[] values(Upload upload) {
        Object[] lock = LockRow.values(upload.facts().lock());
        return new Object[] {
            upload.id().bytes(),
            upload.key().bytes(),
            Micros.of(upload.initiated()),
            upload.owner().id(),
            upload.owner().displayName(),
            upload.initiator().id(),
            upload.initiator().displayName(),
            upload.facts().storageClass(),
            upload.algorithm().map(Enum::name).orElse(null),
            upload.checksumType().name(),
            FactsCodec.encode(upload.facts()),
            lock[0],
            lock[1],
            lock[2]
        };
    }

    /** Reads {@link #PART_COLUMNS}. */
    public static UploadedPart part(ResultSet row) throws SQLException {
        return new UploadedPart(
                row.getInt(1),
                BlobId.of(row.getBytes(2)),
                row.getLong(3),
                new ETag(row.getString(4)),
                Micros.toInstant(row.getLong(5)),
                ChecksumCodec.decode(row.getString(6)));
    }
}
