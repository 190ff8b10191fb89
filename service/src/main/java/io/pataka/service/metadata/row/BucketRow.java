package io.pataka.service.metadata.row;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.DefaultRetention;
import io.pataka.service.model.Owner;
import io.pataka.service.model.RetentionMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** The columns of a bucket. */
public final class BucketRow {

    public static final String COLUMNS =
            "id, name, owner_id, owner_name, created_at, versioning, object_lock, records_changes, FLOOR(epoch),"
                    + " default_mode, default_length, default_unit";

    private BucketRow() {}

    /** Reads {@link #COLUMNS}. */
    public static Bucket bucket(ResultSet row) throws SQLException {
        // A node of the previous release could suspend versioning before it learns of the lock.
        boolean locks = row.getBoolean(7);
        return new Bucket(
                row.getLong(1),
                new BucketName(new String(row.getBytes(2), UTF_8)),
                new Owner(row.getString(3), row.getString(4)),
                Micros.toInstant(row.getLong(5)),
                locks ? Versioning.ENABLED : Versioning.valueOf(row.getString(6)),
                locks,
                locks ? defaultRetention(row) : Optional.empty(),
                row.getBoolean(8),
                row.getInt(9));
    }

    private static Optional<DefaultRetention> defaultRetention(ResultSet row) throws SQLException {
        String mode = row.getString(10);
        return mode == null
                ? Optional.empty()
                : Optional.of(new DefaultRetention(
                        RetentionMode.valueOf(mode), row.getInt(11), DefaultRetention.Unit.valueOf(row.getString(12))));
    }
}
