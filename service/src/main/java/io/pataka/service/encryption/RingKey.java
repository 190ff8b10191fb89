package io.pataka.service.encryption;

import java.util.Base64;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What a key ring has of a key: the 32 bytes, or the id of the secret of the key manager that has them.
 *
 * @param text Base64 of the bytes, or the id
 */
public record RingKey(Place place, String text) {

    private static final Pattern SECRET_ID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    /** Where the bytes are. */
    public enum Place {
        /** In the file of the ring. */
        FILE,
        /** In Barbican. */
        BARBICAN
    }

    /**
     * @throws IllegalArgumentException for any other text; the message does not quote it
     */
    public RingKey {
        Objects.requireNonNull(place);
        if (place == Place.BARBICAN && !SECRET_ID.matcher(text).matches()) {
            throw new IllegalArgumentException("the id of a secret in Barbican is a UUID in lower case");
        }
        if (place == Place.FILE && lengthOfBytes(text) != WrappingKey.LENGTH) {
            throw new IllegalArgumentException("a key is the Base64 of " + WrappingKey.LENGTH + " bytes");
        }
    }

    /** A key with these 32 bytes. */
    public static RingKey of(byte[] secret) {
        return new RingKey(Place.FILE, Base64.getEncoder().encodeToString(secret));
    }

    private static int lengthOfBytes(String base64) {
        try {
            return Base64.getDecoder().decode(base64).length;
        } catch (IllegalArgumentException notBase64) {
            return -1;
        }
    }

    /** The key, of which the ring must have the bytes. */
    WrappingKey key() {
        if (place != Place.FILE) {
            throw new IllegalStateException("the ring does not have the bytes of this key");
        }
        return new WrappingKey(Base64.getDecoder().decode(text));
    }

    /** Without the bytes. */
    @Override
    public String toString() {
        return place == Place.FILE ? "RingKey[]" : "RingKey[" + text + "]";
    }
}
