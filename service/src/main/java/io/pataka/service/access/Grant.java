package io.pataka.service.access;

import io.pataka.service.protocol.AccessNeed.Permission;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/** One line of an ACL. */
public record Grant(Grantee grantee, Right right) {

    public Grant {
        Objects.requireNonNull(grantee);
        Objects.requireNonNull(right);
    }

    /** What a grant gives: one permission, or all of them. */
    public enum Right {
        READ,
        WRITE,
        READ_ACP,
        WRITE_ACP,
        FULL_CONTROL;

        static Optional<Right> named(String name) {
            return Arrays.stream(values())
                    .filter(right -> right.name().equals(name))
                    .findFirst();
        }

        boolean gives(Permission permission) {
            return this == FULL_CONTROL || name().equals(permission.name());
        }
    }

    boolean isPublic() {
        return grantee instanceof Grantee.Group group && group.isPublic();
    }
}
