package io.pataka.service.metadata.row;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Owner;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The columns of a bucket. */
public final class BucketRow {

    public static final String COLUMNS =
            "id, name, owner_id, owner_name, created_at, versioning, object_lock, records_changes, epoch";

    private BucketRow() {}

    /** Reads {@link #COLUMNS}. */
    public static Bucket bucket(ResultSet row) throws SQLException {
        return new Bucket(
                row.getLong(1),
                new BucketName(new String(row.getBytes(2), UTF_8)),
                new Owner(row.getString(3), row.getString(4)),
                Micros.toInstant(row.getLong(5)),
                Versioning.valueOf(row.getString(6)),
                row.getBoolean(7),
                row.getBoolean(8),
                row.getInt(9));
    }
}
