package io.pataka.service.http;

import io.pataka.service.access.AccessGate;
import io.pataka.service.auth.Authenticated;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.ByteSource;
import io.pataka.service.model.Caller;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.operation.website.BucketWebsites;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.RawRequest;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.website.PageSource;
import io.pataka.service.website.Scheme;
import io.pataka.service.website.WebsiteAnswer;
import io.pataka.service.website.WebsiteConfiguration;
import io.pataka.service.website.WebsiteOrigin;
import io.pataka.service.website.WebsiteVisit;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Answers requests to websites. The caller is anonymous whatever the request says, and each object is read by GetObject or HeadObject,
 * which are authorised as on S3. The query and all headers of S3 are ignored.
 */
final class WebsiteEndpoint {

    private static final String S3_HEADERS = "x-amz-";
    private static final String OWN_HEADERS = "x-pataka-";

    /** The headers of a request for a stretch of an object, or on a condition. */
    private static final Set<String> PARTIAL =
            Set.of("range", "if-range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since");

    private final AccessGate gate;
    private final AuthorisedOperations operations;
    private final BucketWebsites websites;

    WebsiteEndpoint(AccessGate gate, AuthorisedOperations operations, BucketWebsites websites) {
        this.gate = Objects.requireNonNull(gate);
        this.operations = Objects.requireNonNull(operations);
        this.websites = Objects.requireNonNull(websites);
    }

    /**
     * @throws S3Exception for an error that is no error of a page: there is no website, or the method is none of a website
     * @throws IOException when an object cannot be read
     */
    S3Response answer(WebsiteHosts.Site site, Exchange exchange) throws IOException {
        long begun = System.nanoTime();
        gate.actFor(Caller.ANONYMOUS);
        RawRequest raw = withoutS3(S3RequestReader.receive(exchange));
        exchange.names(site.bucket());
        BucketName bucket = site.bucket().orElseThrow(() -> new S3Exception(S3Error.NO_SUCH_BUCKET));
        Optional<ObjectKey> key = key(raw);
        Visitor visitor = new Visitor(bucket, raw, exchange);
        exchange.proven(new Authenticated(
                Caller.ANONYMOUS, visitor.request(visitor.operation(key.isPresent()), key, raw.headers())));
        if (raw.method().equals("OPTIONS")) {
            websites.of(bucket, begun);
            return visitor.perform(visitor.operation(key.isPresent()), key, raw.headers());
        }
        WebsiteOrigin origin = new WebsiteOrigin(raw.secure() ? Scheme.HTTPS : Scheme.HTTP, site.authority());
        WebsiteConfiguration known = websites.of(bucket, begun);
        WebsiteAnswer answer = new WebsiteVisit(known, origin, key, visitor).answer();
        if (answer.error().isPresent()) {
            WebsiteConfiguration now = websites.now(bucket, begun);
            if (!now.equals(known)) {
                answer.response().flatMap(S3Response::body).ifPresent(ByteSource::close);
                answer = new WebsiteVisit(now, origin, key, visitor).answer();
            }
        }
        return response(answer, exchange);
    }

    private static S3Response response(WebsiteAnswer answer, Exchange exchange) {
        if (answer.error().isEmpty()) {
            return answer.response().orElseThrow();
        }
        S3Exception error = answer.error().get();
        exchange.refused(error);
        return answer.response()
                .map(document -> document.headers(ErrorPage.headers(error)))
                .orElseGet(() -> ErrorPage.of(error, answer.documentError(), exchange.id()));
    }

    private static Optional<ObjectKey> key(RawRequest raw) {
        if (!raw.path().startsWith("/")) {
            throw new S3Exception(S3Error.INVALID_URI).with("URI", raw.path());
        }
        return BucketAddressing.key(raw.path().substring(1));
    }

    /** The request without what would make it another one on S3. */
    private static RawRequest withoutS3(RawRequest raw) {
        return new RawRequest(
                raw.method(),
                raw.path(),
                "",
                without(raw.headers(), WebsiteEndpoint::isOfS3),
                raw.body(),
                raw.secure(),
                raw.remoteAddress(),
                raw.tlsVersion());
    }

    private static boolean isOfS3(String name) {
        return name.startsWith(S3_HEADERS) || name.startsWith(OWN_HEADERS) || name.equals("authorization");
    }

    private static RequestHeaders without(RequestHeaders headers, Predicate<String> unwanted) {
        RequestHeaders.Builder left = RequestHeaders.builder();
        for (String name : headers.names()) {
            if (!unwanted.test(name)) {
                headers.all(name).forEach(value -> left.add(name, value));
            }
        }
        return left.build();
    }

    /** The anonymous caller of one request. */
    private final class Visitor implements PageSource {

        private final BucketName bucket;
        private final RawRequest raw;
        private final Exchange exchange;

        Visitor(BucketName bucket, RawRequest raw, Exchange exchange) {
            this.bucket = bucket;
            this.raw = raw;
            this.exchange = exchange;
        }

        /**
         * @throws S3Exception MethodNotAllowed
         */
        S3Operation operation(boolean namesKey) {
            return switch (raw.method()) {
                case "GET" -> S3Operation.GET_OBJECT;
                case "HEAD" -> S3Operation.HEAD_OBJECT;
                case "OPTIONS" -> namesKey ? S3Operation.PREFLIGHT_OBJECT : S3Operation.PREFLIGHT_BUCKET;
                default ->
                    throw new S3Exception(S3Error.METHOD_NOT_ALLOWED)
                            .with("Method", raw.method())
                            .with("ResourceType", namesKey ? "OBJECT" : "BUCKET")
                            .header("Allow", "GET, HEAD, OPTIONS");
            };
        }

        @Override
        public S3Response page(ObjectKey key) throws IOException {
            return perform(operation(true), Optional.of(key), raw.headers());
        }

        @Override
        public S3Response whole(ObjectKey key) throws IOException {
            return perform(operation(true), Optional.of(key), without(raw.headers(), PARTIAL::contains));
        }

        @Override
        public S3Response describe(ObjectKey key) throws IOException {
            return perform(S3Operation.HEAD_OBJECT, Optional.of(key), without(raw.headers(), PARTIAL::contains));
        }

        S3Response perform(S3Operation operation, Optional<ObjectKey> key, RequestHeaders headers) throws IOException {
            S3Request request = request(operation, key, headers);
            return operations.perform(operations.admit(request, Caller.ANONYMOUS, exchange), exchange);
        }

        S3Request request(S3Operation operation, Optional<ObjectKey> key, RequestHeaders headers) {
            return new S3Request(
                    exchange.id().text(),
                    operation,
                    Optional.of(bucket),
                    key,
                    Parameters.parse(""),
                    headers,
                    raw.body(),
                    raw);
        }
    }
}
