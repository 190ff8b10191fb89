package io.pataka.service.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.encryption.KeyRefusedException.Reason;
import io.pataka.service.model.DataKey;
import io.pataka.service.model.EncryptionMode;
import io.pataka.service.model.Envelope;
import io.pataka.service.secrets.InvalidSecretFileException;
import io.pataka.service.testing.SteppedClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StaticKeysTest {

    private static final String SECRET = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    private static final String OTHER_SECRET = "YWJjZGVmZ2hpamFiY2RlZmdoaWphYmNkZWZnaGlqYWI=";

    private final SteppedClock clock = new SteppedClock();

    @TempDir
    private Path folder;

    private Path file(String text) throws Exception {
        Path file = folder.resolve("keys.yml");
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    private static Envelope wrapped(WrappingKey key, DataKey dataKey) {
        return key.wrap(dataKey, EncryptionMode.KMS, "testkey-1", Optional.empty(), false);
    }

    @Test
    void findsTheKeysOfTheFileForEveryProject() throws Exception {
        StaticKeys keys = StaticKeys.read(
                file("testkey-1: " + SECRET + "\ntestkey-2: " + OTHER_SECRET + "\n"), KeySource.NONE, clock);
        DataKey dataKey = DataKey.random();

        Envelope envelope = wrapped(keys.key("testkey-1", "alpha"), dataKey);

        assertThat(keys.key("testkey-1", "beta").unwrap(envelope)).isPresent();
        assertThat(keys.key("testkey-2", "alpha").unwrap(envelope)).isEmpty();
    }

    @Test
    void findsAKeyByAnArn() throws Exception {
        StaticKeys keys = StaticKeys.read(file("testkey-1: " + SECRET), KeySource.NONE, clock);
        DataKey dataKey = DataKey.random();
        Envelope envelope = wrapped(keys.key("testkey-1", "alpha"), dataKey);

        assertThat(keys.key("arn:aws:kms:us-east-1:alpha:key/testkey-1", "alpha")
                        .unwrap(envelope))
                .isPresent();
        for (String other :
                new String[] {"key/testkey-1", "arn:aws:s3:::key/testkey-1", "x/arn:aws:kms:a:b:key/testkey-1"}) {
            assertThatThrownBy(() -> keys.key(other, "alpha")).isInstanceOf(KeyRefusedException.class);
        }
    }

    @Test
    void asksTheOthersForAnyOtherKey() throws Exception {
        WrappingKey other = new WrappingKey(new byte[WrappingKey.LENGTH]);
        StaticKeys keys = StaticKeys.read(file("testkey-1: " + SECRET), (id, project) -> other, clock);

        assertThat(keys.key("testkey-3", "alpha")).isSameAs(other);
        assertThatThrownBy(() -> StaticKeys.read(folder.resolve("keys.yml"), KeySource.NONE, clock)
                        .key("testkey-3", "alpha"))
                .asInstanceOf(InstanceOfAssertFactories.type(KeyRefusedException.class))
                .extracting(KeyRefusedException::reason)
                .isEqualTo(Reason.NOT_CONFIGURED);
    }

    @Test
    void usesANewKeyOfTheFileAtOnce() throws Exception {
        StaticKeys keys = StaticKeys.read(file("testkey-1: " + SECRET), KeySource.NONE, clock);
        file("testkey-1: " + SECRET + "\nnew: " + OTHER_SECRET);

        assertThat(keys.key("new", "alpha")).isNotNull();
        assertThat(keys.fault()).isEmpty();
    }

    @Test
    void keepsItsKeysWhileTheFileIsWrong() throws Exception {
        Path file = file("testkey-1: " + SECRET);
        StaticKeys keys = StaticKeys.read(file, KeySource.NONE, clock);
        file("testkey-1: " + SECRET + "\nwrong: short");
        clock.advance(Duration.ofSeconds(2));

        assertThat(keys.key("testkey-1", "alpha")).isNotNull();
        assertThat(keys.fault())
                .hasValueSatisfying(fault -> assertThat(fault)
                        .contains("line 2", "32 bytes in Base64")
                        .doesNotContain("short"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"key: MDEy", "key: '%%%'", "key: [" + SECRET + "]", "- " + SECRET, "key: {a: b}"})
    void refusesAFileThatHasNoSuchKeysAndQuotesNothing(String text) throws Exception {
        Path file = file(text);
        assertThatThrownBy(() -> StaticKeys.read(file, KeySource.NONE, clock))
                .isInstanceOf(InvalidSecretFileException.class)
                .hasMessageContaining("keys.yml, line 1")
                .hasMessageNotContaining("MDEy");
    }

    @Test
    void refusesAFileThatOthersMayRead() throws Exception {
        Path file = file("testkey-1: " + SECRET);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> StaticKeys.read(file, KeySource.NONE, clock))
                .isInstanceOf(InvalidSecretFileException.class)
                .hasMessageContaining("chmod 600");
    }
}
