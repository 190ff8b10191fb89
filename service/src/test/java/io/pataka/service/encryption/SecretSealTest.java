package io.pataka.service.encryption;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.encryption.KeyRefusedException.Reason;
import io.pataka.service.model.SealedSecret;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SecretSealTest {

    private static final byte[] SECRET = "geheim \u20ac".getBytes(UTF_8);

    private final SecretSeal seal = new SecretSeal(new ObjectKeys(new OneKey(), KeySource.NONE));

    private record OneKey() implements KeyRing {
        private static final WrappingKey KEY = new WrappingKey(new byte[WrappingKey.LENGTH]);

        @Override
        public Optional<Named> active() {
            return Optional.of(new Named("k", KEY));
        }

        @Override
        public Optional<WrappingKey> find(String id) {
            return id.equals("k") ? Optional.of(KEY) : Optional.empty();
        }

        @Override
        public Set<String> ids() {
            return Set.of("k");
        }
    }

    @Test
    void aSecretIsReadBack() throws Exception {
        SealedSecret sealed = seal.seal(SECRET, "owner");

        assertThat(seal.open(sealed, "owner")).isEqualTo(SECRET);
        assertThat(new String(sealed.bytes(), ISO_8859_1)).doesNotContain("geheim");
        assertThat(sealed.toString()).doesNotContain("geheim");
        assertThat(seal.seal(SECRET, "owner").bytes()).isNotEqualTo(sealed.bytes());
    }

    @Test
    void aSecretOfAnotherOwnerIsNotRead() throws Exception {
        SealedSecret sealed = seal.seal(SECRET, "owner");

        assertThatThrownBy(() -> seal.open(sealed, "other"))
                .isInstanceOfSatisfying(
                        KeyRefusedException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.DAMAGED));
    }

    @Test
    void aSecretWithAnyBitChangedIsNotRead() throws Exception {
        SealedSecret sealed = seal.seal(SECRET, "owner");
        for (int i = 0; i < sealed.bytes().length; i++) {
            byte[] changed = sealed.bytes().clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> seal.open(new SealedSecret(sealed.envelope(), changed), "owner"))
                    .isInstanceOf(KeyRefusedException.class);
        }
    }

    @Test
    void withoutAKeyRingNothingIsSealed() {
        SecretSeal none = new SecretSeal(new ObjectKeys(KeyRing.NONE, KeySource.NONE));

        assertThatThrownBy(() -> none.seal(SECRET, "owner"))
                .isInstanceOfSatisfying(
                        KeyRefusedException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.NOT_CONFIGURED));
    }
}
