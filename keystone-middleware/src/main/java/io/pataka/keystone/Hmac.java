package io.pataka.keystone;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The two keyed hashes of the signature versions. */
final class Hmac {

    private Hmac() {}

    static byte[] sha256(byte[] key, byte[] message) {
        return mac("HmacSHA256", key, message);
    }

    static byte[] sha1(byte[] key, byte[] message) {
        return mac("HmacSHA1", key, message);
    }

    private static byte[] mac(String algorithm, byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            // An empty key is not a SecretKeySpec; one zero byte pads to the same block (RFC 2104).
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, algorithm));
            return mac.doFinal(message);
        } catch (GeneralSecurityException absent) {
            throw new IllegalStateException("every Java platform has " + algorithm, absent);
        }
    }
}
