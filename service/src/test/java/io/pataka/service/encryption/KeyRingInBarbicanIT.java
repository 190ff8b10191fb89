package io.pataka.service.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pataka.keystone.testing.RealBarbican;
import io.pataka.keystone.testing.RealKeystone;
import io.pataka.service.encryption.RingKey.Place;
import io.pataka.service.model.EncryptionChoice;
import io.pataka.service.model.StoredForm.Encrypted;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A key ring whose key is a secret in a real Barbican. */
final class KeyRingInBarbicanIT {

    private static final String PROJECT = "project";

    @TempDir
    private Path folder;

    private final RealBarbican barbican = RealBarbican.shared();
    private final String operator = RealKeystone.shared().cloud().token("alice", "alpha");
    private final BarbicanConnection connection = new BarbicanConnection();

    @AfterEach
    void close() {
        connection.close();
    }

    private FileKeyRing ring(UUID secret) throws Exception {
        Path file = folder.resolve("ring-" + secret);
        RingKey kept = new RingKey(Place.BARBICAN, secret.toString());
        KeyRingFile.create(file, new Ring("kept", Map.of("kept", kept)));
        return FileKeyRing.open(file, new BarbicanKeys(connection.secrets(), true)::operatorsKey, Clock.systemUTC());
    }

    private UUID sharedSecret() {
        UUID secret = barbican.newSecret(operator, new byte[WrappingKey.LENGTH]);
        barbican.share(operator, secret);
        return secret;
    }

    @Test
    void goesOnWithAKeyThatWasReadWhileBarbicanIsDead() throws Exception {
        FileKeyRing read = ring(sharedSecret());
        FileKeyRing notRead = ring(sharedSecret());
        ObjectKeys keys = new ObjectKeys(read, KeySource.NONE);
        Encrypted form = keys.seal(new EncryptionChoice.S3(), PROJECT);
        Encrypted sealed = new Encrypted(form.envelope(), Optional.empty());

        barbican.kill();
        try {
            assertThat(keys.open(sealed, Optional.empty(), PROJECT)).isEqualTo(form);
            assertThat(keys.seal(new EncryptionChoice.S3(), PROJECT).envelope().keyId())
                    .isEqualTo("kept");
            assertThat(read.fault()).isEmpty();
            assertThatExceptionOfType(KeysUnavailableException.class).isThrownBy(notRead::active);
            assertThat(notRead.fault().orElseThrow()).contains("cannot be read from Barbican");
        } finally {
            barbican.restart();
        }
    }

    /** An operator can share it again. Until then the objects are unavailable, and not refused. */
    @Test
    void isUnavailableWhileTheKeyIsNotShared() throws Exception {
        UUID secret = barbican.newSecret(operator, new byte[WrappingKey.LENGTH]);
        FileKeyRing ring = ring(secret);
        assertThatExceptionOfType(KeysUnavailableException.class)
                .isThrownBy(ring::active)
                .withMessageContaining("the key kept of the key ring cannot be read");

        barbican.share(operator, secret);
        assertThat(ring.active()).isPresent();
    }
}
