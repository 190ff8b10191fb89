package io.pataka.service.operation.lock;

import io.pataka.service.operation.lock.LockMatrixTest.Cell;
import io.pataka.service.operation.lock.LockMatrixTest.Hold;
import io.pataka.service.operation.lock.LockMatrixTest.Retained;
import io.pataka.service.operation.lock.LockMatrixTest.Role;
import java.util.Set;

/**
 * Says whether a version may vanish, from Amazon's page "Locking objects with Object Lock" and the policies of the test. It shares no
 * code with the service.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html">AWS: Object Lock</a>
 */
final class ReferenceLock {

    private static final Set<Role> DELETE_VERSIONS =
            Set.of(Role.OWNER, Role.OWNERS_ADMIN, Role.WITHHELD, Role.WITHHELD_ADMIN, Role.GUEST, Role.TRUSTED_GUEST);
    private static final Set<Role> BYPASS = Set.of(Role.OWNER, Role.OWNERS_ADMIN, Role.TRUSTED_GUEST);
    private static final Set<Role> SET_RETENTION =
            Set.of(Role.OWNER, Role.OWNERS_ADMIN, Role.WITHHELD, Role.WITHHELD_ADMIN, Role.TRUSTED_GUEST);
    private static final Set<Role> SET_HOLDS =
            Set.of(Role.OWNER, Role.OWNERS_ADMIN, Role.WITHHELD, Role.WITHHELD_ADMIN);

    private ReferenceLock() {}

    static boolean mayVanish(Cell cell) {
        return switch (cell.way()) {
            case DELETE_VERSION, DELETE_VERSION_IF_MATCH, DELETE_MANY -> mayDelete(cell);
            case LIFT_THE_HOLD_AND_DELETE -> mayDelete(SET_HOLDS.contains(cell.role()) ? cell.with(Hold.OFF) : cell);
            case UNRETAIN_AND_DELETE ->
                mayDelete((mayUnretain(cell) ? cell.with(Retained.NEVER) : cell).withBypass(false));
            case LIFECYCLE -> isFree(cell);
            case MARK,
                    MARK_MANY,
                    OVERWRITE,
                    OVERWRITE_BY_FORM,
                    COPY_ONTO,
                    COMPLETE_ONTO,
                    APPEND,
                    RENAME,
                    RENAME_ONTO,
                    SUSPEND_AND_OVERWRITE,
                    DELETE_THE_BUCKET -> false;
        };
    }

    private static boolean mayDelete(Cell cell) {
        if (!DELETE_VERSIONS.contains(cell.role())) {
            return false;
        }
        if (isFree(cell)) {
            return true;
        }
        return cell.hold() != Hold.ON
                && cell.retained() == Retained.GOVERNANCE
                && cell.bypass()
                && BYPASS.contains(cell.role());
    }

    private static boolean mayUnretain(Cell cell) {
        if (!SET_RETENTION.contains(cell.role())) {
            return false;
        }
        return switch (cell.retained()) {
            case NEVER, GOVERNANCE_OVER, COMPLIANCE_OVER -> true;
            case GOVERNANCE -> cell.bypass() && BYPASS.contains(cell.role());
            case COMPLIANCE -> false;
        };
    }

    private static boolean isFree(Cell cell) {
        boolean isRetained = cell.retained() == Retained.GOVERNANCE || cell.retained() == Retained.COMPLIANCE;
        return !isRetained && cell.hold() != Hold.ON;
    }
}
