package io.pataka.service.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.model.ByteSource;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlWriter;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpFields;

/** Sends a response: status, headers, the length if it is known, and the body as a stream. */
public final class S3ResponseWriter {

    /**
     * How much of an unread request body is discarded after the reply, so that a client that is still sending can read the
     * reply.
     */
    private static final long LINGER_BYTES = 8L << 20;

    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** The most bytes that are written between two checks of the client's rate; less than the buffers of a socket. */
    private static final int SLICE = 256 * 1024;

    private static final int OK = 200;

    /** The bucket owner pays for refused requests. */
    private static final int FORBIDDEN = 403;

    private final String region;
    private final Semaphore lingering;

    /**
     * @param region the region of all buckets
     * @param limits how many unread bodies are discarded at once; beyond that the connection is closed
     */
    public S3ResponseWriter(String region, ClientLimits limits) {
        this.region = Objects.requireNonNull(region);
        this.lingering = new Semaphore(limits.discardedBodies());
    }

    /**
     * @throws ClientGoneException when the client no longer reads
     * @throws IOException when the body of the answer cannot be read to its end
     */
    void write(S3Response answer, Exchange exchange) throws IOException {
        exchange.repliedWith(answer);
        try (ByteSource body = answer.body().orElse(null)) {
            if (exchange.isWaitedFor()) {
                writeRest(body, exchange);
                return;
            }
            HttpServletResponse http = exchange.response();
            begin(answer.status(), exchange);
            HttpFields.Mutable fields = fieldsOf(exchange);
            answer.headers().forEach((name, value) -> fields.put(name, sendable(value)));
            setLength(http, answer, body);
            boolean isUnread = exchange.body().isUnread();
            boolean lingers = isUnread && lingering.tryAcquire();
            try {
                // A client that sends Expect: 100-continue may send its body without waiting. One that waits must not
                // send it now.
                if (isUnread
                        && (!lingers
                                || exchange.body().isHeldBack()
                                || !mayBeReadOn(
                                        exchange.body().length(),
                                        exchange.body().bytesRead()))) {
                    http.setHeader("Connection", "close");
                }
                if (body != null && !exchange.isHead() && !isBodiless(answer.status())) {
                    body.transferTo(new ClientStream(http.getOutputStream(), exchange));
                }
                if (lingers) {
                    flush(http);
                    exchange.body().discard(LINGER_BYTES, LINGER_NANOS);
                }
            } finally {
                if (lingers) {
                    lingering.release();
                }
            }
        }
    }

    /**
     * Begins a reply before its document is known, with the XML prolog.
     *
     * @return whether the client may still be waiting
     */
    boolean beginEarly(S3Response beginning, Exchange exchange) {
        begin(beginning.status(), exchange);
        beginning.headers().forEach((name, value) -> fieldsOf(exchange).put(name, value));
        exchange.waitedFor();
        return writeEarly(XmlWriter.PROLOG + " ", exchange);
    }

    /**
     * Sends one more byte of a reply that began early.
     *
     * @return whether the client may still be waiting
     */
    boolean keepWaiting(Exchange exchange) {
        return writeEarly(" ", exchange);
    }

    private static boolean writeEarly(String text, Exchange exchange) {
        try {
            new ClientStream(exchange.response().getOutputStream(), exchange).write(text.getBytes(UTF_8));
            flush(exchange.response());
            return true;
        } catch (IOException gone) {
            return false;
        }
    }

    private void begin(int status, Exchange exchange) {
        exchange.replyBegins();
        exchange.response().setStatus(status);
        exchange.response().setHeader("x-amz-request-id", exchange.id().text());
        exchange.response().setHeader("x-amz-id-2", exchange.id().hostId());
        if (exchange.isCharged() && status != FORBIDDEN) {
            exchange.response().setHeader("x-amz-request-charged", "requester");
        }
        if (reportsRegion(status, exchange)) {
            exchange.response().setHeader("x-amz-bucket-region", region);
        }
    }

    private static boolean reportsRegion(int status, Exchange exchange) {
        boolean asked = exchange.read()
                .map(S3Request::operation)
                .filter(operation -> operation.is(S3Operation.Trait.REPORTS_REGION))
                .isPresent();
        return asked && (status == OK || status == FORBIDDEN);
    }

    /** Sends the document without its prolog, which was sent already: white space is allowed only after the prolog. */
    private static void writeRest(ByteSource document, Exchange exchange) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        document.transferTo(whole);
        String text = whole.toString(UTF_8);
        ClientStream out = new ClientStream(exchange.response().getOutputStream(), exchange);
        out.write(text.substring(XmlWriter.PROLOG.length()).getBytes(UTF_8));
    }

    /** Jetty's own fields. The servlet's would rewrite a media type, to {@code charset=utf-8} without a space. */
    private static HttpFields.Mutable fieldsOf(Exchange exchange) {
        return ServletContextRequest.getServletContextRequest(exchange.request())
                .getServletContextResponse()
                .getWrapped()
                .getHeaders();
    }

    /** Jetty drops a header without a value, but user metadata may be empty. Clients trim the space. */
    private static String sendable(String value) {
        return value.isEmpty() ? " " : value;
    }

    private static void setLength(HttpServletResponse http, S3Response answer, ByteSource body) {
        boolean named = answer.headers().keySet().stream().anyMatch("Content-Length"::equalsIgnoreCase);
        if (named || isBodiless(answer.status())) {
            return;
        }
        http.setContentLengthLong(body == null ? 0 : body.length());
    }

    /** RFC 9110 sections 15.3.5 and 15.4.5. */
    private static boolean isBodiless(int status) {
        return status == 204 || status == 304;
    }

    private static boolean mayBeReadOn(OptionalLong length, long read) {
        return length.isPresent() && length.getAsLong() - read <= LINGER_BYTES;
    }

    private static void flush(HttpServletResponse http) throws ClientGoneException {
        try {
            http.flushBuffer();
        } catch (IOException gone) {
            throw ClientGoneException.whileReading(gone);
        }
    }

    /** Counts bytes, and throws {@link ClientGoneException} for a failure of the client. */
    private static final class ClientStream extends OutputStream {

        private final OutputStream out;
        private final Exchange exchange;

        ClientStream(OutputStream out, Exchange exchange) {
            this.out = out;
            this.exchange = exchange;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int done = 0; done < length; ) {
                int slice = Math.min(length - done, SLICE);
                long begun = System.nanoTime();
                try {
                    out.write(bytes, offset + done, slice);
                } catch (IOException gone) {
                    throw ClientGoneException.whileReading(gone);
                }
                done += slice;
                exchange.sent(slice, System.nanoTime() - begun);
            }
        }

        @Override
        public void flush() throws IOException {
            try {
                out.flush();
            } catch (IOException gone) {
                throw ClientGoneException.whileReading(gone);
            }
        }
    }
}
