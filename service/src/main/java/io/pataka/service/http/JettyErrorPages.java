package io.pataka.service.http;

import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.xml.ErrorXml;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Writes S3's error document for requests that Jetty refuses before the filters run: it cannot parse the URI or a header. */
final class JettyErrorPages extends ErrorHandler {

    private static final long RETRY_AFTER_SECONDS = 2;

    private final AccessLog log;

    JettyErrorPages(AccessLog log) {
        this.log = log;
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateCacheControl(Response response) {
        // an S3 error has none
    }

    @Override
    protected void generateResponse(
            Request request, Response response, int code, String message, Throwable cause, Callback callback) {
        RequestId id = RequestId.next();
        S3Error error = errorFor(code, message);
        log.writeRejected(
                id,
                Request.getRemoteAddr(request),
                lineOf(request),
                error,
                message == null ? error.message() : message);
        byte[] document = ErrorXml.write(error.code(), error.message(), Map.of(), id.text(), id.hostId());
        response.setStatus(error.status());
        response.getHeaders().put(new HttpField("x-amz-request-id", id.text()));
        response.getHeaders().put(new HttpField("x-amz-id-2", id.hostId()));
        if (error == S3Error.SERVICE_UNAVAILABLE) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/xml");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, document.length);
        response.write(true, ByteBuffer.wrap(document), callback);
    }

    /** The request line as it was sent. Jetty's own request has a placeholder if the URI or a header cannot be parsed. */
    private static Optional<S3HttpConnection.RequestLine> lineOf(Request request) {
        return request.getConnectionMetaData().getConnection() instanceof S3HttpConnection connection
                ? connection.requestLine()
                : Optional.empty();
    }

    private static S3Error errorFor(int code, String message) {
        return switch (code) {
            case 404, 405 -> S3Error.METHOD_NOT_ALLOWED;
            case 408 -> S3Error.REQUEST_TIMEOUT;
            case 414 -> S3Error.INVALID_URI;
            case 431 -> S3Error.REQUEST_HEADER_SECTION_TOO_LARGE;
            case 501, 505 -> S3Error.NOT_IMPLEMENTED;
            case 503 -> S3Error.SERVICE_UNAVAILABLE;
            default -> {
                if (code >= 500) {
                    yield S3Error.INTERNAL_ERROR;
                }
                yield isAboutTheUri(message) ? S3Error.INVALID_URI : S3Error.BAD_REQUEST;
            }
        };
    }

    /** Jetty's message names the faulty header, and names nothing if the URI is at fault. */
    private static boolean isAboutTheUri(String message) {
        return "Bad Request".equals(message);
    }
}
