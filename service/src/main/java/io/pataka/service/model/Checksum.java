package io.pataka.service.model;

import java.util.Objects;

/**
 * A checksum that was verified, or computed, while the content came in.
 *
 * @param value Base64; for {@link Type#COMPOSITE} followed by {@code -<number of parts>}
 */
public record Checksum(ChecksumAlgorithm algorithm, Type type, String value) {

    public Checksum {
        Objects.requireNonNull(algorithm);
        Objects.requireNonNull(type);
        Objects.requireNonNull(value);
    }

    /** What the value covers. */
    public enum Type {
        /** All bytes of the object. */
        FULL_OBJECT,
        /** The checksums of the parts. */
        COMPOSITE
    }
}
