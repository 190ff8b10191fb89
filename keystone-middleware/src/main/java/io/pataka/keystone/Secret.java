package io.pataka.keystone;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Objects;

/** A secret key. Only {@link #reveal()} returns its text, and never {@code toString}. */
public final class Secret {

    private final String text;
    private volatile SigningKey last;

    private Secret(String text) {
        this.text = text;
    }

    public static Secret of(String text) {
        return new Secret(Objects.requireNonNull(text));
    }

    /** The secret itself, for computing a signature. */
    public String reveal() {
        return text;
    }

    /**
     * The signing key of a scope. The last one is cached: a client uses one scope for a day, and deriving the key costs four
     * times as much as verifying a signature with it.
     */
    byte[] signingKey(SignedProof.Scope scope) {
        SigningKey known = last;
        if (known == null || !known.scope.equals(scope)) {
            known = new SigningKey(scope, text);
            last = known;
        }
        return known.bytes.clone();
    }

    /** Four chained HMAC-SHA256. */
    private static final class SigningKey {

        private final SignedProof.Scope scope;
        private final byte[] bytes;

        SigningKey(SignedProof.Scope scope, String secret) {
            byte[] key =
                    Hmac.sha256(("AWS4" + secret).getBytes(UTF_8), scope.date().getBytes(UTF_8));
            key = Hmac.sha256(key, scope.region().getBytes(UTF_8));
            key = Hmac.sha256(key, scope.service().getBytes(UTF_8));
            this.scope = scope;
            this.bytes = Hmac.sha256(key, "aws4_request".getBytes(UTF_8));
        }
    }

    /** Equal in constant time. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that && MessageDigest.isEqual(text.getBytes(UTF_8), that.text.getBytes(UTF_8));
    }

    @Override
    public int hashCode() {
        return Secret.class.hashCode();
    }

    @Override
    public String toString() {
        return "Secret[hidden]";
    }
}
