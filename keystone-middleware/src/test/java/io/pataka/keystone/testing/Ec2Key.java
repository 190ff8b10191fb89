package io.pataka.keystone.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.keystone.Secret;
import io.pataka.keystone.SignedProof;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** An EC2 credential for tests, and proofs made with it. */
public record Ec2Key(String access, String secret, String userId, String projectId) {

    private static final SignedProof.Scope SCOPE = new SignedProof.Scope("20260101", "us-east-1", "s3");

    /** What a version 4 client would send for some request. */
    public SignedProof.V4 signV4() {
        return signV4("AWS4-HMAC-SHA256\n20260101T000000Z\n" + SCOPE + "\n" + "ab".repeat(32));
    }

    /** A version 4 signature over any text, a POST policy for one. */
    public SignedProof.V4 signV4(String stringToSign) {
        byte[] mac = mac("HmacSHA256", SCOPE.signingKey(Secret.of(secret)), stringToSign);
        return new SignedProof.V4(access, SCOPE, stringToSign, HexFormat.of().formatHex(mac));
    }

    /** What a version 2 client would send for some request. */
    public SignedProof.V2 signV2() {
        String stringToSign = "GET\n\n\nThu, 01 Jan 2026 00:00:00 GMT\n/bucket/key";
        byte[] mac = mac("HmacSHA1", secret.getBytes(UTF_8), stringToSign);
        return new SignedProof.V2(access, stringToSign, Base64.getEncoder().encodeToString(mac));
    }

    /** The same access key with another secret. */
    public Ec2Key withSecret(String other) {
        return new Ec2Key(access, other, userId, projectId);
    }

    private static byte[] mac(String algorithm, byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            return mac.doFinal(text.getBytes(ISO_8859_1));
        } catch (GeneralSecurityException absent) {
            throw new IllegalStateException(absent);
        }
    }
}
