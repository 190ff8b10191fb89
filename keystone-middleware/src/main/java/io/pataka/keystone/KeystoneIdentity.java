package io.pataka.keystone;

import java.util.Objects;
import java.util.Set;

/**
 * The user, project and roles that Keystone named for a credential.
 *
 * @param user the user who owns the credential (with a trust that impersonates: the trustor)
 * @param project the project that the credential is scoped to; the owner of what it creates
 * @param roles names of the roles on that project, implied ones included; for a delegated credential only the delegated ones
 * @param delegated made from a trust, an application credential or an OAuth token
 */
public record KeystoneIdentity(Named user, Named project, Set<String> roles, boolean delegated) {

    public KeystoneIdentity {
        Objects.requireNonNull(user);
        Objects.requireNonNull(project);
        roles = Set.copyOf(roles);
    }

    /** A user or a project, with its domain. */
    public record Named(String id, String name, String domainId, String domainName) {
        public Named {
            Objects.requireNonNull(id);
            Objects.requireNonNull(name);
            Objects.requireNonNull(domainId);
            Objects.requireNonNull(domainName);
        }
    }
}
