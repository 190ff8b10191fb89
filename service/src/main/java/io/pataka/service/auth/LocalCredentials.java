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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
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
    private static final long CHECK_EVERY_MILLIS = 1_000;

    private final Path file;
    private final Clock clock;
    private volatile Loaded loaded;

    private LocalCredentials(Path file, Clock clock, Loaded loaded) {
        this.file = file;
        this.clock = clock;
        this.loaded = loaded;
    }

    /**
     * Reads the file. {@link CredentialsFile} describes its form.
     *
     * @throws InvalidCredentialsFileException when it cannot be read or is not such a file
     */
    public static LocalCredentials read(Path file, Clock clock) {
        Stamp stamp = Stamp.of(file);
        Loaded loaded = new Loaded(new CredentialsFile(file).read(), stamp, clock.millis());
        warnIfOthersMayRead(file);
        return new LocalCredentials(file, clock, loaded);
    }

    @Override
    public Resolution resolve(SignedProof proof) {
        Loaded current = loaded;
        if (Math.abs(clock.millis() - current.checkedAt) >= CHECK_EVERY_MILLIS) {
            current = refreshed();
        }
        LocalCredential found = current.credentials.get(proof.accessKey());
        if (found == null) {
            found = refreshed().credentials.get(proof.accessKey());
        }
        if (found == null) {
            return new Refused(Reason.UNKNOWN_ACCESS_KEY, "not in " + file);
        }
        if (!proof.isSignedWith(found.secret())) {
            return new Refused(Reason.SIGNATURE_MISMATCH, "not signed with the secret in " + file);
        }
        return new Granted(found.credential());
    }

    /** The account that an e-mail address stands for, by which a grant may name it. */
    public Optional<Owner> accountOf(String email) {
        return loaded.credentials.values().stream()
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
        return loaded.credentials.values().stream()
                .map(entry -> part.apply(entry.credential().identity()))
                .filter(known -> known.id().equals(id))
                .map(known -> new Owner(known.id(), known.name()))
                .findFirst();
    }

    private synchronized Loaded refreshed() {
        Loaded last = loaded;
        Stamp stamp = Stamp.of(file);
        Map<String, LocalCredential> credentials = last.credentials;
        if (!stamp.equals(last.stamp)) {
            try {
                credentials = new CredentialsFile(file).read();
                warnIfOthersMayRead(file);
                LOG.info("Read {} credentials from {}", credentials.size(), file);
            } catch (InvalidCredentialsFileException wrong) {
                LOG.warn("The credentials that were read before are used: {}", wrong.getMessage());
            }
        }
        Loaded next = new Loaded(credentials, stamp, clock.millis());
        loaded = next;
        return next;
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

    /** Changes whenever the file changes. */
    private record Stamp(FileTime modified, long size, String fileKey) {

        static Stamp of(Path file) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(
                        attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey()));
            } catch (IOException gone) {
                return new Stamp(FileTime.fromMillis(0), -1, "");
            }
        }
    }

    /** The credentials, and when the file was last checked. */
    private record Loaded(Map<String, LocalCredential> credentials, Stamp stamp, long checkedAt) {}
}
