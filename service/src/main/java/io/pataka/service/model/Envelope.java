package io.pataka.service.model;

import java.util.Objects;
import java.util.Optional;

/**
 * The wrapped data key of a version, and what its writer said of its encryption.
 *
 * @param keyId of the key that the data key is wrapped with; empty text for a customer's key
 * @param wrapped the wrapped data key, in Base64
 * @param context the encryption context of SSE-KMS as the client sent it, in Base64; the wrapping authenticates it
 * @param bucketKey what the client said of bucket keys; kept and returned, and of no other effect
 */
public record Envelope(EncryptionMode mode, String keyId, String wrapped, Optional<String> context, boolean bucketKey) {

    public Envelope {
        Objects.requireNonNull(mode);
        Objects.requireNonNull(keyId);
        Objects.requireNonNull(wrapped);
        Objects.requireNonNull(context);
    }

    /** Without the wrapped key. */
    @Override
    public String toString() {
        return "Envelope[" + mode + " " + keyId + "]";
    }
}
