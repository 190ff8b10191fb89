package io.pataka.service.metadata.row;

import io.pataka.service.model.DefaultRetention;
import io.pataka.service.model.ObjectLock;
import io.pataka.service.model.Retention;
import io.pataka.service.model.RetentionMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The columns of the lock of a version or of an upload. The number of a legal hold is 0 if none was ever set, 1 for one that is on, and 2
 * for one that is off.
 */
public final class LockRow {

    public static final String COLUMNS = "lock_mode, retain_until, legal_hold";

    /** A question mark for each of {@link #COLUMNS}. */
    public static final String MARKS = "?, ?, ?";

    /**
     * When the retention of a new version ends: at its own end, or else as long from now as the default of the bucket says, by the
     * database's clock, which also judges it. Rounded up to milliseconds, as {@link Retention} is.
     */
    public static final String UNTIL = "COALESCE(?, (" + Micros.NOW + " DIV 1000 + 1) * 1000 + ?)";

    /** For the values of a new version. */
    static final String MARKS_OF_NEW = "?, " + UNTIL + ", ?";

    /** Values for {@link #COLUMNS} of a version without a lock. */
    public static final String NONE = "NULL, NULL, 0";

    private static final int ON = 1;
    private static final int OFF = 2;

    private LockRow() {}

    /**
     * Whether the version in a row must be kept now, by the database's clock.
     *
     * @param table its name or alias
     * @param bypassGovernance whether a retention in governance mode keeps nothing
     */
    public static String isLocked(String table, boolean bypassGovernance) {
        return "(" + table + ".legal_hold = " + ON + " OR COALESCE(" + table + ".retain_until, 0) > " + Micros.NOW
                + (bypassGovernance ? " AND " + table + ".lock_mode = 'COMPLIANCE')" : ")");
    }

    /** Values for {@link #MARKS}. */
    static Object[] values(ObjectLock lock) {
        return new Object[] {
            lock.retention().map(retention -> retention.mode().name()).orElse(null),
            lock.retention().map(retention -> Micros.of(retention.until())).orElse(null),
            lock.hold().map(LockRow::number).orElse(0)
        };
    }

    /**
     * Values for {@link #MARKS_OF_NEW}.
     *
     * @param standard the retention of a version that asks for none
     */
    static Object[] values(ObjectLock lock, Optional<DefaultRetention> standard) {
        Object[] own = values(lock);
        return lock.retention().isPresent() || standard.isEmpty()
                ? new Object[] {own[0], own[1], null, own[2]}
                : new Object[] {
                    standard.get().mode().name(), null, standard.get().period().toNanos() / 1_000, own[2]
                };
    }

    /** The number of a legal hold that was set or taken away. */
    public static int number(boolean isOn) {
        return isOn ? ON : OFF;
    }

    /** Reads {@link #COLUMNS}, which begin at a column. */
    static ObjectLock lock(ResultSet row, int column) throws SQLException {
        String mode = row.getString(column);
        int hold = row.getInt(column + 2);
        if (mode == null && hold == 0) {
            return ObjectLock.NONE;
        }
        Optional<Retention> retention = mode == null
                ? Optional.empty()
                : Optional.of(new Retention(RetentionMode.valueOf(mode), Micros.toInstant(row.getLong(column + 1))));
        return new ObjectLock(retention, hold == 0 ? Optional.empty() : Optional.of(hold == ON));
    }
}
