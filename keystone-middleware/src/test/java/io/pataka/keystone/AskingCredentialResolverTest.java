package io.pataka.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.keystone.Resolution.Granted;
import io.pataka.keystone.Resolution.Reason;
import io.pataka.keystone.Resolution.Refused;
import io.pataka.keystone.Resolution.Unavailable;
import io.pataka.keystone.testing.Ec2Key;
import io.pataka.keystone.testing.FakeKeystone;
import io.pataka.keystone.testing.FakeKeystone.Endpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AskingCredentialResolverTest {

    private final FakeKeystone keystone = FakeKeystone.start();
    private final KeystoneConnection connection = KeystoneConnection.open(
            keystone.settings().mode(KeystoneSettings.Mode.ASK).build(), KeystoneMetrics.NONE);
    private final String alice = keystone.user("alice");
    private final String alpha = keystone.project("alpha");
    private Ec2Key key;

    @BeforeEach
    void giveAliceAKey() {
        keystone.grant(alice, alpha, "member");
        key = keystone.ec2Key(alice, alpha);
    }

    @AfterEach
    void close() {
        connection.close();
        keystone.close();
    }

    private Resolution resolve(SignedProof proof) {
        return connection.resolver().resolve(proof);
    }

    private static void assertRefused(Resolution resolution, Reason reason) {
        assertThat(resolution)
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    @Test
    void asksEveryTimeAndReadsNoSecret() {
        for (int i = 0; i < 3; i++) {
            assertThat(resolve(key.signV4()))
                    .isInstanceOfSatisfying(
                            Granted.class,
                            granted -> assertThat(granted.credential().secret()).isEmpty());
        }
        assertThat(keystone.calls(Endpoint.S3TOKENS)).isEqualTo(3);
        assertThat(keystone.calls(Endpoint.CREDENTIAL)).isZero();
    }

    @Test
    void refusesAtOnceWhatWasRevoked() {
        assertThat(resolve(key.signV4())).isInstanceOf(Granted.class);
        keystone.deleteEc2Key(key.access());
        assertRefused(resolve(key.signV4()), Reason.UNKNOWN_ACCESS_KEY);
    }

    @Test
    void checksItsOwnTokenOnceForManyWrongSignatures() {
        for (int i = 0; i < 10; i++) {
            assertRefused(resolve(key.withSecret("wrong").signV4()), Reason.SIGNATURE_MISMATCH);
        }
        assertThat(keystone.calls(Endpoint.TOKEN_CHECK)).isEqualTo(1);
        assertThat(keystone.calls(Endpoint.LOGIN)).isEqualTo(1);
    }

    @Test
    void sendsNothingToKeystoneThatIsNotASignedRequest() {
        assertRefused(resolve(key.signV2()), Reason.FORM_NOT_SUPPORTED);
        assertRefused(resolve(key.signV4("eyJwb2xpY3kiOnt9fQ==")), Reason.FORM_NOT_SUPPORTED);
        assertThat(keystone.allCalls()).isZero();
    }

    @Test
    void isUnavailableWhileKeystoneIsDown() {
        keystone.stop();
        assertThat(resolve(key.signV4())).isInstanceOf(Unavailable.class);
        keystone.resume();
    }
}
