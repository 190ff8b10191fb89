package io.pataka.service.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.pataka.service.protocol.OperationRouter;
import io.pataka.service.protocol.Parameters.Parameter;
import io.pataka.service.protocol.PercentCoding;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import java.util.Locale;
import java.util.Set;

/**
 * Query parameters that stand for headers in a presigned request: SDKs move {@code x-amz-*} headers there, where the signature
 * covers them, so that the bare URL is enough.
 */
final class PresignedHeaders {

    private static final Set<String> ABOUT_THE_SIGNATURE = Set.of(
            "x-amz-algorithm",
            "x-amz-credential",
            "x-amz-date",
            "x-amz-expires",
            "x-amz-signedheaders",
            "x-amz-signature");

    private static final OperationRouter ROUTER = new OperationRouter();

    private PresignedHeaders() {}

    /** The request with those headers, and with the operation that it asks for with them: a copy may be asked for this way. */
    static S3Request overlay(S3Request request) {
        RequestHeaders.Builder moved = RequestHeaders.builder();
        boolean any = false;
        for (Parameter parameter : request.parameters().all()) {
            String name = parameter.name().toLowerCase(Locale.ROOT);
            if (name.startsWith("x-amz-") && !ABOUT_THE_SIGNATURE.contains(name)) {
                moved.add(name, new String(PercentCoding.decodeQueryBytes(parameter.rawValue()), ISO_8859_1));
                any = true;
            }
        }
        if (!any) {
            return request;
        }
        RequestHeaders headers = request.headers().overlaidWith(moved.build());
        S3Operation operation = ROUTER.route(
                request.raw().method(), request.operation().route().resource(), request.parameters(), headers);
        return new S3Request(
                request.requestId(),
                operation,
                request.bucket(),
                request.key(),
                request.parameters(),
                headers,
                request.body(),
                request.raw());
    }
}
