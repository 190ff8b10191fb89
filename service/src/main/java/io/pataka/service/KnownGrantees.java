package io.pataka.service;

import io.pataka.keystone.IdentityDirectory;
import io.pataka.keystone.KeystoneIdentity.Named;
import io.pataka.keystone.KeystoneUnavailableException;
import io.pataka.service.access.GranteeDirectory;
import io.pataka.service.auth.LocalCredentials;
import io.pataka.service.model.Owner;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.Optional;

/** Grantees from wherever credentials come from: the local file, Keystone, or both. */
final class KnownGrantees implements GranteeDirectory {

    private final Optional<LocalCredentials> local;
    private final Optional<IdentityDirectory> keystone;

    KnownGrantees(Optional<LocalCredentials> local, Optional<IdentityDirectory> keystone) {
        this.local = local;
        this.keystone = keystone;
    }

    @Override
    public Optional<Owner> byId(String id) {
        return local.flatMap(file -> file.ownerWithId(id)).or(() -> keystone.flatMap(directory -> ask(directory, id)));
    }

    @Override
    public Optional<Owner> byEmailAddress(String address) {
        return local.flatMap(file -> file.accountOf(address));
    }

    private static Optional<Owner> ask(IdentityDirectory directory, String id) {
        try {
            Optional<Named> project = directory.findProject(id);
            Optional<Named> found = project.isPresent() ? project : directory.findUser(id);
            return found.map(named -> new Owner(named.id(), named.name()));
        } catch (KeystoneUnavailableException outage) {
            throw new S3Exception(S3Error.SERVICE_UNAVAILABLE, "Service is unable to handle request.")
                    .header("Retry-After", "5");
        }
    }
}
