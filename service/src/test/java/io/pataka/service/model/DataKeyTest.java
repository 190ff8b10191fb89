package io.pataka.service.model;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;

/** The values of the first test were computed with another implementation (Python's cryptography: HKDFExpand, AESGCM). */
final class DataKeyTest {

    private static final HexFormat HEX = HexFormat.of();
    private static final DataKey KEY =
            DataKey.of(HEX.parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));
    private static final BlobId BLOB = BlobId.parse("00010203040506078899aabbccddeeff");

    private static byte[] encode(BlockCodec codec, long block, boolean isLast, String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        ByteBuffer payload = ByteBuffer.allocate(bytes.length + codec.overhead());
        codec.encode(block, isLast, ByteBuffer.wrap(bytes), payload);
        return payload.array();
    }

    private static String decode(BlockCodec codec, long block, boolean isLast, byte[] payload)
            throws UndecodableBlockException {
        ByteBuffer bytes = ByteBuffer.allocate(payload.length - codec.overhead());
        codec.decode(block, isLast, ByteBuffer.wrap(payload), bytes);
        return new String(bytes.array(), US_ASCII);
    }

    /** What lies on volumes stays readable. */
    @Test
    void theFormatDoesNotChange() throws UndecodableBlockException {
        BlockCodec codec = KEY.codec(BLOB);

        assertThat(codec.number()).isEqualTo(1);
        assertThat(codec.plainBlock()).isEqualTo(65_520);
        assertThat(HEX.formatHex(encode(codec, 0, false, "first block")))
                .isEqualTo("887cad7695924bb6e05ac8c8d719387d877cb7bfe638c9c467c18f");
        assertThat(HEX.formatHex(encode(codec, 1, true, "last block")))
                .isEqualTo("eb6d4cf6aa36395674659c1e0f2ea3dcf9cfeeba535343608a3c");
        assertThat(HEX.formatHex(encode(codec, 1L << 40, false, "x"))).isEqualTo("72ceb88fa0e04b81be2ec9ba42403464fa");
        assertThat(decode(codec, 1, true, HEX.parseHex("eb6d4cf6aa36395674659c1e0f2ea3dcf9cfeeba535343608a3c")))
                .isEqualTo("last block");
    }

    /** Parts that are in the database are completed with the entity tags that their clients have. */
    @Test
    void theDigestDoesNotChange() {
        assertThat(HEX.formatHex(KEY.digest(DigestUtils.md5("text")))).isEqualTo("851e406d56c4e30e8ba5342c225b4e07");
    }

    @Test
    void aBlockIsDecodedInItsPlaceOnly() throws UndecodableBlockException {
        BlockCodec codec = KEY.codec(BLOB);
        byte[] payload = encode(codec, 3, false, "text");

        assertThat(decode(codec, 3, false, payload)).isEqualTo("text");
        assertThatThrownBy(() -> decode(codec, 2, false, payload)).isInstanceOf(UndecodableBlockException.class);
        assertThatThrownBy(() -> decode(codec, 3, true, payload)).isInstanceOf(UndecodableBlockException.class);
        assertThatThrownBy(() -> decode(codec, 3, false, new byte[16])).isInstanceOf(UndecodableBlockException.class);
    }

    @Test
    void aBlockIsDecodedWithItsKeyOnly() throws UndecodableBlockException {
        byte[] payload = encode(KEY.codec(BLOB), 0, true, "text");
        BlobId moved = new BlobId(7, BLOB.low());
        BlobId other = new BlobId(BLOB.high(), BLOB.low() + 1);

        assertThat(decode(KEY.codec(moved), 0, true, payload)).isEqualTo("text");
        assertThatThrownBy(() -> decode(KEY.codec(other), 0, true, payload))
                .isInstanceOf(UndecodableBlockException.class);
        assertThatThrownBy(() -> decode(DataKey.random().codec(BLOB), 0, true, payload))
                .isInstanceOf(UndecodableBlockException.class);
    }

    @Test
    void keysAreRandomAndNotInTexts() {
        assertThat(DataKey.random()).isNotEqualTo(DataKey.random());
        assertThat(DataKey.of(KEY.secret())).isEqualTo(KEY);
        assertThat(KEY.toString()).isEqualTo("DataKey[]");
        byte[] changed = KEY.secret();
        changed[0] = 99;
        assertThat(KEY.secret()).isNotEqualTo(changed);
        assertThatThrownBy(() -> DataKey.of(new byte[31])).isInstanceOf(IllegalArgumentException.class);
    }
}
