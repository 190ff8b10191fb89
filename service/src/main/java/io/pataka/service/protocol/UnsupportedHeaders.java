package io.pataka.service.protocol;

import java.util.Locale;

/**
 * Headers that an operation does not take: those of features that do not exist yet, and encryption by the server where nothing is
 * written. They are refused and never ignored: a client that asks for protection must not believe that it has it.
 */
public final class UnsupportedHeaders {

    private static final String OBJECT_LOCK = "x-amz-object-lock-";

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
     * @throws S3Exception NotImplemented; InvalidArgument, with Amazon's message, for {@code x-amz-server-side-encryption} where no object
     *     is written
     */
    public static void refuse(S3Operation operation, RequestHeaders headers) {
        for (String name : headers.names()) {
            if (name.startsWith(OBJECT_LOCK)) {
                throw new S3Exception(S3Error.NOT_IMPLEMENTED).with("Header", name);
            }
        }
        if (headers.has(EncryptionHeaders.SSE) && !operation.is(S3Operation.Trait.MAY_NAME_ENCRYPTION)) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT,
                            EncryptionHeaders.SSE + " header is not supported for this operation.")
                    .argument(
                            EncryptionHeaders.SSE,
                            headers.first(EncryptionHeaders.SSE).orElse(""));
        }
    }
}
