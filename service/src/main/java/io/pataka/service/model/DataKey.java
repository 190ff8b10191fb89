package io.pataka.service.model;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;

/**
 * The secret with which the bytes of one version are encrypted. It is stored only in wrapped form, in an {@link Envelope}. A copy of
 * the version that shares its blobs has the same data key in an envelope of its own.
 */
public final class DataKey {

    /** Bytes of a key. */
    public static final int LENGTH = 32;

    private static final byte[] PURPOSE = "pataka-blob-1".getBytes(US_ASCII);
    private static final byte[] DIGEST = "pataka-etag-1".getBytes(US_ASCII);
    private static final int DIGEST_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] secret;

    private DataKey(byte[] secret) {
        this.secret = secret;
    }

    /** A new key. */
    public static DataKey random() {
        byte[] secret = new byte[LENGTH];
        RANDOM.nextBytes(secret);
        return new DataKey(secret);
    }

    /** A key that was unwrapped. */
    public static DataKey of(byte[] secret) {
        if (secret.length != LENGTH) {
            throw new IllegalArgumentException("a data key has 32 bytes, not " + secret.length);
        }
        return new DataKey(secret.clone());
    }

    /** The secret, to be wrapped. */
    public byte[] secret() {
        return secret.clone();
    }

    /**
     * The codec of one blob, with a key of its own: HKDF-Expand (RFC 5869 section 2.3) of this key for the last eight bytes of the
     * blob's id. They are random and a blob is written once, so no key encrypts two blocks with one nonce, whatever is repeated. Two of
     * 10,000 parts have the same bytes with a probability of less than 1 to 10^11.
     */
    public BlockCodec codec(BlobId blob) {
        byte[] info = ByteBuffer.allocate(PURPOSE.length + Long.BYTES + 1)
                .put(PURPOSE)
                .putLong(blob.low())
                .put((byte) 1)
                .array();
        return new AesGcmCodec(new HmacUtils(HmacAlgorithms.HMAC_SHA_256, secret).hmac(info));
    }

    /**
     * A digest of content of the version: the first 16 bytes of an HMAC-SHA-256 with this key. It tells nothing of the content to those who
     * do not have the key.
     *
     * @param md5 of the content
     */
    public byte[] digest(byte[] md5) {
        byte[] message = ByteBuffer.allocate(DIGEST.length + md5.length)
                .put(DIGEST)
                .put(md5)
                .array();
        return Arrays.copyOf(new HmacUtils(HmacAlgorithms.HMAC_SHA_256, secret).hmac(message), DIGEST_BYTES);
    }

    /** Compares in a time that does not depend on the keys. */
    @Override
    public boolean equals(Object other) {
        return other instanceof DataKey key && MessageDigest.isEqual(secret, key.secret);
    }

    @Override
    public int hashCode() {
        return DataKey.class.hashCode();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "DataKey[]";
    }
}
