package io.pataka.service.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AwsChunkedInputStreamTest {

    private static final String TRAILER = "x-amz-checksum-crc32";

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8191, 8192, 65_536})
    void givesTheBytesWhateverTheSizesOfReads(int size) throws IOException {
        byte[] first = random(65_536);
        byte[] second = random(8_192);
        byte[] third = random(5);
        ChunkedWire wire = ChunkedWire.signed()
                .chunk(first)
                .chunk(second)
                .chunk(third)
                .last()
                .raw("\r\n");

        byte[] read = read(slowly(wire.bytes(), size), wire.framing(), size);

        assertThat(read).isEqualTo(concat(first, second, third));
    }

    @Test
    void givesBytesOneByOne() throws IOException {
        ChunkedWire wire =
                ChunkedWire.unsigned().chunk(new byte[] {1, -1, 0}).last().raw("\r\n");
        try (InputStream in = new AwsChunkedInputStream(new ByteArrayInputStream(wire.bytes()), wire.framing())) {
            assertThat(new int[] {in.read(), in.read(), in.read(), in.read(), in.read()})
                    .containsExactly(1, 255, 0, -1, -1);
        }
    }

    @Test
    void givesAnEmptyBody() throws IOException {
        ChunkedWire signed = ChunkedWire.signed().last().raw("\r\n");
        ChunkedWire unsigned = ChunkedWire.unsigned().last().raw("\r\n");

        assertThat(read(signed.bytes(), signed.framing())).isEmpty();
        assertThat(read(unsigned.bytes(), unsigned.framing())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"\\r\\n, ''", "'', \\r\\n", "'', ''", "\\r\\n, \\r\\n"})
    void takesTrailersAsClientsWriteThem(String before, String after) throws IOException {
        byte[] content = random(100);
        ChunkedWire wire = ChunkedWire.unsigned()
                .chunk(content)
                .last()
                .raw(unescaped(before))
                .raw(TRAILER + ":AAAAAA==" + "\r\n")
                .raw(unescaped(after));
        AwsChunkedInputStream in =
                new AwsChunkedInputStream(new ByteArrayInputStream(wire.bytes()), wire.framing(TRAILER));

        assertThat(in.readAllBytes()).isEqualTo(content);
        assertThat(in.trailers().first(TRAILER)).contains("AAAAAA==");
    }

    @Test
    void hasNoTrailerBeforeTheEnd() throws IOException {
        ChunkedWire wire = ChunkedWire.unsigned()
                .chunk(new byte[10])
                .last()
                .trailer(TRAILER + ":AAAAAA==")
                .raw("\r\n");
        AwsChunkedInputStream in =
                new AwsChunkedInputStream(new ByteArrayInputStream(wire.bytes()), wire.framing(TRAILER));

        assertThat(in.readNBytes(10)).hasSize(10);
        assertThat(in.trailers().names()).isEmpty();
        assertThat(in.read()).isEqualTo(-1);
        assertThat(in.trailers().names()).containsExactly(TRAILER);
    }

    @Test
    void neverTakesATruncatedBodyForAWholeOne() throws IOException {
        ChunkedWire signed = ChunkedWire.signed()
                .chunk(random(9_000))
                .chunk(random(10))
                .last()
                .trailer(TRAILER + ":AAAAAA==");
        AwsChunkedFraming[] framings = new AwsChunkedFraming[1];
        int whole = signed.bytes().length;
        for (int length = 0; length < whole; length += length > 100 && length < 8_900 ? 977 : 1) {
            framings[0] = signed.framing(TRAILER);
            byte[] wire = Arrays.copyOf(signed.bytes(), length);
            S3Exception refused = catchThrowableOfType(S3Exception.class, () -> read(wire, framings[0]));
            assertThat(refused).as("after %d of %d bytes", length, whole).isNotNull();
            assertThat(refused.error()).isIn(S3Error.INCOMPLETE_BODY, S3Error.MALFORMED_TRAILER);
        }
        assertThat(read(signed.bytes(), signed.framing(TRAILER))).hasSize(9_010);
    }

    @Test
    void noticesEveryFlippedBit() {
        byte[] right = ChunkedWire.signed()
                .chunk(random(8_192))
                .chunk(random(3))
                .last()
                .trailer(TRAILER + ":AAAAAA==")
                .raw("\r\n")
                .bytes();
        ChunkedWire length = ChunkedWire.signed().chunk(new byte[8_192]).chunk(new byte[3]);
        for (int at = 0; at < right.length; at += at > 100 && at < 8_200 ? 311 : 1) {
            byte[] wrong = right.clone();
            wrong[at] ^= (byte) (1 << (at & 7));
            if (!isMeaningless(right[at], wrong[at])) {
                AwsChunkedFraming framing = length.framing(TRAILER);
                assertThat(catchThrowableOfType(S3Exception.class, () -> read(wrong, framing)))
                        .as("bit %d of byte %d, which is '%c'", at & 7, at, right[at])
                        .isNotNull();
            }
        }
    }

    /** White space in the framing, and the case of a trailer's name or of a size's digits. */
    private static boolean isMeaningless(byte right, byte wrong) {
        boolean caseOnly = Character.toLowerCase(right) == Character.toLowerCase(wrong);
        return caseOnly || Character.isWhitespace(right);
    }

    @Test
    void failsForEverOnceItFailed() throws IOException {
        ChunkedWire wire = ChunkedWire.signed().chunk(random(100)).last().raw("\r\n");
        byte[] wrong = wire.bytes();
        wrong[120] ^= 1;
        try (InputStream in = new AwsChunkedInputStream(new ByteArrayInputStream(wrong), wire.framing())) {
            for (int i = 0; i < 3; i++) {
                assertThat(catchThrowableOfType(S3Exception.class, in::readAllBytes)
                                .error())
                        .isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
            }
        }
    }

    @Test
    void refusesChunksInAnotherOrder() {
        byte[] a = random(8_192);
        byte[] b = random(8_192);
        byte[] right = ChunkedWire.signed().chunk(a).chunk(b).last().raw("\r\n").bytes();
        int frame = (right.length - "0;chunk-signature=\r\n\r\n".length() - 64) / 2;
        byte[] swapped = concat(
                Arrays.copyOfRange(right, frame, 2 * frame),
                Arrays.copyOfRange(right, 0, frame),
                Arrays.copyOfRange(right, 2 * frame, right.length));

        assertThat(refusal(swapped, ChunkedWire.signed().framing(16_384)).error())
                .isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
    }

    @Test
    void refusesASmallChunkBeforeTheLast() {
        ChunkedWire wire = ChunkedWire.signed()
                .chunk(random(8_192))
                .chunk(random(8_191))
                .chunk(random(10))
                .last()
                .raw("\r\n");

        S3Exception refused = refusal(wire.bytes(), wire.framing());

        assertThat(refused.error()).isEqualTo(S3Error.INVALID_CHUNK_SIZE);
        assertThat(refused.details()).containsEntry("Chunk", "2").containsEntry("BadChunkSize", "8191");
    }

    @Test
    void takesSmallUnsignedChunks() throws IOException {
        ChunkedWire wire =
                ChunkedWire.unsigned().chunk(random(3)).chunk(random(4)).last().raw("\r\n");

        assertThat(read(wire.bytes(), wire.framing())).hasSize(7);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1, 1_000})
    void refusesAnotherLengthThanTheDeclaredOne(long difference) {
        ChunkedWire wire = ChunkedWire.unsigned().chunk(random(100)).last().raw("\r\n");

        assertThat(refusal(wire.bytes(), wire.framing(100 + difference)).error())
                .isEqualTo(S3Error.INCOMPLETE_BODY);
    }

    @ParameterizedTest
    @CsvSource({
        "'', INCOMPLETE_BODY",
        "'a', INCOMPLETE_BODY",
        "'\\r\\n', INCOMPLETE_BODY",
        "'g\\r\\n', INCOMPLETE_BODY",
        "'-1\\r\\n', INCOMPLETE_BODY",
        "'+1\\r\\n', INCOMPLETE_BODY",
        "'0x1\\r\\n', INCOMPLETE_BODY",
        "' 3\\r\\nabc', INCOMPLETE_BODY",
        "'3;name=value\\r\\nabc\\r\\n0\\r\\n\\r\\n', INCOMPLETE_BODY",
        "'3\\nabc\\r\\n0\\r\\n\\r\\n', INCOMPLETE_BODY",
        "'3\\r\\nabcd\\r\\n0\\r\\n\\r\\n', INCOMPLETE_BODY",
        "'3\\r\\nabc\\r\\n0\\r\\n\\r\\nX', INCOMPLETE_BODY",
        "'3\\r\\nabc\\r\\n0\\r\\nx-amz-meta-a:b\\r\\n\\r\\n', MALFORMED_TRAILER",
        "'ffffffffffffffff\\r\\nabc', INCOMPLETE_BODY",
        "'7fffffffffffffff\\r\\nabc', INCOMPLETE_BODY",
        "'fffffff\\r\\nabc', INCOMPLETE_BODY"
    })
    void refusesMalformedFraming(String wire, S3Error error) {
        assertThat(refusal(bytes(unescaped(wire)), ChunkedWire.unsigned().framing(3))
                        .error())
                .isEqualTo(error);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s ;chunk-signature=%s", "%s; chunk-signature=%s", "%s;chunk-signature = %s "})
    void takesWhiteSpaceAroundASignature(String line) throws IOException {
        String signed = new String(
                ChunkedWire.signed().chunk(new byte[3]).last().raw("\r\n").bytes(), ISO_8859_1);
        String spaced = Pattern.compile("([0-9a-f]+);chunk-signature=([0-9a-f]+)")
                .matcher(signed)
                .replaceAll(chunk -> line.formatted(chunk.group(1), chunk.group(2)));
        try (InputStream in = new AwsChunkedInputStream(
                new ByteArrayInputStream(bytes(spaced)), ChunkedWire.signed().framing(3))) {
            assertThat(in.readAllBytes()).hasSize(3);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3\r\nabc\r\n",
                "3;chunk-signature\r\nabc\r\n",
                "3;chunk-signature=\r\nabc\r\n",
                "3;chunk-signature=00\r\nabc\r\n",
                "3;signature=00\r\nabc\r\n"
            })
    void refusesAChunkWithoutSignature(String wire) {
        assertThat(refusal(bytes(wire), ChunkedWire.signed().framing(3)).error())
                .isEqualTo(S3Error.INCOMPLETE_BODY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "\u00e9", "A"})
    void refusesAChunkWithAnotherSignature(String signature) {
        byte[] wire = bytes("3;chunk-signature=" + signature.repeat(64) + "\r\nabc\r\n");

        assertThat(refusal(wire, ChunkedWire.signed().framing(3)).error()).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
    }

    @Test
    void refusesALineWithoutEnd() {
        assertThat(refusal(bytes("0".repeat(100_000)), ChunkedWire.unsigned().framing(3))
                        .error())
                .isEqualTo(S3Error.INCOMPLETE_BODY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                "x-amz-checksum-crc32c:AAAAAA==\r\n\r\n",
                "x-amz-checksum-crc32:AAAAAA==\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n",
                "x-amz-checksum-crc32:AAAAAA==\r\nx-amz-checksum-sha1:AAAAAA==\r\n\r\n",
                "x-amz-checksum-crc32:AAAAAA==\r\nx-amz-trailer-signature:00\r\n\r\n",
                "nonsense\r\n\r\n",
                ":\r\n\r\n"
            })
    void refusesTrailersOtherThanTheDeclared(String trailers) {
        ChunkedWire wire = ChunkedWire.unsigned().chunk(random(3)).last().raw(trailers);

        assertThat(refusal(wire.bytes(), wire.framing(TRAILER)).error()).isEqualTo(S3Error.MALFORMED_TRAILER);
    }

    @Test
    void refusesSignedTrailersWithoutSignatureOrWithAnother() {
        ChunkedWire without = ChunkedWire.signed().chunk(random(3)).last().raw(TRAILER + ":AAAAAA==\r\n\r\n");
        ChunkedWire another = ChunkedWire.signed()
                .chunk(random(3))
                .last()
                .raw(TRAILER + ":AAAAAA==\r\nx-amz-trailer-signature:" + "0".repeat(64) + "\r\n\r\n");
        ChunkedWire more = ChunkedWire.signed()
                .chunk(random(3))
                .last()
                .trailer(TRAILER + ":AAAAAA==")
                .raw("x-amz-checksum-sha1:AAAA\r\n\r\n");

        assertThat(refusal(without.bytes(), without.framing(TRAILER)).error()).isEqualTo(S3Error.MALFORMED_TRAILER);
        assertThat(refusal(another.bytes(), another.framing(TRAILER)).error())
                .isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
        assertThat(refusal(more.bytes(), more.framing(TRAILER)).error()).isEqualTo(S3Error.MALFORMED_TRAILER);
    }

    @Test
    void passesOnThatTheClientWentAway() {
        InputStream gone = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("gone");
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                throw new IOException("gone");
            }
        };

        assertThat(catchThrowableOfType(
                        IOException.class,
                        () -> new AwsChunkedInputStream(
                                        gone, ChunkedWire.unsigned().framing(3))
                                .readAllBytes()))
                .hasMessage("gone");
    }

    private static S3Exception refusal(byte[] wire, AwsChunkedFraming framing) {
        S3Exception refused = catchThrowableOfType(S3Exception.class, () -> read(wire, framing));
        assertThat(refused).as("the body is refused").isNotNull();
        return refused;
    }

    private static byte[] read(byte[] wire, AwsChunkedFraming framing) throws IOException {
        return read(new ByteArrayInputStream(wire), framing, 4_096);
    }

    private static byte[] read(InputStream wire, AwsChunkedFraming framing, int size) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        byte[] buffer = new byte[size];
        try (InputStream in = new AwsChunkedInputStream(wire, framing)) {
            for (int count = in.read(buffer, 0, size); count >= 0; count = in.read(buffer, 0, size)) {
                assertThat(count).isPositive();
                read.write(buffer, 0, count);
            }
            assertThat(in.read()).isEqualTo(-1);
        }
        return read.toByteArray();
    }

    /** Gives at most so many bytes at a time, as a socket may. */
    private static InputStream slowly(byte[] wire, int size) {
        return new ByteArrayInputStream(wire) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, size));
            }
        };
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static String unescaped(String text) {
        return text.replace("\\r", "\r").replace("\\n", "\n");
    }
}
