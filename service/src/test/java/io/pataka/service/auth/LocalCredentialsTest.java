package io.pataka.service.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pataka.keystone.KeystoneIdentity;
import io.pataka.keystone.Resolution;
import io.pataka.keystone.Resolution.Granted;
import io.pataka.keystone.Resolution.Reason;
import io.pataka.keystone.Resolution.Refused;
import io.pataka.keystone.SignedProof;
import io.pataka.service.model.Owner;
import io.pataka.service.secrets.InvalidSecretFileException;
import io.pataka.service.testing.SteppedClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalCredentialsTest {

    @TempDir
    private Path folder;

    private Path file;
    private final SteppedClock clock = new SteppedClock();

    @BeforeEach
    void nameFile() {
        file = folder.resolve("credentials.yml");
    }

    @Test
    void grantsWhatTheFileSays() throws IOException {
        write("""
                - accessKey: KEY1
                  secretKey: s3cr3t
                  account: {id: alpha, name: Alpha}
                  user: {id: alice, name: Alice}
                  email: alpha@example.com
                  roles: [member, reader]
                """);

        Resolution resolution = LocalCredentials.read(file, clock).resolve(proof("KEY1", "s3cr3t"));

        assertThat(resolution).isInstanceOfSatisfying(Granted.class, granted -> {
            KeystoneIdentity identity = granted.credential().identity();
            assertThat(granted.credential().accessKey()).isEqualTo("KEY1");
            assertThat(granted.credential().secret().orElseThrow().reveal()).isEqualTo("s3cr3t");
            assertThat(identity.project().id()).isEqualTo("alpha");
            assertThat(identity.project().name()).isEqualTo("Alpha");
            assertThat(identity.user().id()).isEqualTo("alice");
            assertThat(identity.roles()).containsExactlyInAnyOrder("member", "reader");
        });
    }

    @Test
    void readsJsonToo() throws IOException {
        write("""
                [{"accessKey": "KEY1", "secretKey": "s3cr3t", "account": {"id": "alpha"}, "roles": []}]
                """);

        assertThat(LocalCredentials.read(file, clock).resolve(proof("KEY1", "s3cr3t")))
                .isInstanceOfSatisfying(Granted.class, granted -> {
                    KeystoneIdentity identity = granted.credential().identity();
                    assertThat(identity.project().name()).isEqualTo("alpha");
                    assertThat(identity.user()).isEqualTo(identity.project());
                    assertThat(identity.roles()).isEmpty();
                });
    }

    @Test
    void refusesAnotherSecretAndAnotherKey() throws IOException {
        write(entry("KEY1", "s3cr3t"));
        LocalCredentials credentials = LocalCredentials.read(file, clock);

        assertThat(reason(credentials.resolve(proof("KEY1", "another")))).isEqualTo(Reason.SIGNATURE_MISMATCH);
        assertThat(reason(credentials.resolve(proof("KEY2", "s3cr3t")))).isEqualTo(Reason.UNKNOWN_ACCESS_KEY);
    }

    @Test
    void findsAnAddedKeyAtOnce() throws IOException {
        write(entry("KEY1", "s3cr3t"));
        LocalCredentials credentials = LocalCredentials.read(file, clock);
        write(entry("KEY1", "s3cr3t") + entry("KEY2", "second"));

        assertThat(credentials.resolve(proof("KEY2", "second"))).isInstanceOf(Granted.class);
    }

    @Test
    void forgetsARemovedKeyAfterASecond() throws IOException {
        write(entry("KEY1", "s3cr3t") + entry("KEY2", "second"));
        LocalCredentials credentials = LocalCredentials.read(file, clock);
        write(entry("KEY1", "s3cr3t"));
        clock.advance(Duration.ofSeconds(1));

        assertThat(reason(credentials.resolve(proof("KEY2", "second")))).isEqualTo(Reason.UNKNOWN_ACCESS_KEY);
    }

    @Test
    void keepsWhatItHasWhileTheFileIsWrongOrGone() throws IOException {
        write(entry("KEY1", "s3cr3t"));
        LocalCredentials credentials = LocalCredentials.read(file, clock);
        write("- accessKey: [");
        clock.advance(Duration.ofSeconds(2));
        assertThat(credentials.resolve(proof("KEY1", "s3cr3t"))).isInstanceOf(Granted.class);

        Files.delete(file);
        clock.advance(Duration.ofSeconds(2));
        assertThat(credentials.resolve(proof("KEY1", "s3cr3t"))).isInstanceOf(Granted.class);

        write(entry("KEY3", "third"));
        assertThat(credentials.resolve(proof("KEY3", "third"))).isInstanceOf(Granted.class);
    }

    @Test
    void findsAnAccountByItsEmail() throws IOException {
        write(
                "- {accessKey: KEY1, secretKey: s3cr3t, account: {id: alpha, name: Alpha}, email: a@example.com, roles: []}");
        LocalCredentials credentials = LocalCredentials.read(file, clock);

        assertThat(credentials.accountOf("A@example.com")).contains(new Owner("alpha", "Alpha"));
        assertThat(credentials.accountOf("b@example.com")).isEmpty();
    }

    @Test
    void startsWithAnEmptyFile() throws IOException {
        write("# none yet\n");

        assertThat(reason(LocalCredentials.read(file, clock).resolve(proof("KEY1", "s3cr3t"))))
                .isEqualTo(Reason.UNKNOWN_ACCESS_KEY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "- {accessKey: K, secretKey: s3cr3t, account: {id: a}}           | line 1, entry 1: roles is missing",
                "- {accessKey: K, account: {id: a}, roles: []}                   | line 1, entry 1: secretKey is missing",
                "- {accessKey: '', secretKey: s3cr3t, account: {id: a}, roles: []} | line 1, entry 1: accessKey is not a text",
                "- {accessKey: K, secretKey: [s3cr3t], account: {id: a}, roles: []} | line 1, entry 1: secretKey is not a text",
                "- {accessKey: K, secretKey: s3cr3t, account: a, roles: []}      | line 1, entry 1: account is not a mapping",
                "- {accessKey: K, secretKey: s3cr3t, account: {name: a}, roles: []} | line 1, entry 1: id is missing",
                "- {accessKey: K, secretKey: s3cr3t, account: {id: a}, roles: m} | line 1, entry 1: roles is not a list",
                "- {accessKey: K, s3cr3t: x}                                     | line 1, entry 1: an entry has the fields",
                "- {accessKey: K, accessKey: s3cr3t}                             | line 1, entry 1: accessKey stands here twice",
                "- s3cr3t                                                        | line 1, entry 1: an entry is not a mapping",
                "secretKey: s3cr3t                                               | this is not a list",
                "- {secretKey: s3cr3t                                            | this is not YAML"
            })
    void namesThePlaceAndNoSecretWhenTheFileIsWrong(String text, String complaint) throws IOException {
        write(text);

        assertThatExceptionOfType(InvalidSecretFileException.class)
                .isThrownBy(() -> LocalCredentials.read(file, clock))
                .withMessageContaining(complaint)
                .withNoCause()
                .satisfies(wrong -> assertThat(wrong.getMessage()).doesNotContain("s3cr3t"));
    }

    @Test
    void namesTheLineOfASecondEntryWithTheSameKey() throws IOException {
        write(entry("KEY1", "s3cr3t") + entry("KEY1", "other"));

        assertThatExceptionOfType(InvalidSecretFileException.class)
                .isThrownBy(() -> LocalCredentials.read(file, clock))
                .withMessageContaining("line 2, entry 2: this accessKey stands in an earlier entry, too");
    }

    @Test
    void refusesAFileThatIsNotThere() {
        assertThatExceptionOfType(InvalidSecretFileException.class)
                .isThrownBy(() -> LocalCredentials.read(file, clock))
                .withMessageContaining("does not exist");
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text);
    }

    private static String entry(String accessKey, String secret) {
        return "- {accessKey: " + accessKey + ", secretKey: " + secret + ", account: {id: alpha}, roles: [member]}\n";
    }

    private static SignedProof proof(String accessKey, String secret) {
        return new SignedProof.V2(accessKey, "text", TestSigner.hmacSha1(secret, "text"));
    }

    private static Reason reason(Resolution resolution) {
        return ((Refused) resolution).reason();
    }
}
