package io.pataka.service.access;

import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;

/** Finds the grantees that clients name. */
final class Grantees {

    private Grantees() {}

    /**
     * @param argument where the client named it
     * @throws S3Exception InvalidArgument when there is no such project or user
     */
    static Grantee canonical(GranteeDirectory directory, String id, String argument) {
        return new Grantee.Canonical(directory
                .byId(id)
                .orElseThrow(() -> new S3Exception(S3Error.INVALID_ARGUMENT, "Invalid id").argument(argument, id)));
    }

    /**
     * @throws S3Exception InvalidArgument for a group that Amazon has not defined
     */
    static Grantee group(String uri, String argument) {
        return Grantee.Group.of(uri)
                .orElseThrow(
                        () -> new S3Exception(S3Error.INVALID_ARGUMENT, "Invalid group uri").argument(argument, uri));
    }

    /**
     * @throws S3Exception UnresolvableGrantByEmailAddress when no project, or more than one, has the address
     */
    static Grantee byEmailAddress(GranteeDirectory directory, String address) {
        return new Grantee.Canonical(directory
                .byEmailAddress(address)
                .orElseThrow(() -> new S3Exception(S3Error.UNRESOLVABLE_GRANT_BY_EMAIL).with("EmailAddress", address)));
    }
}
