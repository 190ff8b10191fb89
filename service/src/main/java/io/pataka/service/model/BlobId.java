package io.pataka.service.model;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The id of one blob: the number of the store that holds it (two bytes), and fourteen bytes that only that store understands. So a
 * blob is found without a look-up, and a new store moves no blob. An id is random and is never made from a key. A blob that gets the
 * payload of another one as it is has the last eight bytes of that one's id, {@link #low()}, and no other blob has them.
 */
public record BlobId(long high, long low) implements Comparable<BlobId> {

    /** Length of {@link #bytes()}. */
    public static final int LENGTH = 16;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final HexFormat HEX = HexFormat.of();

    /**
     * A new id in a store. All bytes but the store's number are random.
     *
     * @param store 0 to 65,535
     */
    public static BlobId random(int store) {
        if (store < 0 || store > 0xFFFF) {
            throw new IllegalArgumentException("a store's number is 0 to 65535, not " + store);
        }
        long high = (long) store << 48 | RANDOM.nextLong() >>> 16;
        return new BlobId(high, RANDOM.nextLong());
    }

    public static BlobId of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a blob id has 16 bytes, not " + bytes.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new BlobId(buffer.getLong(), buffer.getLong());
    }

    /**
     * Reads {@link #toString()}.
     *
     * @throws IllegalArgumentException when the text is not 32 hexadecimal digits
     */
    public static BlobId parse(String text) {
        return of(HEX.parseHex(text));
    }

    /** The number of the store that holds the blob, 0 to 65,535. */
    public int store() {
        return (int) (high >>> 48);
    }

    public byte[] bytes() {
        return ByteBuffer.allocate(LENGTH).putLong(high).putLong(low).array();
    }

    @Override
    public int compareTo(BlobId other) {
        int first = Long.compareUnsigned(high, other.high);
        return first != 0 ? first : Long.compareUnsigned(low, other.low);
    }

    /** 32 lower-case hexadecimal digits. */
    @Override
    public String toString() {
        return HEX.formatHex(bytes());
    }
}
