package io.pataka.service.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pataka.service.encryption.KeyRefusedException.Reason;
import io.pataka.service.encryption.RingKey.Place;
import io.pataka.service.model.DataKey;
import io.pataka.service.model.EncryptionMode;
import io.pataka.service.model.Envelope;
import io.pataka.service.testing.SteppedClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileKeyRingTest {

    private static final String SECRET_ID = "6fe1fd2e-24cf-4bd5-8ab1-6b5d3ca1b4a5";

    @TempDir
    private Path folder;

    private final SteppedClock clock = new SteppedClock();
    private Path file;
    private RuntimeException outage;
    private KeyRefusedException refusal;

    @BeforeEach
    void make() throws IOException {
        file = folder.resolve("ring.yml");
        KeyRingFile.create(file, new Ring("one", Map.of("one", bytes(1))));
    }

    private FileKeyRing open() {
        return FileKeyRing.open(file, this::secret, clock);
    }

    private WrappingKey secret(String id) throws KeyRefusedException {
        assertThat(id).isEqualTo(SECRET_ID);
        if (refusal != null) {
            throw refusal;
        }
        if (outage != null) {
            throw outage;
        }
        return bytes(9).key();
    }

    private static RingKey bytes(int value) {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) value);
        return RingKey.of(secret);
    }

    private void replace(Ring ring) throws IOException {
        KeyRingFile.replace(file, ring);
    }

    private Ring read() {
        return KeyRingFile.read(file);
    }

    private void assertActive(KeyRing ring, String id, RingKey key) {
        KeyRing.Named active = ring.active().orElseThrow();
        assertThat(active.id()).isEqualTo(id);
        assertSame(active.key(), key.key());
    }

    /** What one wraps the other unwraps. */
    private static void assertSame(WrappingKey one, WrappingKey other) {
        DataKey data = DataKey.random();
        Envelope envelope = one.wrap(data, EncryptionMode.S3, "id", Optional.empty(), false);
        assertThat(other.unwrap(envelope)).contains(data);
    }

    @Test
    void hasTheKeysOfTheFile() throws IOException {
        replace(read().with("two", bytes(2)));
        FileKeyRing ring = open();

        assertActive(ring, "one", bytes(1));
        assertThat(ring.ids()).containsExactly("one", "two");
        assertSame(ring.find("two").orElseThrow(), bytes(2).key());
        assertThat(ring.find("three")).isEmpty();
        assertThat(ring.fault()).isEmpty();
    }

    @Test
    void usesANewActiveKeyASecondLaterAndKeepsTheOldOne() throws IOException {
        FileKeyRing ring = open();
        assertActive(ring, "one", bytes(1));
        replace(read().with("two", bytes(2)).activate("two"));
        clock.advance(Duration.ofSeconds(1));

        assertActive(ring, "two", bytes(2));
        assertSame(ring.find("one").orElseThrow(), bytes(1).key());
    }

    /** Another node may have used the key before this one saw it. */
    @Test
    void findsAnAddedKeyAtOnce() throws IOException {
        FileKeyRing ring = open();
        replace(read().with("two", bytes(2)));

        assertSame(ring.find("two").orElseThrow(), bytes(2).key());
    }

    @Test
    void keepsTheKeysWhileTheFileIsWrongOrGone() throws IOException {
        FileKeyRing ring = open();
        Files.delete(file);
        clock.advance(Duration.ofSeconds(1));

        assertActive(ring, "one", bytes(1));
        assertThat(ring.fault().orElseThrow()).contains("does not exist");

        KeyRingFile.create(file, new Ring("one", Map.of("one", bytes(1))));
        clock.advance(Duration.ofSeconds(1));
        assertThat(ring.fault()).isEmpty();
    }

    /** What the first key wrapped could not be unwrapped any more, and nothing would say why. */
    @Test
    void refusesOtherBytesUnderAnIdThatItKnows() throws IOException {
        FileKeyRing ring = open();
        replace(new Ring("one", Map.of("one", bytes(7))));
        clock.advance(Duration.ofSeconds(1));

        assertActive(ring, "one", bytes(1));
        assertThat(ring.fault().orElseThrow()).contains("the key one is another one than before");
    }

    @Test
    void asksTheKeyManagerForKeysThatItKeeps() throws IOException {
        replace(read().with("kept", new RingKey(Place.BARBICAN, SECRET_ID)).activate("kept"));
        outage = new KeysUnavailableException("Barbican does not answer", null);
        FileKeyRing ring = open();

        assertThatExceptionOfType(KeysUnavailableException.class).isThrownBy(ring::active);
        assertThatExceptionOfType(KeysUnavailableException.class).isThrownBy(() -> ring.find("kept"));
        assertThat(ring.fault()).contains("Barbican does not answer");
        assertSame(ring.find("one").orElseThrow(), bytes(1).key());

        outage = null;
        assertActive(ring, "kept", bytes(9));
        assertThat(ring.fault()).isEmpty();
    }

    /** An operator shares the secret again, and the client repeats the request. */
    @Test
    void aKeyThatTheManagerRefusesIsUnavailable() throws IOException {
        replace(read().with("kept", new RingKey(Place.BARBICAN, SECRET_ID)).activate("kept"));
        refusal = new KeyRefusedException(Reason.DENIED, "the secret is not shared");
        FileKeyRing ring = open();

        assertThatExceptionOfType(KeysUnavailableException.class)
                .isThrownBy(ring::active)
                .withMessageContainingAll("kept", "the secret is not shared");
    }
}
