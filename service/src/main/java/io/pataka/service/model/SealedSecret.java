package io.pataka.service.model;

import java.util.Objects;

/**
 * A secret that is stored encrypted.
 *
 * @param envelope of the data key with which it is encrypted
 * @param bytes the encrypted secret
 */
public record SealedSecret(Envelope envelope, byte[] bytes) {

    public SealedSecret {
        Objects.requireNonNull(envelope);
        Objects.requireNonNull(bytes);
    }

    /** Without the bytes. */
    @Override
    public String toString() {
        return "SealedSecret[" + envelope + "]";
    }
}
