package io.pataka.service.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A client that sends exactly the bytes of the test and reads exactly the bytes that come. One character is one byte. */
public final class RawConnection implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;

    public RawConnection(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** A reply; header names in lower case. */
    public record Reply(int status, Map<String, List<String>> headers, byte[] body) {

        public String header(String name) {
            return headers.containsKey(name) ? headers.get(name).get(0) : null;
        }

        public String text() {
            return new String(body, ISO_8859_1);
        }

        /** What stands in {@code <Code>}. */
        public String code() {
            int from = text().indexOf("<Code>");
            return from < 0 ? null : text().substring(from + 6, text().indexOf("</Code>"));
        }
    }

    RawConnection send(String text) throws IOException {
        return send(text.getBytes(ISO_8859_1));
    }

    public RawConnection send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Says that nothing more will come, and goes on listening. */
    RawConnection endSending() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Closes the connection so that the server gets a reset and not the end of the stream. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    public Reply reply() throws IOException {
        return reply(false);
    }

    public Reply replyToHead() throws IOException {
        return reply(true);
    }

    private Reply reply(boolean toHead) throws IOException {
        Reply head = head();
        if (toHead || head.status() == 204 || head.status() == 304 || head.status() < 200) {
            return head;
        }
        byte[] body = head.header("content-length") == null
                ? chunked()
                : exactly(Integer.parseInt(head.header("content-length")));
        return new Reply(head.status(), head.headers(), body);
    }

    /** Status and headers; the body stays unread. */
    Reply head() throws IOException {
        String[] status = line().split(" ", 3);
        Map<String, List<String>> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).trim());
        }
        return new Reply(Integer.parseInt(status[1]), headers, new byte[0]);
    }

    /** Whatever comes until the server closes or resets. */
    byte[] rest() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            in.transferTo(out);
        } catch (SocketTimeoutException open) {
            throw new AssertionError("the server keeps the connection open", open);
        } catch (IOException reset) {
            // A reset is the other way to close.
        }
        return out.toByteArray();
    }

    /** The chunked body of a reply whose head was read. */
    String restOfChunks() throws IOException {
        return new String(chunked(), UTF_8);
    }

    private byte[] chunked() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            out.writeBytes(exactly(size));
            line();
        }
        line();
        return out.toByteArray();
    }

    byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException(bytes.length + " bytes of " + length);
        }
        return bytes;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the server closed after '" + line.toString(ISO_8859_1) + "'");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
