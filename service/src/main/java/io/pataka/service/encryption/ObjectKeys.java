package io.pataka.service.encryption;

import io.pataka.service.encryption.KeyRefusedException.Reason;
import io.pataka.service.model.CustomerKey;
import io.pataka.service.model.DataKey;
import io.pataka.service.model.EncryptionChoice;
import io.pataka.service.model.EncryptionMode;
import io.pataka.service.model.Envelope;
import io.pataka.service.model.StoredForm.Encrypted;
import java.util.Objects;
import java.util.Optional;

/**
 * Makes, wraps and unwraps the data keys of versions. Every method throws {@link KeysUnavailableException} when a key cannot be read
 * now.
 */
public final class ObjectKeys {

    private final KeyRing ring;
    private final KeySource managed;

    public ObjectKeys(KeyRing ring, KeySource managed) {
        this.ring = Objects.requireNonNull(ring);
        this.managed = Objects.requireNonNull(managed);
    }

    /**
     * A new data key for a version or an upload.
     *
     * @param project the owner of the bucket
     */
    public Encrypted seal(EncryptionChoice choice, String project) throws KeyRefusedException {
        return wrap(DataKey.random(), choice, project);
    }

    /**
     * The data key of a version in another envelope.
     *
     * @param opened with its data key
     * @param project the owner of the bucket of the new version
     */
    public Encrypted reseal(Encrypted opened, EncryptionChoice choice, String project) throws KeyRefusedException {
        return wrap(opened.dataKey().orElseThrow(), choice, project);
    }

    /** The form of a version that is about to be published: another key of the ring may be active by now. */
    public Encrypted renewed(Encrypted opened) throws KeyRefusedException {
        if (opened.envelope().mode() != EncryptionMode.S3
                || ring.active()
                        .filter(now -> !now.id().equals(opened.envelope().keyId()))
                        .isEmpty()) {
            return opened;
        }
        return reseal(opened, new EncryptionChoice.S3(), "");
    }

    private Encrypted wrap(DataKey dataKey, EncryptionChoice choice, String project) throws KeyRefusedException {
        return new Encrypted(envelope(dataKey, choice, project), Optional.of(dataKey));
    }

    private Envelope envelope(DataKey dataKey, EncryptionChoice choice, String project) throws KeyRefusedException {
        if (choice instanceof EncryptionChoice.Customer customer) {
            return WrappingKey.of(customer.key()).wrap(dataKey, EncryptionMode.CUSTOMER, "", Optional.empty(), false);
        }
        if (choice instanceof EncryptionChoice.Kms kms) {
            return managed.key(kms.keyId(), project)
                    .wrap(dataKey, EncryptionMode.KMS, kms.keyId(), kms.context(), kms.bucketKey());
        }
        KeyRing.Named active = ring.active()
                .orElseThrow(() -> new KeyRefusedException(Reason.NOT_CONFIGURED, "the settings name no key ring"));
        return active.key().wrap(dataKey, EncryptionMode.S3, active.id(), Optional.empty(), false);
    }

    /**
     * The form of a stored version with its data key, so that its bytes can be read, or parts be added to an upload.
     *
     * @param key that the client sent, if the mode wants one
     * @param project the owner of the version's bucket
     */
    public Encrypted open(Encrypted sealed, Optional<CustomerKey> key, String project) throws KeyRefusedException {
        Envelope envelope = sealed.envelope();
        Reason otherwise = envelope.mode() == EncryptionMode.CUSTOMER ? Reason.OTHER_CUSTOMER_KEY : Reason.DAMAGED;
        DataKey dataKey = keyOf(envelope, key, project)
                .unwrap(envelope)
                .orElseThrow(() -> new KeyRefusedException(
                        otherwise, "the data key was not wrapped with the key " + envelope.keyId()));
        return new Encrypted(envelope, Optional.of(dataKey));
    }

    private WrappingKey keyOf(Envelope envelope, Optional<CustomerKey> key, String project) throws KeyRefusedException {
        return switch (envelope.mode()) {
            case CUSTOMER -> WrappingKey.of(key.orElseThrow());
            case KMS -> managed.key(envelope.keyId(), project);
            case S3 ->
                ring.find(envelope.keyId())
                        .orElseThrow(() -> new KeysUnavailableException(
                                "an object needs the key " + envelope.keyId() + ", which the key ring does not have",
                                null));
        };
    }

    /** The envelope of the same data key, wrapped with the active key of the ring; empty when it is already. */
    public Optional<Envelope> rewrap(Envelope envelope) throws KeyRefusedException {
        Optional<KeyRing.Named> active = ring.active();
        if (envelope.mode() != EncryptionMode.S3
                || active.isEmpty()
                || active.get().id().equals(envelope.keyId())) {
            return Optional.empty();
        }
        Encrypted opened = open(new Encrypted(envelope, Optional.empty()), Optional.empty(), "");
        return Optional.of(reseal(opened, new EncryptionChoice.S3(), "").envelope());
    }
}
