package io.pataka.service.protocol;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What an operation answers. Header values hold one character per byte, as {@link RequestHeaders} keeps them, so that what a
 * client stored comes back byte for byte; text beyond ASCII is put in by its UTF-8 bytes.
 *
 * @param headers in the order to send; {@code Content-Length} follows from the body unless it is named here (HEAD, 304)
 */
public record S3Response(int status, Map<String, String> headers, Optional<ResponseBody> body) {

    public S3Response {
        headers = new LinkedHashMap<>(headers);
        Objects.requireNonNull(body);
    }

    public static S3Response status(int status) {
        return new S3Response(status, Map.of(), Optional.empty());
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
        return ok().header("Content-Type", "application/xml").body(ResponseBody.of(document));
    }

    /** This response with one more header. */
    public S3Response header(String name, String value) {
        S3Response more = new S3Response(status, headers, body);
        more.headers.put(name, value);
        return more;
    }

    public S3Response header(String name, Optional<String> value) {
        return value.map(present -> header(name, present)).orElse(this);
    }

    public S3Response body(ResponseBody newBody) {
        return new S3Response(status, headers, Optional.of(newBody));
    }
}
