package io.pataka.service.model;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts blocks with AES-256-GCM (NIST SP 800-38D). The nonce of a block has its number and whether it is the last one, so a block
 * that was moved, and a payload that was cut at a block, are not decrypted. A block of payload ends with its tag of 16 bytes.
 */
final class AesGcmCodec implements BlockCodec {

    static final int NUMBER = 1;

    private static final int TAG = 16;
    private static final int NONCE = 12;

    private final SecretKeySpec key;
    private final Cipher cipher;

    /**
     * @param key 32 bytes, which encrypt one blob only
     */
    AesGcmCodec(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
        try {
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES/GCM", e);
        }
    }

    @Override
    public int number() {
        return NUMBER;
    }

    @Override
    public int overhead() {
        return TAG;
    }

    @Override
    public void encode(long block, boolean isLast, ByteBuffer bytes, ByteBuffer payload) {
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, nonce(block, isLast));
            cipher.doFinal(bytes, payload);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a block cannot be encrypted", e);
        }
    }

    @Override
    public void decode(long block, boolean isLast, ByteBuffer payload, ByteBuffer bytes)
            throws UndecodableBlockException {
        try {
            cipher.init(Cipher.DECRYPT_MODE, key, nonce(block, isLast));
            cipher.doFinal(payload, bytes);
        } catch (AEADBadTagException e) {
            throw new UndecodableBlockException("block " + block + " was encrypted with another key, or changed since");
        } catch (GeneralSecurityException e) {
            throw new UndecodableBlockException("block " + block + " cannot be decrypted");
        }
    }

    private static GCMParameterSpec nonce(long block, boolean isLast) {
        byte[] nonce = ByteBuffer.allocate(NONCE)
                .putInt(isLast ? 1 << 24 : 0)
                .putLong(block)
                .array();
        return new GCMParameterSpec(TAG * Byte.SIZE, nonce);
    }
}
