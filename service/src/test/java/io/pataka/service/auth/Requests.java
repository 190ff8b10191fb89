package io.pataka.service.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.pataka.service.model.BucketName;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.protocol.OperationRouter;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.PercentCoding;
import io.pataka.service.protocol.RawRequest;
import io.pataka.service.protocol.RequestBody;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Request;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;

/** Builds requests as the server reads them from a connection. */
final class Requests {

    private String method;
    private String path;
    private String query;
    private RequestHeaders.Builder headers = RequestHeaders.builder();
    private Optional<String> virtualHost = Optional.empty();
    private RequestBody body = RequestBody.EMPTY;

    private Requests(String method, String target) {
        int question = target.indexOf('?');
        this.method = method;
        this.path = question < 0 ? target : target.substring(0, question);
        this.query = question < 0 ? "" : target.substring(question + 1);
    }

    static Requests of(String method, String target) {
        return new Requests(method, target);
    }

    Requests header(String name, String value) {
        headers.add(name, value);
        return this;
    }

    /** The host names this bucket. */
    Requests onHostOf(String bucket) {
        virtualHost = Optional.of(bucket);
        return this;
    }

    Requests body(byte[] bytes) {
        body = new RequestBody() {
            @Override
            public InputStream open() {
                return new ByteArrayInputStream(bytes);
            }

            @Override
            public OptionalLong length() {
                return OptionalLong.of(bytes.length);
            }

            @Override
            public RequestHeaders trailers() {
                return RequestHeaders.none();
            }
        };
        return this;
    }

    Requests body(RequestBody other) {
        body = other;
        return this;
    }

    S3Request build() {
        RequestHeaders all = headers.build();
        String decoded = new String(PercentCoding.decodePath(path), ISO_8859_1).substring(1);
        int slash = decoded.indexOf('/');
        Optional<String> bucket = virtualHost.isPresent()
                ? virtualHost
                : Optional.of(slash < 0 ? decoded : decoded.substring(0, slash)).filter(name -> !name.isEmpty());
        String rest = virtualHost.isPresent() ? decoded : slash < 0 ? "" : decoded.substring(slash + 1);
        Optional<ObjectKey> key =
                Optional.of(rest).filter(text -> !text.isEmpty()).map(text -> ObjectKey.of(text.getBytes(ISO_8859_1)));
        Parameters parameters = Parameters.parse(query);
        return new S3Request(
                "REQUEST",
                new OperationRouter()
                        .route(
                                method,
                                OperationRouter.resourceOf(bucket.isPresent(), key.isPresent()),
                                parameters,
                                all),
                bucket.map(BucketName::new),
                key,
                parameters,
                all,
                body,
                new RawRequest(method, path, query, all, body, true, "127.0.0.1", Optional.empty()));
    }
}
