package io.pataka.service.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.signature.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Decodes an aws-chunked body. It reports the end only if every chunk signature was right, the last chunk and every declared
 * trailer field arrived, and the length is {@code x-amz-decoded-content-length}. Otherwise it throws, also at every later read.
 * A chunk may be as long as the declared length; memory is one small buffer.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html">AWS: chunked upload</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html">AWS: trailers</a>
 */
final class AwsChunkedInputStream extends InputStream {

    /** The least bytes of a signed chunk that is not the last. */
    static final int SMALLEST_SIGNED_CHUNK = 8 * 1024;

    private static final int HEX_OF_SHA256 = 64;
    private static final String SIGNATURE = "chunk-signature";
    private static final String TRAILER_SIGNATURE = "x-amz-trailer-signature";
    private static final int LONGEST_LINE = 4 * 1024;
    private static final int LONGEST_SIZE = 15;
    /** Some clients send an empty line before the trailer fields, some before their signature. */
    private static final int EMPTY_LINES = 2;

    private final InputStream body;
    private final AwsChunkedFraming framing;
    private final MessageDigest digest;
    private final byte[] buffer = new byte[8 * 1024];
    private int position;
    private int limit;

    private long delivered;
    private long chunkSize;
    private long chunkRemaining;
    private int chunks;
    private String chunkSignature;
    private boolean ended;
    private S3Exception failure;
    private RequestHeaders trailers = RequestHeaders.none();

    AwsChunkedInputStream(InputStream body, AwsChunkedFraming framing) {
        this.body = body;
        this.framing = framing;
        this.digest = framing.signatures().isPresent() ? Sha256.digest() : null;
    }

