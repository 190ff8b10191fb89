package io.pataka.service.model;

import java.security.MessageDigest;
import java.util.Base64;
import org.apache.commons.codec.digest.DigestUtils;

/** A key that a client sent for SSE-C. It is used for one request and never stored. */
public final class CustomerKey {

    /** Bytes of a key. */
    public static final int LENGTH = 32;

    private final byte[] secret;

    public CustomerKey(byte[] secret) {
        if (secret.length != LENGTH) {
            throw new IllegalArgumentException("a customer's key has 32 bytes, not " + secret.length);
        }
        this.secret = secret.clone();
    }

    public byte[] secret() {
        return secret.clone();
    }

    /** The Base64 of its MD5, which answers return. */
    public String md5() {
        return Base64.getEncoder().encodeToString(md5(secret));
    }

    /** The MD5 of bytes that are sent as a key, however many they are. */
    public static byte[] md5(byte[] sent) {
        return DigestUtils.md5(sent);
    }

    /** Compares in a time that does not depend on the keys. */
    @Override
    public boolean equals(Object other) {
        return other instanceof CustomerKey key && MessageDigest.isEqual(secret, key.secret);
    }

    @Override
    public int hashCode() {
        return CustomerKey.class.hashCode();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "CustomerKey[]";
    }
}
