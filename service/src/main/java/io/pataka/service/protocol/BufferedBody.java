package io.pataka.service.protocol;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/** A short body that was read before authentication. It can be opened more than once. */
public final class BufferedBody implements RequestBody {

    private final byte[] bytes;

    private BufferedBody(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Reads a body, to keep it.
     *
     * @param limit the most bytes
     * @throws S3Exception MaxMessageLengthExceeded or IncompleteBody
     * @throws IOException when the client goes away
     */
    public static BufferedBody of(RequestBody body, int limit) throws IOException {
        return new BufferedBody(read(body, limit));
    }

    /** The bytes of a body; as {@link #of}. */
    public static byte[] read(RequestBody body, int limit) throws IOException {
        if (body.length().orElse(0) > limit) {
            throw tooLong(limit);
        }
        try (InputStream in = body.open()) {
            byte[] read = in.readNBytes(limit);
            if (in.read() >= 0) {
                throw tooLong(limit);
            }
            if (body.length().orElse(read.length) != read.length) {
                throw new S3Exception(S3Error.INCOMPLETE_BODY);
            }
            return read;
        }
    }

    private static S3Exception tooLong(int limit) {
        return new S3Exception(S3Error.MAX_MESSAGE_LENGTH_EXCEEDED)
                .with("MaxMessageLengthBytes", Integer.toString(limit));
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public InputStream open() {
        return new ByteArrayInputStream(bytes);
    }

    @Override
    public OptionalLong length() {
        return OptionalLong.of(bytes.length);
    }

    @Override
    public RequestHeaders trailers() {
        return RequestHeaders.none();
    }
}
