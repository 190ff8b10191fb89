package io.pataka.service.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.pataka.service.testing.S3Connection.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/**
 * A client of web pages: it signs nothing, and follows no redirect. Each request has a connection of its own.
 *
 * @param host the value of the Host header
 */
public record WebClient(int port, String host) {

    public Reply get(String target, String... headerLines) throws IOException {
        return send("GET", target, headerLines);
    }

    /**
     * Sends a request without a body, byte for byte.
     *
     * @param target as in the request line
     */
    public Reply send(String method, String target, String... headerLines) throws IOException {
        StringBuilder text = new StringBuilder(method).append(' ').append(target);
        text.append(" HTTP/1.1\r\nHost: ").append(host).append("\r\nConnection: close\r\n");
        for (String line : headerLines) {
            text.append(line).append("\r\n");
        }
        return send(port, text.append("\r\n").toString());
    }

    /** Sends a whole request as it is, and reads until the server closes the connection. */
    public static Reply send(int port, String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            InputStream in = socket.getInputStream();
            String reply = new String(in.readAllBytes(), ISO_8859_1);
            int end = reply.indexOf("\r\n\r\n") + 4;
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            body.writeBytes(reply.substring(end).getBytes(ISO_8859_1));
            return new Reply(
                    Integer.parseInt(reply.substring(9, 12)), reply.substring(0, end), body.size(), body.toByteArray());
        }
    }
}
