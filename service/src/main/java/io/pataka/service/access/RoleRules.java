package io.pataka.service.access;

import io.pataka.service.model.Caller;
import io.pataka.service.protocol.AccessNeed;
import java.util.Collections;
import java.util.Set;

/**
 * What the caller's roles on its own project let it do there.
 *
 * @param writers names of the roles that may do everything
 * @param readers names of the roles that may do what changes nothing
 */
public record RoleRules(Set<String> writers, Set<String> readers) {

    public RoleRules {
        writers = Set.copyOf(writers);
        readers = Set.copyOf(readers);
    }

    /** Keystone's own role names. */
    public static RoleRules standard() {
        return new RoleRules(Set.of("admin", "manager", "member"), Set.of("reader"));
    }

    boolean mayDo(Caller caller, AccessNeed need) {
        if (!Collections.disjoint(caller.roles(), writers)) {
            return true;
        }
        return need.isReading() && !Collections.disjoint(caller.roles(), readers);
    }
}