    /** The trailer fields without their signature; empty before the end was reached. */
    RequestHeaders trailers() {
        return trailers;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (failure != null) {
            throw failure;
        }
        if (length == 0) {
            return 0;
        }
        try {
            return readVerified(target, offset, length);
        } catch (S3Exception refused) {
            failure = refused;
            throw refused;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public void close() throws IOException {
        body.close();
    }

    private int readVerified(byte[] target, int offset, int length) throws IOException {
        if (ended) {
            return -1;
        }
        if (chunkRemaining == 0) {
            beginChunk();
            if (chunkSize == 0) {
                finish();
                return -1;
            }
        }
        int count = readRaw(target, offset, (int) Math.min(length, chunkRemaining));
        if (count < 0) {
            throw incomplete();
        }
        if (digest != null) {
            digest.update(target, offset, count);
        }
        delivered += count;
        chunkRemaining -= count;
        if (chunkRemaining == 0) {
            endChunk();
        }
        return count;
    }

    private void beginChunk() throws IOException {
        String line = readLine();
        if (line == null || !line.endsWith("\r")) {
            throw line == null ? incomplete() : malformed("a chunk does not begin with its size");
        }
        line = line.substring(0, line.length() - 1);
        int semicolon = line.indexOf(';');
        long size =
                chunkSize(semicolon < 0 ? line : line.substring(0, semicolon).stripTrailing());
        if (digest != null) {
            chunkSignature = signature(semicolon < 0 ? "" : line.substring(semicolon + 1));
        } else if (semicolon >= 0) {
            throw malformed("a chunk has an extension");
        }
        boolean followsAnother = chunks > 0 && size > 0;
        if (digest != null && followsAnother && chunkSize < SMALLEST_SIGNED_CHUNK) {
            throw new S3Exception(S3Error.INVALID_CHUNK_SIZE)
                    .with("Chunk", Integer.toString(chunks))
                    .with("BadChunkSize", Long.toString(chunkSize));
        }
        if (size > framing.decodedLength() - delivered) {
            throw wrongLength(delivered + size);
        }
        chunkSize = size;
        chunkRemaining = size;
        chunks++;
    }

    /** White space around name and value is allowed, as Amazon allows it. */
    private static String signature(String extension) {
        int equals = extension.indexOf('=');
        if (equals < 0 || !extension.substring(0, equals).strip().equals(SIGNATURE)) {
            throw malformed("a chunk has no signature");
        }
        String signature = extension.substring(equals + 1).strip();
        if (signature.length() != HEX_OF_SHA256) {
            throw malformed("a chunk's signature is none");
        }
        return signature;
    }

    private static long chunkSize(String hex) {
        long size = 0;
        for (int i = 0; i < hex.length(); i++) {
            int digit = hex.charAt(i) < 0x80 ? Character.digit(hex.charAt(i), 16) : -1;
            if (digit < 0) {
                throw malformed("a chunk's size is not hexadecimal");
            }
            size = size << 4 | digit;
        }
        if (hex.isEmpty() || hex.length() > LONGEST_SIZE) {
            throw malformed("a chunk's size is missing or too long");
        }
        return size;
    }

    /** Checks the end of the chunk and its signature before the last bytes are returned. */
    private void endChunk() throws IOException {
        String line = readLine();
        if (line == null) {
            throw incomplete();
        }
        if (!line.equals("\r")) {
            throw malformed("a chunk is longer than its size");
        }
        checkChunkSignature();
    }

    private void checkChunkSignature() {
        if (framing.signatures().isPresent()
                && !framing.signatures().get().acceptsChunk(digest.digest(), chunkSignature)) {
            throw new S3Exception(S3Error.SIGNATURE_DOES_NOT_MATCH);
        }
    }

    private void finish() throws IOException {
        checkChunkSignature();
        if (delivered != framing.decodedLength()) {
            throw wrongLength(delivered);
        }
        RequestHeaders fields = readTrailers();
        if (position < limit || body.read() >= 0) {
            throw malformed("bytes follow the last chunk");
        }
        trailers = fields;
        ended = true;
    }

    private RequestHeaders readTrailers() throws IOException {
        TreeMap<String, String> fields = new TreeMap<>();
        String signature = null;
        int emptyLines = 0;
        for (String line = readLine(); line != null; line = readLine()) {
            String field = line.strip();
            boolean signatureDue = framing.signsTrailers() && signature == null;
            if (field.isEmpty()) {
                if ((fields.size() < framing.declaredTrailers().size() || signatureDue) && emptyLines++ < EMPTY_LINES) {
                    continue;
                }
                break;
            }
            int colon = field.indexOf(':');
            String name = colon < 0 ? "" : field.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            String value = field.substring(colon + 1).strip();
            if (signatureDue && name.equals(TRAILER_SIGNATURE)) {
                signature = value;
            } else if (signature != null
                    || !framing.declaredTrailers().contains(name)
                    || fields.put(name, value) != null) {
                throw new S3Exception(S3Error.MALFORMED_TRAILER);
            }
        }
        if (!fields.keySet().equals(framing.declaredTrailers())) {
            throw new S3Exception(S3Error.MALFORMED_TRAILER);
        }
        if (framing.signsTrailers()) {
            checkTrailerSignature(fields, signature);
        }
        return RequestHeaders.of(fields);
    }

    private void checkTrailerSignature(TreeMap<String, String> fields, String signature) {
        if (signature == null) {
            throw new S3Exception(S3Error.MALFORMED_TRAILER);
        }
        StringBuilder canonical = new StringBuilder();
        fields.forEach((name, value) ->
                canonical.append(name).append(':').append(value).append('\n'));
        if (!framing.signatures().orElseThrow().acceptsTrailer(canonical.toString(), signature)) {
            throw new S3Exception(S3Error.SIGNATURE_DOES_NOT_MATCH);
        }
    }

    /**
     * A line without its line feed; null at the end of the body.
     *
     * @throws S3Exception IncompleteBody when the body ends inside a line
     */
    private String readLine() throws IOException {
        StringBuilder line = null;
        while (true) {
            if (position == limit && !fill()) {
                if (line == null) {
                    return null;
                }
                throw incomplete();
            }
            int end = position;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            String piece = new String(buffer, position, end - position, ISO_8859_1);
            boolean whole = end < limit;
            position = whole ? end + 1 : end;
            if (line == null && whole) {
                return piece;
            }
            line = (line == null ? new StringBuilder() : line).append(piece);
            if (line.length() > LONGEST_LINE) {
                throw malformed("a line is too long");
            }
            if (whole) {
                return line.toString();
            }
        }
    }

    /** Returns buffered bytes, or else reads directly into the caller's array. */
    private int readRaw(byte[] target, int offset, int length) throws IOException {
        if (position == limit) {
            if (length >= buffer.length) {
                return body.read(target, offset, length);
            }
            if (!fill()) {
                return -1;
            }
        }
        int count = Math.min(length, limit - position);
        System.arraycopy(buffer, position, target, offset, count);
        position += count;
        return count;
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(0, body.read(buffer, 0, buffer.length));
        return limit > 0;
    }

    private static S3Exception incomplete() {
        return new S3Exception(S3Error.INCOMPLETE_BODY, "The request body terminated unexpectedly");
    }

    private S3Exception wrongLength(long provided) {
        return new S3Exception(S3Error.INCOMPLETE_BODY)
                .with("NumberBytesExpected", Long.toString(framing.decodedLength()))
                .with("NumberBytesProvided", Long.toString(provided));
    }

    /** Amazon's error does not say what is wrong. This one does, for authors of clients. */
    private static S3Exception malformed(String what) {
        return incomplete().with("Detail", what);
    }
}
