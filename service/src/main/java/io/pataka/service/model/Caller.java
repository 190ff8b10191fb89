package io.pataka.service.model;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Who sent a request. Unsigned requests have the {@link #ANONYMOUS} caller.
 *
 * @param account the project that the caller acts for, and the owner of what it makes
 * @param user the Keystone user behind the key
 * @param domain id of the user's Keystone domain; empty for the anonymous caller
 * @param roles names of the caller's roles on the project
 * @param accessKey as sent; empty for the anonymous caller
 */
public record Caller(Owner account, Owner user, String domain, Set<String> roles, Optional<String> accessKey) {

    public static final Caller ANONYMOUS = new Caller(
            new Owner("anonymous", "anonymous"), new Owner("anonymous", "anonymous"), "", Set.of(), Optional.empty());

    public Caller {
        Objects.requireNonNull(account);
        Objects.requireNonNull(user);
        Objects.requireNonNull(domain);
        roles = Set.copyOf(roles);
        Objects.requireNonNull(accessKey);
    }

    public boolean isAnonymous() {
        return accessKey.isEmpty();
    }

    public boolean owns(Bucket bucket) {
        return !isAnonymous() && account.id().equals(bucket.owner().id());
    }
}
