package io.pataka.service.protocol;

import java.util.List;

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
