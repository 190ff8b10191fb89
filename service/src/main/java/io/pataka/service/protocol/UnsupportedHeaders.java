package io.pataka.service.protocol;

import java.util.List;
import java.util.Locale;

/**
 * Headers that ask for what is not there yet, encryption by the server and retention, of whichever operation. They are refused
 * and never passed over: who asks for protection must not believe to have it, and who sends a key must not believe that it was
 * needed.
 */
public final class UnsupportedHeaders {

    private static final List<String> PREFIXES =
            List.of("x-amz-server-side-encryption", "x-amz-copy-source-server-side-encryption", "x-amz-object-lock-");

    private UnsupportedHeaders() {}

    /**
     * Refuses a body that was compressed on its way (RFC 9112 section 6.1): only the chunks would be taken off, and the compressed
     * bytes be stored for the object's.
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
