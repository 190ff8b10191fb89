package io.pataka.service.operation;

import io.pataka.service.model.EncryptionChoice;
import java.util.Optional;

/**
 * What the settings say of encryption.
 *
 * @param standard of objects for which neither the writer nor the bucket says how they are encrypted; never a customer's key
 * @param requireTls whether requests with a customer's key, or about objects with SSE-C or SSE-KMS, must come over TLS
 */
public record EncryptionRules(Optional<EncryptionChoice> standard, boolean requireTls) {

    public EncryptionRules {
        if (standard.filter(EncryptionChoice.Customer.class::isInstance).isPresent()) {
            throw new IllegalArgumentException("a customer's key cannot be the standard");
        }
    }

    /** What a bucket without a configuration says. */
    public Optional<BucketEncryption> ofBuckets() {
        return standard.map(BucketEncryption::of);
    }
}
