package io.pataka.service.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;

/**
 * An object's key: 1 to 1,024 bytes, kept and compared as bytes. A new key is UTF-8. Earlier releases stored others as well, and
 * those can still be listed (with {@code encoding-type=url}), read, copied and deleted. Never a path on a disk.
 */
public final class ObjectKey implements Comparable<ObjectKey> {

    /** The longest key, in bytes. */
    public static final int MAX_LENGTH = 1024;

    private final byte[] bytes;

    private ObjectKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * @throws IllegalArgumentException for an empty key or one longer than {@link #MAX_LENGTH}; callers that read a request
     *     check the length first to answer {@code KeyTooLongError}
     */
    public static ObjectKey of(byte[] bytes) {
        if (bytes.length == 0 || bytes.length > MAX_LENGTH) {
            throw new IllegalArgumentException("a key has 1 to 1024 bytes, not " + bytes.length);
        }
        return new ObjectKey(bytes.clone());
    }

    /** The key whose UTF-8 form is {@code text}. */
    public static ObjectKey of(String text) {
        return of(text.getBytes(UTF_8));
    }

    /** Whether the bytes are the UTF-8 form of a text (RFC 3629), so that a document can name the key. */
    public boolean isUtf8() {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException notUtf8) {
            return false;
        }
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    public int length() {
        return bytes.length;
    }

    /** Whether the key begins with these bytes. */
    public boolean startsWith(byte[] prefix) {
        return bytes.length >= prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** Unsigned bytewise order: the order of every S3 listing. */
    @Override
    public int compareTo(ObjectKey other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ObjectKey that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The key as UTF-8 text; bytes that are no UTF-8 show as U+FFFD. */
    @Override
    public String toString() {
        return new String(bytes, UTF_8);
    }
}
