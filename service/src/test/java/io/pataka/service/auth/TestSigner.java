package io.pataka.service.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Keyed hashes as a client computes them, without the server's code. */
final class TestSigner {

    private TestSigner() {}

    /** Base64 of HMAC-SHA1. */
    static String hmacSha1(String secret, String text) {
        return Base64.getEncoder().encodeToString(mac("HmacSHA1", secret.getBytes(UTF_8), text));
    }

    /** Lower-case hexadecimal of HMAC-SHA256 with the signing key of version 4. */
    static String v4(String secret, String day, String region, String text) {
        byte[] key = mac("HmacSHA256", ("AWS4" + secret).getBytes(UTF_8), day);
        key = mac("HmacSHA256", key, region);
        key = mac("HmacSHA256", key, "s3");
        key = mac("HmacSHA256", key, "aws4_request");
        return HexFormat.of().formatHex(mac("HmacSHA256", key, text));
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
