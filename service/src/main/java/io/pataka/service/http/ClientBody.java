package io.pataka.service.http;

import io.pataka.service.protocol.RequestBody;
import io.pataka.service.protocol.RequestHeaders;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;

/**
 * The body as the client sends it. Reading begins with the first read of the stream. {@code 100 Continue} is sent then, and not
 * before.
 */
final class ClientBody implements RequestBody {

    private final HttpServletRequest request;
    private final Pace pace;
    private final InputStream stream = new Stream();
    private DocumentMemory.Share memory;
    private long bytesRead;
    private long lastByteNanos;
    private boolean ended;
    private boolean broken;

    ClientBody(HttpServletRequest request, Pace pace) {
        this.request = request;
        this.pace = pace;
    }

    /** Counts the bytes that are read against the budget for documents, which are kept in memory. */
    void countAgainst(DocumentMemory.Share share) {
        memory = share;
    }

    @Override
    public InputStream open() {
        return stream;
    }

    @Override
    public OptionalLong length() {
        long declared = request.getContentLengthLong();
        if (declared >= 0) {
            return OptionalLong.of(declared);
        }
        return isChunked() ? OptionalLong.empty() : OptionalLong.of(0);
    }

    /** HTTP trailers are not used. The class that decodes S3's chunks returns their trailers. */
    @Override
    public RequestHeaders trailers() {
        return RequestHeaders.none();
    }

    /** Whether the client said how the body ends: a request that does not has none (RFC 9112 section 6.3). */
    boolean isDelimited() {
        return request.getContentLengthLong() >= 0 || isChunked();
    }

    /** Bytes received so far. */
    long bytesRead() {
        return bytesRead;
    }

    /** When bytes last came, as {@link System#nanoTime} gives it; empty if none did. */
    OptionalLong lastByteNanos() {
        return bytesRead == 0 ? OptionalLong.empty() : OptionalLong.of(lastByteNanos);
    }

    /** Whether nothing was read, not even the end of a body of no bytes. */
    boolean isUntouched() {
        return bytesRead == 0 && !ended && !broken;
    }

    /** Whether the client may still send bytes that were not read. */
    boolean isUnread() {
        OptionalLong length = length();
        return !ended && !broken && (length.isEmpty() || bytesRead < length.getAsLong());
    }

    /** Whether the client waits for {@code 100 Continue} before it sends the body, and none was sent. */
    boolean isHeldBack() {
        String expect = request.getHeader("Expect");
        return bytesRead == 0 && expect != null && expect.equalsIgnoreCase("100-continue");
    }

    /**
     * Reads the rest of the body and discards it, so that a client that is still sending can read the reply. The connection can
     * be used again only if the whole body came.
     *
     * @param bytes the most to read
     * @param nanos the longest time to read
     */
    void discard(long bytes, long nanos) {
        EndPoint connection = ServletContextRequest.getServletContextRequest(request)
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint();
        long idleTimeout = connection.getIdleTimeout();
        byte[] buffer = new byte[16 * 1024];
        long end = System.nanoTime() + nanos;
        try {
            for (long left = bytes; left > 0; ) {
                long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (millis <= 0) {
                    return;
                }
                connection.setIdleTimeout(Math.min(millis, idleTimeout));
                int count = receive(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    return;
                }
                left -= count;
            }
        } catch (IOException gone) {
            broken = true;
        } finally {
            connection.setIdleTimeout(idleTimeout);
        }
    }

    private int receive(byte[] buffer, int offset, int length) throws IOException {
        int count = request.getInputStream().read(buffer, offset, length);
        if (count < 0) {
            ended = true;
        } else {
            bytesRead += count;
        }
        return count;
    }

    private boolean isChunked() {
        return request.getHeader("Transfer-Encoding") != null;
    }

    /** Counts bytes, and throws {@link ClientGoneException} for a failure of the client. */
    private final class Stream extends InputStream {

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            long begun = System.nanoTime();
            int count;
            try {
                count = receive(buffer, offset, length);
            } catch (IOException failed) {
                broken = true;
                throw ClientGoneException.whileSending(failed);
            }
            if (count > 0) {
                long now = System.nanoTime();
                lastByteNanos = now;
                pace.moved(count, now - begun);
                if (pace.isTooSlow()) {
                    broken = true;
                    throw ClientGoneException.whileSending(new TimeoutException("the body came too slowly"));
                }
                if (memory != null) {
                    memory.grow(count);
                }
            }
            return count;
        }

        @Override
        public int available() throws IOException {
            return request.getInputStream().available();
        }
    }
}
