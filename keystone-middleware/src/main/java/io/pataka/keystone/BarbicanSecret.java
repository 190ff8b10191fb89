package io.pataka.keystone;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A secret of a tenant, as Barbican gave it to the service user. Its payload is in no {@code toString}. */
public final class BarbicanSecret {

    private final byte[] payload;
    private final Map<String, String> metadata;
    private final Optional<Instant> expires;

    /**
     * @param metadata the user metadata: names and texts that a user of the secret's own project stored with it
     * @param expires when Barbican will delete the payload, if it will
     */
    public BarbicanSecret(byte[] payload, Map<String, String> metadata, Optional<Instant> expires) {
        this.payload = payload.clone();
        this.metadata = Map.copyOf(metadata);
        this.expires = Objects.requireNonNull(expires);
    }

    /** A copy. */
    public byte[] payload() {
        return payload.clone();
    }

    /** In bytes. */
    public int length() {
        return payload.length;
    }

    /** About how many bytes of memory it takes. */
    int weight() {
        return 300
                + payload.length
                + metadata.entrySet().stream()
                        .mapToInt(text ->
                                100 + text.getKey().length() + text.getValue().length())
                        .sum();
    }

    /** A text of the user metadata. */
    public Optional<String> metadata(String name) {
        return Optional.ofNullable(metadata.get(name));
    }

    /** When Barbican will stop to give the payload out; empty for never. */
    public Optional<Instant> expires() {
        return expires;
    }

    @Override
    public String toString() {
        return "BarbicanSecret[hidden]";
    }
}
