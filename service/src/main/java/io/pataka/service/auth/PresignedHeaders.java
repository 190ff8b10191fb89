package io.pataka.service.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.protocol.OperationRouter;
import io.pataka.service.protocol.Parameters.Parameter;
import io.pataka.service.protocol.PercentCoding;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import io.pataka.service.protocol.SecretFields;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Query parameters that stand for headers in a presigned request: SDKs move {@code x-amz-*} headers there, where the signature
 * covers them, so that the URL alone is enough. As with Amazon, {@code If-Match} and {@code If-None-Match} count there too, so
 * that a URL can be signed that overwrites nothing. All other names are ignored: Content-Type, Cache-Control and others count
 * only as signed headers. {@link V2Claims} has an exception for two of them.
 */
final class PresignedHeaders {

    private static final Set<String> ABOUT_THE_SIGNATURE = Set.of(
            "x-amz-algorithm",
            "x-amz-credential",
            "x-amz-date",
            "x-amz-expires",
            "x-amz-signedheaders",
            "x-amz-signature");

    private static final Set<String> CONDITIONS = Set.of("if-match", "if-none-match");

    private static final Set<String> CHECKSUMS = Arrays.stream(ChecksumAlgorithm.values())
            .map(ChecksumAlgorithm::header)
            .collect(Collectors.toUnmodifiableSet());

    /** RFC 9110 section 5.6.2. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

    private static final OperationRouter ROUTER = new OperationRouter();

    private PresignedHeaders() {}

    /**
     * Returns the request with those headers, and with the operation that they select: they may make it a copy.
     *
     * @throws S3Exception InvalidArgument when no header could have such a name or value, and for a customer's key: logs and histories
     *     keep URLs, so a key must be a header
     */
    static S3Request overlay(S3Request request) {
        RequestHeaders.Builder moved = RequestHeaders.builder();
        boolean any = false;
        for (Parameter parameter : request.parameters().all()) {
            String name = parameter.name().toLowerCase(Locale.ROOT);
            if (SecretFields.has(name)) {
                throw new S3Exception(
                                S3Error.INVALID_ARGUMENT, "An encryption key must be in a header, not in the query")
                        .with("ArgumentName", parameter.name());
            }
            boolean isAmazons =
                    name.startsWith("x-amz-") && !ABOUT_THE_SIGNATURE.contains(name) && !isAboutTheBody(name);
            if (isAmazons || CONDITIONS.contains(name)) {
                moved.add(name, value(parameter));
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

    /**
     * A checksum in a URL was computed before there was a body: the SDK for JavaScript puts the checksum of an empty body
     * there. Amazon ignores it. A checksum in a signed header counts.
     */
    private static boolean isAboutTheBody(String name) {
        return name.equals("x-amz-sdk-checksum-algorithm") || CHECKSUMS.contains(name);
    }

    /**
     * The parameter's value as a header value, one character per byte.
     *
     * @throws S3Exception InvalidArgument when no header could have that name or value: with a line feed in one of them, two
     *     requests would have one string-to-sign in version 2
     */
    static String value(Parameter parameter) {
        String value = new String(PercentCoding.decodeQueryBytes(parameter.rawValue()), ISO_8859_1);
        boolean isHeader = NAME.matcher(parameter.name()).matches()
                && value.chars().noneMatch(c -> (c < 0x20 && c != '\t') || c == 0x7F);
        if (!isHeader) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "A query parameter that stands for a header is not one")
                    .argument(parameter.name(), parameter.value());
        }
        return value;
    }
}
