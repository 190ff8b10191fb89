package io.pataka.service.model;

import java.util.Objects;
import java.util.Optional;

/** How a writer wants a new version to be encrypted. */
public sealed interface EncryptionChoice {

    /** The mode that the version will have. */
    EncryptionMode mode();

    /** With a key of the service. */
    record S3() implements EncryptionChoice {
        @Override
        public EncryptionMode mode() {
            return EncryptionMode.S3;
        }
    }

    /**
     * With a key of the key manager.
     *
     * @param keyId as the client named it
     * @param context the Base64 of a JSON object of strings, as the client sent it
     */
    record Kms(String keyId, Optional<String> context, boolean bucketKey) implements EncryptionChoice {
        public Kms {
            Objects.requireNonNull(keyId);
            Objects.requireNonNull(context);
        }

        @Override
        public EncryptionMode mode() {
            return EncryptionMode.KMS;
        }
    }

    /** With the client's own key. */
    record Customer(CustomerKey key) implements EncryptionChoice {
        public Customer {
            Objects.requireNonNull(key);
        }

        @Override
        public EncryptionMode mode() {
            return EncryptionMode.CUSTOMER;
        }
    }
}
