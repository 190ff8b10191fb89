package io.pataka.service.model;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Names one write-once blob: the number of the volume it lies on (two bytes), the shard it lies in there (two bytes), and 12
 * random bytes, so that a blob is found without asking, and adding a volume moves nothing. Never derived from a key.
 */
public record BlobId(long high, long low) implements Comparable<BlobId> {

    /** Length of {@link #bytes()}. */
    public static final int LENGTH = 16;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final HexFormat HEX = HexFormat.of();

    /**
     * A new id on a volume.
     *
     * @param volume 0 to 65,535
     * @param shard 0 to 65,535
     */
    public static BlobId random(int volume, int shard) {
        if (volume < 0 || volume > 0xFFFF) {
            throw new IllegalArgumentException("a volume's number is 0 to 65535, not " + volume);
        }
        if (shard < 0 || shard > 0xFFFF) {
            throw new IllegalArgumentException("a shard's number is 0 to 65535, not " + shard);
        }
        long high = (long) volume << 48 | (long) shard << 32 | (RANDOM.nextInt() & 0xFFFFFFFFL);
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

    /** The number of the volume that the blob lies on, 0 to 65,535. */
    public int volume() {
        return (int) (high >>> 48);
    }

    /** The number of the shard of its volume that the blob lies in, 0 to 65,535. */
    public int shard() {
        return (int) (high >>> 32) & 0xFFFF;
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
