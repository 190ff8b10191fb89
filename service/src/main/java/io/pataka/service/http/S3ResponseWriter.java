package io.pataka.service.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.protocol.ResponseBody;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlWriter;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumSet;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpFields;

/** Puts an answer on the wire: status, headers, the length where it is known, and the body as a stream. */
public final class S3ResponseWriter {

    /** What of an unwanted body is read on after the answer, so that a client in the middle of sending gets to read it. */
    private static final long LINGER_BYTES = 8L << 20;

    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** The most bytes that are written before it is looked how long that took; less than a socket's buffers hold. */
    private static final int SLICE = 256 * 1024;

    private static final int OK = 200;

    /** For what is refused, the owner of the bucket pays. */
    private static final int FORBIDDEN = 403;

    /** Amazon tells with these where the bucket is, also to callers who may not list it: SDKs look for a bucket's region so. */
    private static final Set<S3Operation> TELLING_REGION =
            EnumSet.of(S3Operation.HEAD_BUCKET, S3Operation.LIST_OBJECTS, S3Operation.LIST_OBJECTS_V2);

    private final String region;
    private final Semaphore lingering;

    /**
     * @param region where all buckets are
     * @param limits how many unwanted bodies are read on at once; of others the connection is closed
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
        try (ResponseBody body = answer.body().orElse(null)) {
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
                // Not every client that says that it waits for 100 Continue does, and one that does must not send any
                // more.
                if (isUnread
                        && (!lingers
                                || exchange.body().isHeldBack()
                                || !mayBeReadOn(
                                        exchange.body().length(),
                                        exchange.body().bytesRead()))) {
                    http.setHeader("Connection", "close");
                }
                if (body != null && !exchange.isHead() && !isBodiless(answer.status())) {
                    body.writeTo(new ClientStream(http.getOutputStream(), exchange));
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
     * Begins a reply whose document is not known yet, with the prolog of any.
     *
     * @return whether there may be a client that waits
     */
    boolean beginEarly(S3Response beginning, Exchange exchange) {
        begin(beginning.status(), exchange);
        beginning.headers().forEach((name, value) -> fieldsOf(exchange).put(name, value));
        exchange.waitedFor();
        return writeEarly(XmlWriter.PROLOG + " ", exchange);
    }

    /**
     * Goes on with a reply that began early.
     *
     * @return whether there may be a client that waits
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
        exchange.response().setStatus(status);
        exchange.response().setHeader("x-amz-request-id", exchange.id().text());
        exchange.response().setHeader("x-amz-id-2", exchange.id().hostId());
        if (exchange.isCharged() && status != FORBIDDEN) {
            exchange.response().setHeader("x-amz-request-charged", "requester");
        }
        if (tellsRegion(status, exchange)) {
            exchange.response().setHeader("x-amz-bucket-region", region);
        }
    }

    private static boolean tellsRegion(int status, Exchange exchange) {
        boolean asked = exchange.read()
                .map(S3Request::operation)
                .filter(TELLING_REGION::contains)
                .isPresent();
        return asked && (status == OK || status == FORBIDDEN);
    }

    /** White space may stand before the root of a document, but not before its prolog, which was sent already. */
    private static void writeRest(ResponseBody document, Exchange exchange) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        document.writeTo(whole);
        String text = whole.toString(UTF_8);
        ClientStream out = new ClientStream(exchange.response().getOutputStream(), exchange);
        out.write(text.substring(XmlWriter.PROLOG.length()).getBytes(UTF_8));
    }

    /** Those of the wire: the servlet's would tell a media type in words of their own, {@code charset=utf-8} and no space. */
    private static HttpFields.Mutable fieldsOf(Exchange exchange) {
        return ServletContextRequest.getServletContextRequest(exchange.request())
                .getServletContextResponse()
                .getWrapped()
                .getHeaders();
    }

    /** The container leaves out a header without a value, which user metadata may well be; readers trim the space. */
    private static String sendable(String value) {
        return value.isEmpty() ? " " : value;
    }

    private static void setLength(HttpServletResponse http, S3Response answer, ResponseBody body) {
        boolean named = answer.headers().keySet().stream().anyMatch("Content-Length"::equalsIgnoreCase);
        if (named || isBodiless(answer.status())) {
            return;
        }
        OptionalLong length = body == null ? OptionalLong.of(0) : body.length();
        if (length.isPresent()) {
            http.setContentLengthLong(length.getAsLong());
        }
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

    /** Counts, and tells a client's failure from our own. */
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
