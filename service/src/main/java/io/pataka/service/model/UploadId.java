package io.pataka.service.model;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/** Names a multipart upload, and the list of parts that it leaves behind: 16 random bytes. */
public record UploadId(UUID value) {

    public static UploadId random() {
        return new UploadId(UUID.randomUUID());
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
