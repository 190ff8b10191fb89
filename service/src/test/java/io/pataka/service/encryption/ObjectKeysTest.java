package io.pataka.service.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.encryption.KeyRefusedException.Reason;
import io.pataka.service.model.CustomerKey;
import io.pataka.service.model.EncryptionChoice;
import io.pataka.service.model.EncryptionMode;
import io.pataka.service.model.Envelope;
import io.pataka.service.model.StoredForm.Encrypted;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ObjectKeysTest {

    private static final String PROJECT = "project";
    private static final CustomerKey CUSTOMER = new CustomerKey(bytes(7));

    private final Map<String, WrappingKey> ring = new HashMap<>(Map.of("k1", new WrappingKey(bytes(1))));
    private String active = "k1";

    private final ObjectKeys keys = new ObjectKeys(
            new KeyRing() {
                @Override
                public Optional<Named> active() {
                    return Optional.of(new Named(active, ring.get(active)));
                }

                @Override
                public Optional<WrappingKey> find(String id) {
                    return Optional.ofNullable(ring.get(id));
                }

                @Override
                public Set<String> ids() {
                    return ring.keySet();
                }
            },
            (keyId, project) -> new WrappingKey(bytes(keyId.length())));

    private static byte[] bytes(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    static Stream<EncryptionChoice> choices() {
        return Stream.of(
                new EncryptionChoice.S3(),
                new EncryptionChoice.Kms("key-of-kms", Optional.of("e30="), true),
                new EncryptionChoice.Customer(CUSTOMER));
    }

    private static Encrypted sealed(Envelope envelope) {
        return new Encrypted(envelope, Optional.empty());
    }

    @ParameterizedTest
    @MethodSource("choices")
    void unwrapsWhatItWrapped(EncryptionChoice choice) throws Exception {
        Encrypted made = keys.seal(choice, PROJECT);
        Encrypted opened = keys.open(sealed(made.envelope()), Optional.of(CUSTOMER), PROJECT);
        assertThat(opened.dataKey()).isPresent().isEqualTo(made.dataKey());
        assertThat(made.envelope().mode()).isEqualTo(choice.mode());
    }

    @ParameterizedTest
    @MethodSource("choices")
    void givesEachVersionAnotherKeyAndWrapsItOtherwiseEachTime(EncryptionChoice choice) throws Exception {
        Encrypted first = keys.seal(choice, PROJECT);
        assertThat(keys.seal(choice, PROJECT).dataKey()).isNotEqualTo(first.dataKey());
        Encrypted again = keys.reseal(first, choice, PROJECT);
        assertThat(again.dataKey()).isEqualTo(first.dataKey());
        assertThat(again.envelope().wrapped()).isNotEqualTo(first.envelope().wrapped());
    }

    static Stream<UnaryOperator<Envelope>> changes() {
        return Stream.of(
                it -> new Envelope(EncryptionMode.KMS, it.keyId(), it.wrapped(), it.context(), it.bucketKey()),
                it -> new Envelope(it.mode(), "another", it.wrapped(), it.context(), it.bucketKey()),
                it -> new Envelope(it.mode(), it.keyId(), it.wrapped(), Optional.of("e30="), it.bucketKey()),
                it -> new Envelope(it.mode(), it.keyId(), it.wrapped().substring(4), it.context(), it.bucketKey()),
                it -> new Envelope(it.mode(), it.keyId(), "A" + it.wrapped(), it.context(), it.bucketKey()));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void doesNotUnwrapAnEnvelopeThatWasChanged(UnaryOperator<Envelope> change) throws Exception {
        WrappingKey key = new WrappingKey(bytes(1));
        Envelope envelope = keys.seal(new EncryptionChoice.S3(), PROJECT).envelope();
        assertThat(key.unwrap(envelope)).isPresent();
        assertThat(key.unwrap(change.apply(envelope))).isEmpty();
    }

    @Test
    void refusesAnotherCustomersKey() throws Exception {
        Encrypted made = keys.seal(new EncryptionChoice.Customer(CUSTOMER), PROJECT);
        assertThatThrownBy(() -> keys.open(sealed(made.envelope()), Optional.of(new CustomerKey(bytes(8))), PROJECT))
                .isInstanceOfSatisfying(
                        KeyRefusedException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.OTHER_CUSTOMER_KEY));
    }

    @Test
    void rewrapsWithTheActiveKey() throws Exception {
        Encrypted made = keys.seal(new EncryptionChoice.S3(), PROJECT);
        assertThat(keys.rewrap(made.envelope())).isEmpty();
        ring.put("k2", new WrappingKey(bytes(2)));
        active = "k2";
        Envelope renewed = keys.rewrap(made.envelope()).orElseThrow();
        assertThat(renewed.keyId()).isEqualTo("k2");
        ring.remove("k1");
        assertThat(keys.open(sealed(renewed), Optional.empty(), PROJECT).dataKey())
                .isEqualTo(made.dataKey());
        assertThatThrownBy(() -> keys.open(sealed(made.envelope()), Optional.empty(), PROJECT))
                .isInstanceOf(KeysUnavailableException.class);
    }

    @ParameterizedTest
    @MethodSource("choices")
    void wrapsWithTheActiveKeyWhatIsNotPublishedYet(EncryptionChoice choice) throws Exception {
        Encrypted made = keys.seal(choice, PROJECT);
        assertThat(keys.renewed(made)).isSameAs(made);
        ring.put("k2", new WrappingKey(bytes(2)));
        active = "k2";
        Encrypted renewed = keys.renewed(made);
        assertThat(renewed.dataKey()).isEqualTo(made.dataKey());
        if (made.envelope().mode() == EncryptionMode.S3) {
            assertThat(renewed.envelope().keyId()).isEqualTo("k2");
        } else {
            assertThat(renewed).isSameAs(made);
        }
    }

    @Test
    void printsNoSecret() throws Exception {
        Encrypted made = keys.seal(new EncryptionChoice.Customer(CUSTOMER), PROJECT);
        assertThat(made + " " + CUSTOMER + " " + new WrappingKey(bytes(1)))
                .doesNotContain(made.envelope().wrapped())
                .isEqualTo("Encrypted[envelope=Envelope[CUSTOMER ], dataKey=Optional[DataKey[]]] CustomerKey[]"
                        + " WrappingKey[]");
    }
}
