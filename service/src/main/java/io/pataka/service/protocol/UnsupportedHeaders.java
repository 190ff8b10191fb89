package io.pataka.service.protocol;

import java.util.List;

/**
 * Headers of a write that ask for something which is not there yet. They are refused and never passed over: who asks for
 * encryption or a retention period must not believe to have it.
 */
public final class UnsupportedHeaders {

    private static final List<String> PREFIXES = List.of("x-amz-server-side-encryption", "x-amz-object-lock-");

    private UnsupportedHeaders() {}

    /**
     * @throws S3Exception NotImplemented
     */
    public static void refuseOnObject(RequestHeaders headers) {
        refuse(headers);
    }

    /**
     * @throws S3Exception NotImplemented
     */
    public static void refuseOnBucket(RequestHeaders headers) {
        refuse(headers);
    }

    private static void refuse(RequestHeaders headers) {
        for (String name : headers.names()) {
            if (PREFIXES.stream().anyMatch(name::startsWith)) {
                throw notImplemented(name);
            }
        }
    }

    private static S3Exception notImplemented(String header) {
        return new S3Exception(S3Error.NOT_IMPLEMENTED).with("Header", header);
    }
}
