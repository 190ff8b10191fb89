package io.pataka.service;

import io.pataka.keystone.IdentityDirectory;
import io.pataka.keystone.IdentityDirectory.Addressee;
import io.pataka.keystone.KeystoneIdentity.Named;
import io.pataka.keystone.KeystoneUnavailableException;
import io.pataka.service.access.GranteeDirectory;
import io.pataka.service.auth.LocalCredentials;
import io.pataka.service.model.Owner;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds grantees in the sources of the credentials: the local file, Keystone, or both. */
final class KnownGrantees implements GranteeDirectory {

    private static final Logger LOG = LoggerFactory.getLogger(KnownGrantees.class);

    private final Optional<LocalCredentials> local;
    private final Optional<IdentityDirectory> keystone;

    KnownGrantees(Optional<LocalCredentials> local, Optional<IdentityDirectory> keystone) {
        this.local = local;
        this.keystone = keystone;
    }

    @Override
    public Optional<Owner> byId(String id) {
        return local.flatMap(file -> file.ownerWithId(id))
                .or(() -> keystone.flatMap(directory -> ask(() -> projectOrUser(directory, id))));
    }

    @Override
    public Optional<Owner> byEmailAddress(String address) {
        return local.flatMap(file -> file.accountOf(address))
                .or(() -> keystone.flatMap(directory ->
                        ask(() -> directory.findUserByEmail(address).map(Addressee::user))));
    }

    /** A look-up in Keystone. */
    private interface Question {
        Optional<Named> ask() throws KeystoneUnavailableException;
    }

    private static Optional<Owner> ask(Question question) {
        try {
            return question.ask().map(named -> new Owner(named.id(), named.name()));
        } catch (KeystoneUnavailableException outage) {
            LOG.warn("A grantee cannot be looked up: {}", outage.getMessage());
            throw new S3Exception(S3Error.SERVICE_UNAVAILABLE).header("Retry-After", "5");
        }
    }

    private static Optional<Named> projectOrUser(IdentityDirectory directory, String id)
            throws KeystoneUnavailableException {
        Optional<Named> project = directory.findProject(id);
        return project.isPresent() ? project : directory.findUser(id);
    }
}
