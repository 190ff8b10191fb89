package io.pataka.service.auth;

import io.pataka.keystone.CredentialResolver;
import io.pataka.keystone.KeystoneIdentity;
import io.pataka.keystone.KeystoneIdentity.Named;
import io.pataka.keystone.Resolution;
import io.pataka.keystone.Resolution.Granted;
import io.pataka.keystone.Resolution.Reason;
import io.pataka.keystone.Resolution.Refused;
import io.pataka.keystone.SignedProof;
import io.pataka.service.model.Owner;
import io.pataka.service.secrets.InvalidSecretFileException;
import io.pataka.service.secrets.RereadFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Credentials from a file on this machine, for development and for keys that are not in Keystone. A change of the file applies
 * to requests that begin a second later; a new key works at once. While the file is wrong or missing, the credentials that were
 * read last are used, and a warning is logged.
 */
public final class LocalCredentials implements CredentialResolver {

    private static final Logger LOG = LoggerFactory.getLogger(LocalCredentials.class);

    private final RereadFile<Map<String, LocalCredential>> credentials;

    private LocalCredentials(RereadFile<Map<String, LocalCredential>> credentials) {
        this.credentials = credentials;
    }

    /**
     * Reads the file. {@link CredentialsFile} describes its form.
     *
     * @throws InvalidSecretFileException when it cannot be read or is not such a file
     */
    public static LocalCredentials read(Path file, Clock clock) {
        return new LocalCredentials(RereadFile.open(file, (path, before) -> readAndWarn(path), clock));
    }

    private static Map<String, LocalCredential> readAndWarn(Path file) {
        Map<String, LocalCredential> read = CredentialsFile.read(file);
        warnIfOthersMayRead(file);
        return read;
    }

    @Override
    public Resolution resolve(SignedProof proof) {
        LocalCredential found = credentials.content().get(proof.accessKey());
        if (found == null) {
            found = credentials.refreshed().get(proof.accessKey());
        }
        if (found == null) {
            return new Refused(Reason.UNKNOWN_ACCESS_KEY, "not in " + credentials.file());
        }
        if (!proof.isSignedWith(found.secret())) {
            return new Refused(Reason.SIGNATURE_MISMATCH, "not signed with the secret in " + credentials.file());
        }
        return new Granted(found.credential());
    }

    /** The account that an e-mail address stands for, by which a grant may name it. */
    public Optional<Owner> accountOf(String email) {
        return credentials.content().values().stream()
                .filter(entry -> entry.email().filter(email::equalsIgnoreCase).isPresent())
                .map(entry -> entry.credential().identity().project())
                .map((Named account) -> new Owner(account.id(), account.name()))
                .findFirst();
    }

    /** The account, or else the user, that has an id. */
    public Optional<Owner> ownerWithId(String id) {
        return named(id, KeystoneIdentity::project).or(() -> named(id, KeystoneIdentity::user));
    }

    private Optional<Owner> named(String id, Function<KeystoneIdentity, Named> part) {
        return credentials.content().values().stream()
                .map(entry -> part.apply(entry.credential().identity()))
                .filter(known -> known.id().equals(id))
                .map(known -> new Owner(known.id(), known.name()))
                .findFirst();
    }

    private static void warnIfOthersMayRead(Path file) {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        try {
            if (view != null && view.readAttributes().permissions().contains(PosixFilePermission.OTHERS_READ)) {
                LOG.warn("{} holds secrets and every user of this machine may read it; chmod o-r it", file);
            }
        } catch (IOException gone) {
            LOG.warn("{} does not exist any more; the credentials that were read before are used", file);
        }
    }
}
