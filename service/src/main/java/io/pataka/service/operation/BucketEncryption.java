package io.pataka.service.operation;

import io.pataka.service.model.EncryptionChoice;
import java.util.Objects;
import java.util.Optional;

/**
 * How a bucket encrypts objects whose writers do not say how.
 *
 * @param standard empty when the bucket does not say
 * @param blocksCustomerKeys whether new objects with SSE-C are refused
 */
public record BucketEncryption(Optional<EncryptionChoice> standard, boolean blocksCustomerKeys) {

    /** Of a bucket without a configuration. */
    public static final BucketEncryption NONE = new BucketEncryption(Optional.empty(), false);

    public BucketEncryption {
        Objects.requireNonNull(standard);
    }
}
