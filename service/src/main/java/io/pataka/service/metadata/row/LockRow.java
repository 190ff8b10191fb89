package io.pataka.service.metadata.row;

import io.pataka.service.model.ObjectLock;
import io.pataka.service.model.Retention;
import io.pataka.service.model.RetentionMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** The columns of the lock of a version or of an upload. */
public final class LockRow {

    public static final String COLUMNS = "lock_mode, retain_until, legal_hold";

    /** A question mark for each of {@link #COLUMNS}. */
    public static final String MARKS = "?, ?, ?";

    /** Values for {@link #COLUMNS} of a version without a lock. */
    public static final String NONE = "NULL, NULL, FALSE";

    private LockRow() {}

    /**
     * Whether the version in a row must be kept now, by the database's clock.
     *
     * @param table its name or alias
     * @param bypassGovernance whether a retention in governance mode keeps nothing
     */
    public static String isLocked(String table, boolean bypassGovernance) {
        return "(" + table + ".legal_hold OR COALESCE(" + table + ".retain_until, 0) > " + Micros.NOW
                + (bypassGovernance ? " AND " + table + ".lock_mode = 'COMPLIANCE')" : ")");
    }

    /** Values for {@link #MARKS}. */
    static Object[] values(ObjectLock lock) {
        return new Object[] {
            lock.retention().map(retention -> retention.mode().name()).orElse(null),
            lock.retention().map(retention -> Micros.of(retention.until())).orElse(null),
            lock.legalHold()
        };
    }

    /** Reads {@link #COLUMNS}, which begin at a column. */
    static ObjectLock lock(ResultSet row, int column) throws SQLException {
        String mode = row.getString(column);
        boolean hold = row.getBoolean(column + 2);
        if (mode == null) {
            return hold ? new ObjectLock(Optional.empty(), true) : ObjectLock.NONE;
        }
        Retention retention = new Retention(RetentionMode.valueOf(mode), Micros.toInstant(row.getLong(column + 1)));
        return new ObjectLock(Optional.of(retention), hold);
    }
}
