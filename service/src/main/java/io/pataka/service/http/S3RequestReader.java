package io.pataka.service.http;

import io.pataka.service.model.Caller;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.protocol.AccountRequest;
import io.pataka.service.protocol.BufferedBody;
import io.pataka.service.protocol.OperationRouter;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.RawRequest;
import io.pataka.service.protocol.RequestBody;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.Route;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import io.pataka.service.protocol.TopicRequest;
import io.pataka.service.protocol.UnsupportedHeaders;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
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

    /**
     * Reads all but the body. Only a form that may name an action is read whole, because the operation is in it.
     *
     * @param memory for such a form
     * @param anonymous among whom the sender counts until the form is read: the signature is not checked yet
     * @throws S3Exception when the request cannot be understood, or names no operation
     * @throws IOException when the client goes away
     */
    S3Request read(Exchange exchange, DocumentMemory.Share memory, AnonymousRequests anonymous) throws IOException {
        RawRequest raw = receive(exchange);
        Parameters parameters = Parameters.parse(raw.query());
        Optional<Route.Resource> ofAccount = AccountRequest.resourceOf(raw.path(), raw.headers());
        BucketAddressing.Place place = ofAccount.isPresent()
                ? BucketAddressing.Place.NONE
                : addressing.locate(raw.headers().first("host"), raw.path());
        exchange.names(place.bucket());
        Route.Resource resource = ofAccount.orElseGet(() -> OperationRouter.resourceOf(
                place.bucket().isPresent(), place.key().isPresent()));
        if (resource == Route.Resource.SERVICE) {
            Optional<S3Request> ofTopics = aboutTopics(raw, parameters, exchange, memory, anonymous);
            if (ofTopics.isPresent()) {
                exchange.readAs(ofTopics.get());
                return ofTopics.get();
            }
        }
        S3Operation operation = router.route(raw.method(), resource, parameters, raw.headers());
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
     * Every form is taken for one about topics. It is read only if the header has a signature, which covers it. All parameters of a presigned
     * request are in the query.
     */
    private Optional<S3Request> aboutTopics(
            RawRequest raw,
            Parameters query,
            Exchange exchange,
            DocumentMemory.Share memory,
            AnonymousRequests anonymous)
            throws IOException {
        boolean hasForm = TopicRequest.hasForm(raw.method(), raw.headers());
        if (!hasForm && !TopicRequest.isOne(raw.method(), query)) {
            return Optional.empty();
        }
        exchange.ofTopics();
        RequestBody body = raw.body();
        Parameters parameters = query;
        if (hasForm && raw.headers().has("authorization")) {
            exchange.body().countAgainst(memory);
            try (AnonymousRequests.Place place = anonymous.enter(Caller.ANONYMOUS)) {
                BufferedBody form = BufferedBody.of(raw.body(), TopicRequest.LONGEST_FORM);
                parameters = TopicRequest.parameters(raw.query(), form.bytes());
                body = form;
            }
        } else if (!TopicRequest.isOne(raw.method(), query)) {
            throw new S3Exception(S3Error.ACCESS_DENIED).because("a form about topics is not signed");
        }
        S3Operation operation = router.route(raw.method(), Route.Resource.TOPICS, parameters, raw.headers());
        return Optional.of(new S3Request(
                exchange.id().text(), operation, Optional.empty(), Optional.empty(), query, raw.headers(), body, raw));
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
