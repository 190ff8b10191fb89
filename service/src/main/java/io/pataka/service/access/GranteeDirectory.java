package io.pataka.service.access;

import io.pataka.service.model.Owner;
import java.util.Optional;

/**
 * The grantees that there are. Both methods may ask Keystone, and throw
 * {@link io.pataka.service.protocol.S3Exception} ServiceUnavailable when it does not answer.
 */
public interface GranteeDirectory {

    /** A project, or else a user, by its id. */
    Optional<Owner> byId(String id);

    /** The one user with an e-mail address, or the account that the local file notes it for; empty for none and for several. */
    Optional<Owner> byEmailAddress(String address);
}
