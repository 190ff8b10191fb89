package io.pataka.service.access;

import io.pataka.service.model.Owner;
import java.util.Objects;
import java.util.Optional;

/**
 * Whose a new object is and who else may do what with it.
 *
 * @param acl as {@link io.pataka.service.model.ObjectFacts#acl} keeps it; empty for the owner's full control
 * @param asked the list that the request named
 */
public record NewObjectAccess(Owner owner, Optional<String> acl, Optional<Acl> asked) {

    public NewObjectAccess {
        Objects.requireNonNull(owner);
        Objects.requireNonNull(acl);
        Objects.requireNonNull(asked);
    }
}
