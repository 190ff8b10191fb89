package io.pataka.service.encryption;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.model.CustomerKey;
import io.pataka.service.model.DataKey;
import io.pataka.service.model.EncryptionMode;
import io.pataka.service.model.Envelope;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;

/**
 * A key that wraps data keys. Each wrapping has a salt of 16 random bytes, and is AES-256-GCM under a key that HKDF-SHA-256 (RFC
 * 5869) makes of this key and the salt. So one key may wrap any number of data keys. Mode, id of the key and encryption context are
 * authenticated. Bucket, key and version are not: a version may be renamed, and a copy share the data key.
 */
public final class WrappingKey {

    /** Bytes of a key. */
    public static final int LENGTH = 32;

    private static final byte[] PURPOSE = "pataka-wrap-1\u0001".getBytes(UTF_8);
    private static final int SALT = 16;
    private static final int TAG_BITS = 128;

    /** No derived key is used for a second message, so the nonce need not change. */
    private static final byte[] NONCE = new byte[12];

    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] secret;

    /**
     * @param secret 32 bytes
     */
    public WrappingKey(byte[] secret) {
        if (secret.length != LENGTH) {
            throw new IllegalArgumentException("a wrapping key has 32 bytes, not " + secret.length);
        }
        this.secret = secret.clone();
    }

    static WrappingKey of(CustomerKey key) {
        return new WrappingKey(key.secret());
    }

    /** Wraps a data key for a version. */
    Envelope wrap(DataKey dataKey, EncryptionMode mode, String keyId, Optional<String> context, boolean bucketKey) {
        byte[] salt = new byte[SALT];
        RANDOM.nextBytes(salt);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, salt);
            cipher.updateAAD(authenticated(mode, keyId, context));
            byte[] wrapped = ByteBuffer.allocate(SALT + DataKey.LENGTH + TAG_BITS / Byte.SIZE)
                    .put(salt)
                    .put(cipher.doFinal(dataKey.secret()))
                    .array();
            return new Envelope(mode, keyId, Base64.getEncoder().encodeToString(wrapped), context, bucketKey);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a data key cannot be wrapped", e);
        }
    }

    /** The data key; empty when it was wrapped with another key, or the envelope was changed. */
    Optional<DataKey> unwrap(Envelope envelope) {
        try {
            byte[] wrapped = Base64.getDecoder().decode(envelope.wrapped());
            if (wrapped.length != SALT + DataKey.LENGTH + TAG_BITS / Byte.SIZE) {
                return Optional.empty();
            }
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(wrapped, SALT));
            cipher.updateAAD(authenticated(envelope.mode(), envelope.keyId(), envelope.context()));
            return Optional.of(DataKey.of(cipher.doFinal(wrapped, SALT, wrapped.length - SALT)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Cipher cipher(int direction, byte[] salt) throws GeneralSecurityException {
        byte[] extracted = new HmacUtils(HmacAlgorithms.HMAC_SHA_256, salt).hmac(secret);
        byte[] derived = new HmacUtils(HmacAlgorithms.HMAC_SHA_256, extracted).hmac(PURPOSE);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(direction, new SecretKeySpec(derived, "AES"), new GCMParameterSpec(TAG_BITS, NONCE));
        return cipher;
    }

    /** Each text with its length before it, so that no two envelopes have the same bytes. */
    private static byte[] authenticated(EncryptionMode mode, String keyId, Optional<String> context) {
        byte[] id = keyId.getBytes(UTF_8);
        byte[] text = context.orElse("").getBytes(UTF_8);
        byte[] name = mode.name().getBytes(UTF_8);
        return ByteBuffer.allocate(3 * Integer.BYTES + name.length + id.length + text.length)
                .putInt(name.length)
                .put(name)
                .putInt(id.length)
                .put(id)
                .putInt(text.length)
                .put(text)
                .array();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "WrappingKey[]";
    }
}
