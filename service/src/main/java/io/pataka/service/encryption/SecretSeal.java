package io.pataka.service.encryption;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.encryption.KeyRefusedException.Reason;
import io.pataka.service.model.DataKey;
import io.pataka.service.model.EncryptionChoice;
import io.pataka.service.model.SealedSecret;
import io.pataka.service.model.StoredForm.Encrypted;
import java.security.GeneralSecurityException;
import java.util.Objects;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;

/**
 * Encrypts short secrets for the database. Each has a data key of its own, which the active key of the key ring wraps. The secret is
 * AES-256-GCM under a key that HKDF-Expand-SHA-256 (RFC 5869 section 2.3) makes of the data key. The name of its owner is authenticated, so
 * that a secret cannot be moved to another owner. Every method throws {@link KeysUnavailableException} when a key cannot be read now.
 */
public final class SecretSeal {

    private static final byte[] PURPOSE = "pataka-secret-1\u0001".getBytes(UTF_8);
    private static final int TAG_BITS = 128;

    /** No data key is used for a second secret, so the nonce need not change. */
    private static final byte[] NONCE = new byte[12];

    private final ObjectKeys keys;

    public SecretSeal(ObjectKeys keys) {
        this.keys = Objects.requireNonNull(keys);
    }

    /**
     * Encrypts a secret.
     *
     * @param owner names what the secret belongs to
     * @throws KeyRefusedException when the service has no key ring
     */
    public SealedSecret seal(byte[] secret, String owner) throws KeyRefusedException {
        Encrypted form = keys.seal(new EncryptionChoice.S3(), "");
        try {
            return new SealedSecret(
                    form.envelope(),
                    cipher(Cipher.ENCRYPT_MODE, form.dataKey().orElseThrow(), owner)
                            .doFinal(secret));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a secret cannot be encrypted", e);
        }
    }

    /**
     * Decrypts a secret.
     *
     * @param owner as it was when the secret was encrypted
     * @throws KeyRefusedException when the secret was changed, or belongs to another owner
     */
    public byte[] open(SealedSecret sealed, String owner) throws KeyRefusedException {
        Encrypted opened = keys.open(new Encrypted(sealed.envelope(), Optional.empty()), Optional.empty(), "");
        try {
            return cipher(Cipher.DECRYPT_MODE, opened.dataKey().orElseThrow(), owner)
                    .doFinal(sealed.bytes());
        } catch (GeneralSecurityException e) {
            throw new KeyRefusedException(Reason.DAMAGED, "a secret of " + owner + " is not what was stored");
        }
    }

    private static Cipher cipher(int direction, DataKey dataKey, String owner) throws GeneralSecurityException {
        byte[] derived = new HmacUtils(HmacAlgorithms.HMAC_SHA_256, dataKey.secret()).hmac(PURPOSE);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(direction, new SecretKeySpec(derived, "AES"), new GCMParameterSpec(TAG_BITS, NONCE));
        cipher.updateAAD(owner.getBytes(UTF_8));
        return cipher;
    }
}
