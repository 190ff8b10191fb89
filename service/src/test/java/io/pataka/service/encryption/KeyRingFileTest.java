package io.pataka.service.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pataka.service.encryption.RingKey.Place;
import io.pataka.service.secrets.InvalidSecretFileException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyRingFileTest {

    private static final String SECRET_ID = "6fe1fd2e-24cf-4bd5-8ab1-6b5d3ca1b4a5";
    private static final String BYTES = base64(32);

    @TempDir
    private Path folder;

    private static String base64(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 0xA7);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private Path write(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("ring.yml"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void readsKeysInTheFileAndInBarbican() throws IOException {
        Path file = write("""
                active: new
                keys:
                  old: {key: '%s'}
                  new: {barbican: %s}
                """.formatted(BYTES, SECRET_ID));

        Ring ring = KeyRingFile.read(file);

        assertThat(ring.active()).isEqualTo("new");
        assertThat(ring.keys())
                .containsExactly(
                        Map.entry("old", new RingKey(Place.FILE, BYTES)),
                        Map.entry("new", new RingKey(Place.BARBICAN, SECRET_ID)));
    }

    @Test
    void readsWhatItWrote() throws IOException {
        Map<String, RingKey> keys = new LinkedHashMap<>();
        keys.put("0123", RingKey.of(new byte[32]));
        keys.put("2026-11-28-1f3a9c", new RingKey(Place.BARBICAN, SECRET_ID));
        Ring ring = new Ring("2026-11-28-1f3a9c", keys);
        Path file = folder.resolve("ring.yml");

        KeyRingFile.create(file, ring);
        assertThat(KeyRingFile.read(file)).isEqualTo(ring);

        Ring other = ring.activate("0123");
        KeyRingFile.replace(file, other);
        assertThat(KeyRingFile.read(file)).isEqualTo(other);
        assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> KeyRingFile.create(file, ring));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "# none                                    | has no keys",
                "[]                                        | line 1: a key ring is not a mapping",
                "active: a                                 | line 1: keys is missing",
                "keys: {a: {key: 'BYTES'}}                 | line 1: active is missing",
                "{active: b, keys: {a: {key: 'BYTES'}}}    | line 1: the active key is none of the keys",
                "{active: a, keys: {a: {key: 'SHORT'}}}    | line 1, entry 1: a key is the Base64 of 32 bytes",
                "{active: a, keys: {a: {key: 's3cr3t!'}}}  | line 1, entry 1: a key is the Base64 of 32 bytes",
                "{active: a, keys: {a: {key: ''}}}         | line 1, entry 1: it is not a text or is empty",
                "{active: a, keys: {a: {barbican: s3cr3t}}} | line 1, entry 1: the id of a secret in Barbican is a UUID",
                "{active: a, keys: {a: {s3cr3t: b}}}       | line 1, entry 1: a key has the fields [barbican, key]",
                "{active: a, keys: {a: {}}}                | line 1, entry 1: a key has either the field barbican or",
                "{active: a, keys: {a: {key: 'BYTES', barbican: x}}} | entry 1: a key has either the field barbican or",
                "{active: a, keys: {a: s3cr3t}}            | line 1, entry 1: a key is not a mapping",
                "{active: a, keys: {a: {key: 'BYTES'}, a: {key: 'BYTES'}}} | entry 2: an earlier entry has this name, too",
                "{active: 'a b', keys: {'a b': {key: 'BYTES'}}} | line 1: an id of a key is 1 to 64 letters",
                "{active: a, keys: {a: {key: 's3cr3t       | this is not YAML"
            })
    void namesThePlaceAndNoKeyWhenTheFileIsWrong(String text, String fault) throws IOException {
        Path file = write(text.replace("BYTES", BYTES).replace("SHORT", base64(31)));

        assertThatExceptionOfType(InvalidSecretFileException.class)
                .isThrownBy(() -> KeyRingFile.read(file))
                .withMessageContaining(fault)
                .withNoCause()
                .satisfies(wrong -> assertThat(wrong.getMessage())
                        .contains(file.toString())
                        .doesNotContain("s3cr3t", BYTES, base64(31)));
    }

    @Test
    void refusesAFileThatOthersMayRead() throws IOException {
        Path file = write("{active: a, keys: {a: {key: '" + BYTES + "'}}}");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThatExceptionOfType(InvalidSecretFileException.class)
                .isThrownBy(() -> KeyRingFile.read(file))
                .withMessageContaining("chmod 600");
    }

    @Test
    void keysAreNotInTexts() {
        assertThat(new Ring("a", Map.of("a", new RingKey(Place.FILE, BYTES))).toString())
                .doesNotContain(BYTES);
    }
}
