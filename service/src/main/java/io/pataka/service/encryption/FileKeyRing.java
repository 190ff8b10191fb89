package io.pataka.service.encryption;

import io.pataka.service.encryption.RingKey.Place;
import io.pataka.service.secrets.InvalidSecretFileException;
import io.pataka.service.secrets.RereadFile;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of a {@link KeyRingFile}. A change of the file applies to requests that begin a second later, and a key that was added is
 * found at once. While the file is wrong or missing, the keys that were read last are used.
 */
public final class FileKeyRing implements KeyRing {

    private static final Logger LOG = LoggerFactory.getLogger(FileKeyRing.class);

    private final RereadFile<Loaded> file;
    private final RingSecrets secrets;

    private FileKeyRing(RereadFile<Loaded> file, RingSecrets secrets) {
        this.file = file;
        this.secrets = secrets;
    }

    /** Reads keys of rings that are secrets of the key manager. */
    @FunctionalInterface
    public interface RingSecrets {

        /**
         * Reads a key, which stays the same for ever.
         *
         * @throws KeyRefusedException when it cannot be read, however often this is repeated
         * @throws KeysUnavailableException when the key manager does not answer, and the key is not cached
         */
        WrappingKey read(String secretId) throws KeyRefusedException;
    }

    /**
     * Reads a file. The key manager is not asked before a key is needed.
     *
     * @throws InvalidSecretFileException when it cannot be used
     */
    public static FileKeyRing open(Path file, RingSecrets secrets, Clock clock) {
        Objects.requireNonNull(secrets);
        return new FileKeyRing(
                RereadFile.open(file, (path, before) -> Loaded.read(path, before.map(Loaded::ring)), clock), secrets);
    }

    @Override
    public Optional<Named> active() {
        Loaded now = file.content();
        return Optional.of(now.active.orElseGet(
                () -> new Named(now.ring.active(), key(now, now.ring.active()).orElseThrow())));
    }

    @Override
    public Optional<WrappingKey> find(String id) {
        return key(file.content(), id).or(() -> key(file.refreshed(), id));
    }

    @Override
    public Set<String> ids() {
        return file.content().ring.keys().keySet();
    }

    private Optional<WrappingKey> key(Loaded now, String id) {
        return Optional.ofNullable(now.keys.get(id))
                .or(() -> Optional.ofNullable(now.ring.keys().get(id)).map(entry -> ofManager(id, entry.text())));
    }

    /** The objects that need a key are not lost while it is refused: an operator can share the secret again. */
    private WrappingKey ofManager(String id, String secretId) {
        try {
            return secrets.read(secretId);
        } catch (KeyRefusedException refused) {
            throw new KeysUnavailableException(
                    "the key " + id + " of the key ring cannot be read: " + refused.getMessage(), refused);
        }
    }

    /** Why the ring does not work as the file says; empty if it does. */
    public Optional<String> fault() {
        try {
            Named unused = active().orElseThrow();
            return file.fault();
        } catch (KeysUnavailableException unreadable) {
            return Optional.of(unreadable.getMessage());
        }
    }

    /**
     * What was read of the file.
     *
     * @param keys those whose bytes are in the file
     * @param active the active key, if its bytes are in the file
     */
    private record Loaded(Ring ring, Map<String, WrappingKey> keys, Optional<Named> active) {

        static Loaded read(Path file, Optional<Ring> before) {
            Ring ring = KeyRingFile.read(file);
            before.ifPresent(old -> {
                requireSameKeys(file, old, ring);
                warnOfRemovedKeys(file, old, ring);
            });
            Map<String, WrappingKey> keys = new LinkedHashMap<>();
            ring.keys().forEach((id, key) -> {
                if (key.place() == Place.FILE) {
                    keys.put(id, key.key());
                }
            });
            LOG.info(
                    "The key ring {} has the keys {}; {} is active",
                    file,
                    ring.keys().keySet(),
                    ring.active());
            return new Loaded(
                    ring, keys, Optional.ofNullable(keys.get(ring.active())).map(key -> new Named(ring.active(), key)));
        }

        private static void warnOfRemovedKeys(Path file, Ring old, Ring ring) {
            Set<String> removed = new TreeSet<>(old.keys().keySet());
            removed.removeAll(ring.keys().keySet());
            if (!removed.isEmpty()) {
                LOG.warn("The key ring {} has the keys {} no more. What needs them cannot be read", file, removed);
            }
        }

        /** Rows name keys by their ids. A data key that other bytes wrapped could not be unwrapped. */
        private static void requireSameKeys(Path file, Ring old, Ring ring) {
            ring.keys().forEach((id, key) -> {
                RingKey known = old.keys().getOrDefault(id, key);
                if (known.place() == key.place() && !known.equals(key)) {
                    throw new InvalidSecretFileException(file + ": the key " + id
                            + " is another one than before. Give a new key a new id, and keep the old one");
                }
            });
        }
    }
}
