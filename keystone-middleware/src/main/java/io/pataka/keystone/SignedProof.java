package io.pataka.keystone;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;

/**
 * What a client signed and the signature it sent. The string-to-sign is the one that the service built from the request, one
 * character per byte (ISO-8859-1), so that bytes that are not UTF-8 are kept.
 */
public sealed interface SignedProof {

    String accessKey();

    /** One character per byte. */
    String stringToSign();

    /** As the client sent it: lower-case hex for version 4, Base64 for version 2. */
    String signature();

    /** Whether {@link #signature()} was made with this secret; compared in constant time. */
    boolean isSignedWith(Secret secret);

    /**
     * AWS Signature Version 4. For a request the string-to-sign has four lines and begins with {@code AWS4-HMAC-SHA256}; for a
     * POST form it is the Base64 policy.
     *
     * @param scope the credential scope that the signing key is derived from
     */
    record V4(String accessKey, Scope scope, String stringToSign, String signature) implements SignedProof {
        public V4 {
            Objects.requireNonNull(accessKey);
            Objects.requireNonNull(scope);
            Objects.requireNonNull(stringToSign);
            Objects.requireNonNull(signature);
        }

        /** Whether the string-to-sign is one that Keystone's {@code s3tokens} can check: false for a POST form. */
        public boolean isRequest() {
            return stringToSign.startsWith("AWS4-HMAC-SHA256\n");
        }

        @Override
        public boolean isSignedWith(Secret secret) {
            byte[] key = scope.signingKey(secret);
            String expected = HexFormat.of().formatHex(Hmac.sha256(key, stringToSign.getBytes(ISO_8859_1)));
            return MessageDigest.isEqual(expected.getBytes(US_ASCII), signature.getBytes(ISO_8859_1));
        }
    }

    /** AWS Signature Version 2: Base64 of HMAC-SHA1 over the string-to-sign. */
    record V2(String accessKey, String stringToSign, String signature) implements SignedProof {
        public V2 {
            Objects.requireNonNull(accessKey);
            Objects.requireNonNull(stringToSign);
            Objects.requireNonNull(signature);
        }

        @Override
        public boolean isSignedWith(Secret secret) {
            byte[] mac = Hmac.sha1(secret.reveal().getBytes(UTF_8), stringToSign.getBytes(ISO_8859_1));
            return MessageDigest.isEqual(Base64.getEncoder().encode(mac), signature.getBytes(ISO_8859_1));
        }
    }

    /**
     * A version 4 credential scope: {@code <date>/<region>/<service>/aws4_request}.
     *
     * @param date {@code yyyyMMdd}
     */
    record Scope(String date, String region, String service) {

        /** The signing key of this scope: four chained HMAC-SHA256, 32 bytes. */
        public byte[] signingKey(Secret secret) {
            return secret.signingKey(this);
        }

        @Override
        public String toString() {
            return date + "/" + region + "/" + service + "/aws4_request";
        }
    }
}
