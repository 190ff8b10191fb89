package io.pataka.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.keystone.SignedProof.Scope;
import io.pataka.keystone.testing.Ec2Key;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignedProofTest {

    private static final Secret AWS_EXAMPLE = Secret.of("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");

    /** The signing key of AWS's page "Examples of how to derive a signing key for Signature Version 4". */
    @Test
    void derivesTheSigningKeyThatAwsPublishes() {
        byte[] key = new SignedProof.Scope("20120215", "us-east-1", "iam").signingKey(AWS_EXAMPLE);
        assertThat(HexFormat.of().formatHex(key))
                .isEqualTo("f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d");
    }

    /** The first example of AWS's page "Signing and authenticating REST requests" (Signature Version 2). */
    @Test
    void takesTheVersion2SignatureThatAwsPublishes() {
        SignedProof.V2 proof = new SignedProof.V2(
                "AKIAIOSFODNN7EXAMPLE",
                "GET\n\n\nTue, 27 Mar 2007 19:36:42 +0000\n/awsexamplebucket1/photos/puppy.jpg",
                "qgk2+6Sv9/oM7G3qLEjTH1a1l1g=");
        assertThat(proof.isSignedWith(Secret.of("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")))
                .isTrue();
        assertThat(proof.isSignedWith(AWS_EXAMPLE)).isFalse();
    }

    @Test
    void takesTheSecretItWasSignedWithAndNoOther() {
        Ec2Key key = new Ec2Key("access", "a secret", "user", "project");
        assertThat(key.signV4().isSignedWith(Secret.of("a secret"))).isTrue();
        assertThat(key.signV4().isSignedWith(Secret.of("another"))).isFalse();
        assertThat(key.signV4().isSignedWith(Secret.of(""))).isFalse();
        assertThat(key.signV2().isSignedWith(Secret.of("a secret"))).isTrue();
        assertThat(key.signV2().isSignedWith(Secret.of(""))).isFalse();
    }

    @Test
    void distinguishesARequestFromAPostForm() {
        Ec2Key key = new Ec2Key("access", "secret", "user", "project");
        assertThat(key.signV4().isRequest()).isTrue();
        assertThat(key.signV4("eyJjb25kaXRpb25zIjpbXX0=").isRequest()).isFalse();
    }

    @Test
    void signsAProbeOfFourLinesThatItsOwnSecretProves() {
        SignedProof.V4 probe = ProbeProof.of(
                new StoredCredential("access", Secret.of("secret"), false), Instant.parse("2026-02-03T04:05:06.7Z"));
        assertThat(probe.stringToSign())
                .isEqualTo("AWS4-HMAC-SHA256\n20260203T040506Z\n20260203/probe/s3/aws4_request\n" + "0".repeat(64));
        assertThat(probe.isSignedWith(Secret.of("secret"))).isTrue();
    }

    @Test
    void showsNoSecretAsText() {
        StoredCredential stored = new StoredCredential("access", Secret.of("hush"), false);
        assertThat(stored.toString()).contains("access").doesNotContain("hush");
        assertThat(Secret.of("hush").toString()).doesNotContain("hush");
    }

    @Test
    void derivesAKeyOfItsOwnForEachScopeOfASecret() {
        Secret kept = Secret.of("secret");
        Scope today = new Scope("20260102", "us-east-1", "s3");
        Scope tomorrow = new Scope("20260103", "us-east-1", "s3");

        for (Scope scope : List.of(today, today, tomorrow, today)) {
            assertThat(scope.signingKey(kept)).isEqualTo(scope.signingKey(Secret.of("secret")));
        }
        assertThat(today.signingKey(kept)).isNotEqualTo(tomorrow.signingKey(kept));
    }
}
