package io.pataka.service.access;

import io.pataka.service.model.Caller;
import io.pataka.service.protocol.AccessNeed;
import java.util.Collections;
import java.util.Set;

/**
 * How far a caller's roles reach, in its own project and, where others let it in, in theirs.
 *
 * @param admins names of the roles that may do everything, and that no policy keeps from mending the policy
 * @param writers names of the roles that may do everything but what is left to admins
 * @param readers names of the roles that may do what changes nothing
 */
public record RoleRules(Set<String> admins, Set<String> writers, Set<String> readers) {

    public RoleRules {
        admins = Set.copyOf(admins);
        writers = Set.copyOf(writers);
        readers = Set.copyOf(readers);
    }

    /** Keystone's own role names. */
    public static RoleRules standard() {
        return new RoleRules(Set.of("admin", "manager"), Set.of("member"), Set.of("reader"));
    }

    boolean isAdmin(Caller caller) {
        return !Collections.disjoint(caller.roles(), admins);
    }

    boolean mayDo(Caller caller, AccessNeed need) {
        if (need.administrative()) {
            return isAdmin(caller);
        }
        if (isAdmin(caller) || !Collections.disjoint(caller.roles(), writers)) {
            return true;
        }
        return need.isReading() && !Collections.disjoint(caller.roles(), readers);
    }
}
