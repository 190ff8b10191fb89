package io.pataka.service.protocol;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.CRC32C;

/**
 * The begin of the next page of a listing. Opaque to clients. A checksum detects tokens that were truncated or made up. A token
 * grants nothing: the next page is authorised like any other.
 *
 * @param position first key of the next page, as bytes; may be longer than a key
 * @param inclusive whether {@code position} itself belongs to the next page
 */
public record ContinuationToken(byte[] position, boolean inclusive) {

    private static final int CHECK_LENGTH = 4;

    /** The text given to the client: URL-safe Base64. */
    public String text() {
        ByteBuffer buffer = ByteBuffer.allocate(1 + position.length + CHECK_LENGTH);
        buffer.put((byte) (inclusive ? 1 : 0)).put(position);
        buffer.putInt(check(buffer.array(), 1 + position.length));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(buffer.array());
    }

    /** @throws S3Exception InvalidArgument when this service did not make the text */
    public static ContinuationToken parse(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            throw incorrect();
        }
        int length = bytes.length - CHECK_LENGTH;
        if (length < 1
                || ByteBuffer.wrap(bytes).getInt(length) != check(bytes, length)
                || (bytes[0] != 0 && bytes[0] != 1)) {
            throw incorrect();
        }
        byte[] position = new byte[length - 1];
        System.arraycopy(bytes, 1, position, 0, position.length);
        return new ContinuationToken(position, bytes[0] == 1);
    }

    private static int check(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static S3Exception incorrect() {
        return new S3Exception(S3Error.INVALID_ARGUMENT, "The continuation token provided is incorrect")
                .with("ArgumentName", "continuation-token");
    }
}
