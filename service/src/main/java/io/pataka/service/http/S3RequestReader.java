package io.pataka.service.http;

import io.pataka.service.model.ObjectKey;
import io.pataka.service.protocol.AccountRequest;
import io.pataka.service.protocol.OperationRouter;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.RawRequest;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.Route;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import io.pataka.service.protocol.UnsupportedHeaders;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.EndPoint.SslSessionData;

/**
 * Reads what a request asks for. Reads only the raw path and the raw query: a path that the servlet container decodes or
 * normalises is no longer the key that the client named and signed.
 */
public final class S3RequestReader {

    private final OperationRouter router;
    private final BucketAddressing addressing;

    public S3RequestReader(OperationRouter router, BucketAddressing addressing) {
        this.router = router;
        this.addressing = addressing;
    }

    /** @throws S3Exception when the request cannot be understood, or names no operation */
    S3Request read(Exchange exchange) {
        RawRequest raw = receive(exchange);
        Parameters parameters = Parameters.parse(raw.query());
        Optional<Route.Resource> ofAccount = AccountRequest.resourceOf(raw.path(), raw.headers());
        BucketAddressing.Place place = ofAccount.isPresent()
                ? BucketAddressing.Place.NONE
                : addressing.locate(raw.headers().first("host"), raw.path());
        exchange.names(place.bucket());
        S3Operation operation = router.route(
                raw.method(),
                ofAccount.orElseGet(() -> OperationRouter.resourceOf(
                        place.bucket().isPresent(), place.key().isPresent())),
                parameters,
                raw.headers());
        if (mayWrite(raw.method())) {
            requireUtf8(place.key(), raw);
        }
        S3Request request = new S3Request(
                exchange.id().text(),
                operation,
                place.bucket(),
                place.key(),
                parameters,
                raw.headers(),
                raw.body(),
                raw);
        exchange.readAs(request);
        return request;
    }

    /**
     * The request as it was received.
     *
     * @throws S3Exception NotImplemented for a body with a compressing transfer coding
     */
    static RawRequest receive(Exchange exchange) {
        RawRequest raw = raw(exchange);
        exchange.arrivedAs(raw);
        UnsupportedHeaders.refuseTransferCodings(raw.headers());
        return raw;
    }

    /**
     * Called after authentication. A presigned copy names its source in the query and needs no length; in an unsigned request
     * that parameter does not count, and without a length the object would be stored empty.
     *
     * @throws S3Exception MissingContentLength when bytes are to be stored and the request does not say where they end
     */
    void requireLength(S3Request proven, Exchange exchange) {
        if (proven.operation().route().streams()
                && proven.raw().method().equals("PUT")
                && !exchange.body().isDelimited()) {
            throw new S3Exception(S3Error.MISSING_CONTENT_LENGTH);
        }
    }

    private static boolean mayWrite(String method) {
        return method.equals("PUT") || method.equals("POST");
    }

    /** Keys that are not UTF-8, from earlier releases, can be read and deleted but not written. */
    private static void requireUtf8(Optional<ObjectKey> key, RawRequest raw) {
        if (key.isPresent() && !key.get().isUtf8()) {
            throw new S3Exception(S3Error.INVALID_URI).with("URI", raw.path());
        }
    }

    private static RawRequest raw(Exchange exchange) {
        HttpServletRequest http = exchange.request();
        RequestHeaders.Builder headers = RequestHeaders.builder();
        // Field by field. The servlet's methods, all names and then the values of each, take quadratic time.
        for (HttpField field :
                ServletContextRequest.getServletContextRequest(http).getHeaders()) {
            headers.add(field.getName(), field.getValue() == null ? "" : field.getValue());
        }
        String path = http.getRequestURI();
        String query = http.getQueryString();
        return new RawRequest(
                http.getMethod(),
                path == null ? "" : path,
                query == null ? "" : query,
                headers.build(),
                exchange.body(),
                http.isSecure(),
                http.getRemoteAddr(),
                tlsVersion(http));
    }

    private static Optional<String> tlsVersion(HttpServletRequest http) {
        Object session = ServletContextRequest.getServletContextRequest(http).getAttribute(SslSessionData.ATTRIBUTE);
        return session instanceof SslSessionData tls
                ? Optional.of(tls.sslSession().getProtocol().replaceFirst("^TLSv", ""))
                : Optional.empty();
    }
}
