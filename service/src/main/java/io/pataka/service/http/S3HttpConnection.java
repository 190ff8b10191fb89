package io.pataka.service.http;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.Callback;

/**
 * A client's connection. It differs from Jetty's in four points.
 *
 * <ul>
 *   <li>Expectations other than {@code 100-continue} are ignored, as Amazon does (RFC 9110 section 10.1.1 allows it), and so is
 *       {@code 100-continue} of a request without a body: Jetty would close the connection if it did not ask for the body. A
 *       304 reply has no Content-Length; Jetty would send 0.
 *   <li>The request line is kept, for the access log of requests that Jetty refuses.
 *   <li>A client that pauses while it reads its reply may pause longer than the idle timeout.
 *   <li>A client whose TLS handshake or request head takes too long is disconnected, even if it sends a byte now and then.
 * </ul>
 */
final class S3HttpConnection extends HttpConnection {

    private static final int NOT_MODIFIED = 304;

    /** The value of {@link org.eclipse.jetty.io.WriteFlusher#toStateString()} when nothing is being written. */
    private static final String NO_WRITE = "-";

    private final ClientLimits limits;
    private final long openedNanos = System.nanoTime();
    private RequestLine line;
    private long sentBeforePause = -1;
    private long pausedSinceNanos;

    S3HttpConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint, ClientLimits limits) {
        super(configuration, connector, endPoint);
        this.limits = limits;
    }

    /**
     * The first line of a request.
     *
     * @param uri as it was sent, with its query
     */
    record RequestLine(String method, String uri) {}

    /** The line of the request that is being read or served; empty if it cannot be parsed. */
    Optional<RequestLine> requestLine() {
        return Optional.ofNullable(line);
    }

    /**
     * Called when nothing was sent or received for the idle timeout, and again after each further idle timeout.
     *
     * @return whether the connection is to be closed
     */
    @Override
    public boolean onIdleExpired(TimeoutException timeout) {
        boolean hasGoneOn =
                getEndPoint() instanceof AbstractEndPoint endPoint && endPoint.getIdleFor() < endPoint.getIdleTimeout();
        return !hasGoneOn && (!isWriting() || isPauseOver()) && super.onIdleExpired(timeout);
    }

    /** Not Jetty's {@code isPending()}, which is false for a moment after the client reads again. */
    private boolean isWriting() {
        return getEndPoint() instanceof AbstractEndPoint endPoint
                && !endPoint.getWriteFlusher().toStateString().equals(NO_WRITE);
    }

    private boolean isPauseOver() {
        long now = System.nanoTime();
        if (getBytesOut() != sentBeforePause) {
            sentBeforePause = getBytesOut();
            pausedSinceNanos = now - TimeUnit.MILLISECONDS.toNanos(getEndPoint().getIdleTimeout());
        }
        return now - pausedSinceNanos >= limits.readerPause().toNanos();
    }

    /** Called when there may be bytes of a TLS handshake or of a request's head to read. */
    @Override
    public void onFillable() {
        if (isHeadLate()) {
            getEndPoint().close();
        } else {
            super.onFillable();
        }
    }

    private boolean isHeadLate() {
        if (getHttpChannel().getRequest() != null) {
            return false;
        }
        HttpParser.State state = getParser().getState();
        boolean isAwaited = state == HttpParser.State.START;
        boolean isFirst = isAwaited && getMessagesIn() == 0;
        boolean isBegun = !isAwaited && state.compareTo(HttpParser.State.HEADER) <= 0;
        if (!isFirst && !isBegun) {
            return false;
        }
        long since = isBegun ? getParser().getBeginNanoTime() : openedNanos;
        return System.nanoTime() - since > limits.patience().toNanos();
    }

    @Override
    protected RequestHandler newRequestHandler() {
        return new RequestHandler() {
            @Override
            public void messageBegin() {
                line = null;
                super.messageBegin();
            }

            @Override
            public void startRequest(String method, String uri, HttpVersion version) {
                line = new RequestLine(method, uri);
                super.startRequest(method, uri, version);
            }
        };
    }

    @Override
    protected HttpStreamOverHTTP1 newHttpStream(String method, String uri, HttpVersion version) {
        return new Stream(method, uri, version);
    }

    private final class Stream extends HttpStreamOverHTTP1 {

        private HttpField expectation;
        private boolean hasBody;

        Stream(String method, String uri, HttpVersion version) {
            super(method, uri, version);
        }

        @Override
        public void parsedHeader(HttpField field) {
            if (field.getHeader() == HttpHeader.EXPECT) {
                boolean isKnown = HttpHeaderValue.CONTINUE.is(field.getValue());
                if (isKnown) {
                    expectation = field;
                } else {
                    super.parsedHeader(ignored(field));
                }
                return;
            }
            hasBody |= field.getHeader() == HttpHeader.TRANSFER_ENCODING
                    || field.getHeader() == HttpHeader.CONTENT_LENGTH && field.getLongValue() > 0;
            super.parsedHeader(field);
        }

        @Override
        public void send(
                MetaData.Request request,
                MetaData.Response response,
                boolean last,
                ByteBuffer content,
                Callback callback) {
            boolean isLengthOfNothing =
                    response != null && response.getStatus() == NOT_MODIFIED && response.getContentLength() == 0;
            super.send(request, isLengthOfNothing ? withoutLength(response) : response, last, content, callback);
        }

        @Override
        public Runnable headerComplete() {
            if (expectation != null) {
                super.parsedHeader(hasBody ? expectation : ignored(expectation));
            }
            return super.headerComplete();
        }
    }

    private static MetaData.Response withoutLength(MetaData.Response response) {
        return new MetaData.Response(
                response.getStatus(),
                response.getReason(),
                response.getHttpVersion(),
                HttpFields.build(response.getHttpFields()).remove(HttpHeader.CONTENT_LENGTH),
                -1,
                response.getTrailersSupplier());
    }

    /** The same field by name, but without the constant by which Jetty recognises it. */
    private static HttpField ignored(HttpField field) {
        return new HttpField(null, field.getName(), field.getValue());
    }
}
