package io.pataka.service.testing;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One keep-alive connection over plain HTTP, with signed requests, that does as little as a client can: no pool, no retry, no
 * thread of its own. Whatever is not a complete reply is an {@link IOException}. Not for more than one thread.
 */
public final class S3Connection implements Closeable {

    private static final byte[] END_OF_HEAD = {'\r', '\n', '\r', '\n'};

    private final String host;
    private final HeaderSigner signer;
    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocateDirect(256 * 1024);
    private final ByteBuffer head = ByteBuffer.allocateDirect(16 * 1024);

    public S3Connection(int port, AccessKeys keys) throws IOException {
        this.host = "127.0.0.1:" + port;
        this.signer = new HeaderSigner(keys, host);
        this.channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        in.limit(0);
    }

    /**
     * Sends a request and reads the whole reply, whose body is given up.
     *
     * @param target percent-encoded path, with a percent-encoded and sorted query if there is a {@code ?}
     */
    public Reply discard(String method, String target, Map<String, String> headers, Body body) throws IOException {
        return exchange(method, target, headers, body, null);
    }

    /** The same, and the reply's body is kept in memory. */
    public Reply call(String method, String target, Map<String, String> headers, Body body) throws IOException {
        return exchange(method, target, headers, body, new ByteArrayOutputStream());
    }

    public Reply call(String method, String target) throws IOException {
        return call(method, target, Map.of(), Body.NONE);
    }

    private Reply exchange(
            String method, String target, Map<String, String> headers, Body body, ByteArrayOutputStream kept)
            throws IOException {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        String query = mark < 0 ? "" : target.substring(mark + 1);
        SortedMap<String, String> amz = new TreeMap<>();
        StringBuilder text = new StringBuilder(1024);
        text.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
        headers.forEach((name, value) -> {
            if (name.startsWith("x-amz-")) {
                amz.put(name, value);
            } else {
                text.append(name).append(": ").append(value).append("\r\n");
            }
        });
        text.append(signer.sign(method, path, query, amz, Instant.now()));
        if (body != Body.NONE) {
            text.append("content-length: ").append(body.length()).append("\r\n");
        }
        text.append("\r\n");
        head.clear();
        head.put(text.toString().getBytes(StandardCharsets.ISO_8859_1)).flip();
        writeAll(head, body);
        return readReply(!method.equals("HEAD"), kept);
    }

    private void writeAll(ByteBuffer first, Body body) throws IOException {
        ByteBuffer[] pair = {first, body.repeated().duplicate()};
        long left = body.length();
        pair[1].limit((int) Math.min(left, pair[1].capacity())).position(0);
        left -= pair[1].remaining();
        while (pair[0].hasRemaining() || pair[1].hasRemaining()) {
            channel.write(pair);
        }
        while (left > 0) {
            pair[1].limit((int) Math.min(left, pair[1].capacity())).position(0);
            left -= pair[1].remaining();
            while (pair[1].hasRemaining()) {
                channel.write(pair[1]);
            }
        }
    }

    private Reply readReply(boolean mayHaveBody, ByteArrayOutputStream kept) throws IOException {
        int end = endOfHead();
        byte[] raw = new byte[end];
        in.get(raw);
        String text = new String(raw, StandardCharsets.ISO_8859_1);
        int status = Integer.parseInt(text.substring(9, 12));
        if (status == 100) {
            return readReply(mayHaveBody, kept);
        }
        Reply bare = new Reply(status, text, 0, new byte[0]);
        Optional<String> length = bare.header("content-length");
        if (length.isEmpty() && status != 204 && status != 304) {
            throw new IOException("a reply without Content-Length: " + text);
        }
        long body = mayHaveBody && status != 204 && status != 304
                ? length.map(Long::parseLong).orElse(0L)
                : 0;
        skipOrKeep(body, kept);
        return new Reply(status, text, body, kept == null ? new byte[0] : kept.toByteArray());
    }

    /** Fills the buffer until a blank line is in it; how many bytes there are up to its end. */
    private int endOfHead() throws IOException {
        int seen = 0;
        while (true) {
            int matched = 0;
            for (int i = seen; i < in.remaining(); i++) {
                byte b = in.get(in.position() + i);
                matched = b == END_OF_HEAD[matched] ? matched + 1 : b == '\r' ? 1 : 0;
                if (matched == END_OF_HEAD.length) {
                    return i + 1;
                }
            }
            seen = Math.max(0, in.remaining() - END_OF_HEAD.length);
            in.compact();
            int read = channel.read(in);
            in.flip();
            if (read < 0) {
                throw new EOFException("closed before the end of a reply's head");
            }
        }
    }

    private void skipOrKeep(long length, ByteArrayOutputStream kept) throws IOException {
        long left = length;
        while (true) {
            int now = (int) Math.min(left, in.remaining());
            if (kept == null) {
                in.position(in.position() + now);
            } else {
                byte[] part = new byte[now];
                in.get(part);
                kept.writeBytes(part);
            }
            left -= now;
            if (left == 0) {
                return;
            }
            in.clear();
            int read = channel.read(in);
            in.flip();
            if (read < 0) {
                throw new EOFException("closed " + left + " bytes before the end of a body");
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /**
     * A request's body: a block of bytes, sent again and again until the length is reached.
     *
     * @param length bytes to send
     */
    public record Body(ByteBuffer repeated, long length) {

        /** No body, and no Content-Length either. */
        public static final Body NONE = new Body(ByteBuffer.allocate(0), 0);

        public static Body of(byte[] bytes) {
            return new Body(ByteBuffer.wrap(bytes), bytes.length);
        }
    }

    /**
     * @param head status line and header lines as received
     * @param length of the body in bytes
     * @param body empty if it was given up
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Reply(int status, String head, long length, byte[] body) {

        /** The first header line of a name, in any case of letters. */
        public Optional<String> header(String name) {
            for (String line : head.split("\r\n")) {
                int colon = line.indexOf(':');
                if (colon == name.length() && line.substring(0, colon).equalsIgnoreCase(name)) {
                    return Optional.of(line.substring(colon + 1).trim());
                }
            }
            return Optional.empty();
        }

        /** Header values whose names begin so, by lower-case name. */
        public Map<String, String> headersOf(String prefix) {
            Map<String, String> found = new TreeMap<>();
            for (String line : head.split("\r\n")) {
                int colon = line.indexOf(':');
                if (colon > 0 && line.toLowerCase(Locale.ROOT).startsWith(prefix)) {
                    found.put(
                            line.substring(0, colon).toLowerCase(Locale.ROOT),
                            line.substring(colon + 1).trim());
                }
            }
            return Collections.unmodifiableMap(found);
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }
}
