package io.pataka.service.protocol;

import java.util.Locale;

/**
 * Headers that an operation does not take: those of encryption by the server and of object lock where no object is written. They are
 * refused and never ignored: a client that asks for protection must not believe that it has it.
 */
public final class UnsupportedHeaders {

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
     * @throws S3Exception InvalidArgument, with Amazon's message
     */
    public static void refuse(S3Operation operation, RequestHeaders headers) {
        if (headers.has(EncryptionHeaders.SSE) && !operation.is(S3Operation.Trait.MAY_NAME_ENCRYPTION)) {
            throw unsupported(EncryptionHeaders.SSE, headers);
        }
        if (!operation.is(S3Operation.Trait.MAY_NAME_LOCK)) {
            for (String name : headers.names()) {
                if (name.startsWith(LockHeaders.PREFIX)) {
                    throw unsupported(name, headers);
                }
            }
        }
    }

    private static S3Exception unsupported(String name, RequestHeaders headers) {
        return new S3Exception(S3Error.INVALID_ARGUMENT, name + " header is not supported for this operation.")
                .argument(name, headers.first(name).orElse(""));
    }
}
