package io.pataka.service.protocol;

import java.util.List;
import java.util.Locale;

/**
 * Headers for features that do not exist yet, in any operation: encryption by the server, and retention. They are refused and
 * never ignored: a client that asks for protection must not believe that it has it.
 */
public final class UnsupportedHeaders {

    private static final List<String> PREFIXES =
            List.of("x-amz-server-side-encryption", "x-amz-copy-source-server-side-encryption", "x-amz-object-lock-");

    private UnsupportedHeaders() {}

    /**
     * Refuses a body with a compressing transfer coding (RFC 9112 section 6.1): the compressed bytes would be stored as the
     * object.
     *
     * @throws S3Exception NotImplemented for any transfer coding but {@code chunked}
     */
    public static void refuseTransferCodings(RequestHeaders headers) {
        String codings =
                String.join(",", headers.all("transfer-encoding")).trim().toLowerCase(Locale.ROOT);
        if (!codings.isEmpty() && !codings.equals("chunked")) {
            throw new S3Exception(S3Error.NOT_IMPLEMENTED).with("Header", "Transfer-Encoding");
        }
    }

    /**
     * @throws S3Exception NotImplemented
     */
    public static void refuse(RequestHeaders headers) {
        for (String name : headers.names()) {
            if (PREFIXES.stream().anyMatch(name::startsWith)) {
                throw new S3Exception(S3Error.NOT_IMPLEMENTED).with("Header", name);
            }
        }
    }
}
