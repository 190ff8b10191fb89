package io.pataka.service.protocol;

import io.pataka.service.model.ByteSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The response of an operation, mutable, for one request. Header values have one character per byte, as in {@link
 * RequestHeaders}, so that stored values are returned byte by byte; text beyond ASCII is encoded in UTF-8.
 */
public final class S3Response {

    private final int status;
    private final Map<String, String> headers;
    private Optional<ByteSource> body = Optional.empty();
    private OptionalLong objectSize = OptionalLong.empty();
    private List<KeyOutcome> keys = List.of();

    private S3Response(int status, Map<String, String> headers) {
        this.status = status;
        this.headers = headers;
    }

    public static S3Response status(int status) {
        return new S3Response(status, new LinkedHashMap<>());
    }

    /** Makes a response with these headers. */
    public static S3Response status(int status, Map<String, String> headers) {
        return new S3Response(status, new LinkedHashMap<>(headers));
    }

    /** 200 without a body. */
    public static S3Response ok() {
        return status(200);
    }

    /** 204. */
    public static S3Response noContent() {
        return status(204);
    }

    /** 200 with an XML document. */
    public static S3Response xml(byte[] document) {
        return ok().header("Content-Type", "application/xml").body(ByteSource.of(document));
    }

    /** Sets a header of this response. */
    public S3Response header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** Sets headers of this response, by name. */
    public S3Response headers(Map<String, String> more) {
        headers.putAll(more);
        return this;
    }

    /** Sets a header of this response if there is a value. */
    public S3Response header(String name, Optional<String> value) {
        value.ifPresent(present -> headers.put(name, present));
        return this;
    }

    /** Sets the body of this response. */
    public S3Response body(ByteSource newBody) {
        body = Optional.of(newBody);
        return this;
    }

    /** Says how large the object is that was written or read, for the access log. */
    public S3Response objectSize(long bytes) {
        objectSize = OptionalLong.of(bytes);
        return this;
    }

    /** Says what became of the keys that the body of the request names, for the access log. */
    public S3Response keys(List<KeyOutcome> outcomes) {
        keys = List.copyOf(outcomes);
        return this;
    }

    public int status() {
        return status;
    }

    /** In the order to send; {@code Content-Length} follows from the body unless it is named here (HEAD, 304). */
    public Map<String, String> headers() {
        return Collections.unmodifiableMap(headers);
    }

    public Optional<ByteSource> body() {
        return body;
    }

    /** Empty if the operation did not say it. */
    public OptionalLong objectSize() {
        return objectSize;
    }

    /** Empty unless the body of the request names keys. */
    public List<KeyOutcome> keys() {
        return keys;
    }
}
