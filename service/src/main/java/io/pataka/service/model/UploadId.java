package io.pataka.service.model;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/**
 * Names a multipart upload, and the list of parts that it leaves behind: 16 bytes, of which the first six are the time in
 * milliseconds since 1970 and the others random. So the uploads of a key sort by their beginning, as listings want them.
 */
public record UploadId(UUID value) {

    private static final SecureRandom RANDOM = new SecureRandom();

    /** A new id of this moment. */
    public static UploadId random() {
        long high = Instant.now().toEpochMilli() << 16 | (RANDOM.nextInt() & 0xFFFF);
        return new UploadId(new UUID(high, RANDOM.nextLong()));
    }

    public static UploadId of(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UploadId(new UUID(buffer.getLong(), buffer.getLong()));
    }

    /** Reads {@link #text()}; empty for what was never an upload id of ours (clients get {@code NoSuchUpload}). */
    public static Optional<UploadId> parse(String text) {
        if (text.length() != 32) {
            return Optional.empty();
        }
        try {
            return Optional.of(of(HexFormat.of().parseHex(text)));
        } catch (IllegalArgumentException notHexadecimal) {
            return Optional.empty();
        }
    }

    public byte[] bytes() {
        return ByteBuffer.allocate(16)
                .putLong(value.getMostSignificantBits())
                .putLong(value.getLeastSignificantBits())
                .array();
    }

    /** 32 lower-case hexadecimal digits. */
    public String text() {
        return HexFormat.of().formatHex(bytes());
    }

    @Override
    public String toString() {
        return text();
    }
}
