package io.pataka.service.encryption;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The keys of the service, for SSE-S3. One of them is active: it wraps the data keys of new versions. */
public interface KeyRing {

    /** A service without keys, which cannot offer SSE-S3. */
    KeyRing NONE = new KeyRing() {
        @Override
        public Optional<Named> active() {
            return Optional.empty();
        }

        @Override
        public Optional<WrappingKey> find(String id) {
            return Optional.empty();
        }

        @Override
        public Set<String> ids() {
            return Set.of();
        }
    };

    /**
     * The active key; empty when the service has no key ring.
     *
     * @throws KeysUnavailableException when the key cannot be read now
     */
    Optional<Named> active();

    /**
     * A key by its id; empty when the ring does not have it.
     *
     * @throws KeysUnavailableException when the key cannot be read now
     */
    Optional<WrappingKey> find(String id);

    /** The ids of all keys. No key is read for this. */
    Set<String> ids();

    /** A key and its id. */
    record Named(String id, WrappingKey key) {
        public Named {
            Objects.requireNonNull(id);
            Objects.requireNonNull(key);
        }
    }
}
