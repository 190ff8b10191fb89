package io.pataka.service.signature;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.Parameters.Parameter;
import io.pataka.service.protocol.PercentCoding;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The string-to-sign of version 2: method, three headers, the {@code x-amz-*} headers and the canonicalised resource. Of the
 * query it covers only the sub-resources of {@link #signs}.
 *
 * @param text one character per byte
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html">AWS: version 2</a>
 */
public record V2StringToSign(String text) {

    /** The sub-resources of AWS's page, and others that boto, botocore and Ceph sign. */
    private static final Set<String> SIGNED = Set.of(
            "accelerate",
            "acl",
            "analytics",
            "append",
            "cors",
            "defaultObjectAcl",
            "delete",
            "encryption",
            "inventory",
            "legal-hold",
            "lifecycle",
            "location",
            "logging",
            "metrics",
            "notification",
            "object-lock",
            "partNumber",
            "policy",
            "policyStatus",
            "position",
            "publicAccessBlock",
            "replication",
            "requestPayment",
            "response-cache-control",
            "response-content-disposition",
            "response-content-encoding",
            "response-content-language",
            "response-content-type",
            "response-expires",
            "restore",
            "retention",
            "select",
            "select-type",
            "storageClass",
            "tagging",
            "torrent",
            "uploadId",
            "uploads",
            "versionId",
            "versioning",
            "versions",
            "website");

    /** Whether the signature covers a query parameter of that name. */
    public static boolean signs(String parameter) {
        return SIGNED.contains(parameter);
    }

    /**
     * @param headers the headers of the request; for a request signed in the query also those in the query
     * @param date the line of the date: the header, empty if there is {@code x-amz-date}, or the expiry
     * @param virtualHost the bucket that the host names, if it does
     * @param path raw
     * @throws S3Exception InvalidArgument for a value that contains another signed parameter, as {@code %26versionId=1}. The
     *     string-to-sign has unescaped values, so one signature would be valid for this request and for one with two parameters
     */
    public static V2StringToSign of(
            String method,
            RequestHeaders headers,
            String date,
            Optional<String> virtualHost,
            String path,
            Parameters parameters) {
        StringBuilder text = new StringBuilder(256);
        text.append(method).append('\n');
        text.append(headers.first("content-md5").orElse("").trim()).append('\n');
        text.append(headers.first("content-type").orElse("").trim()).append('\n');
        text.append(date).append('\n');
        for (String name : headers.names()) {
            if (name.startsWith("x-amz-")) {
                String values = headers.all(name).stream().map(String::trim).collect(Collectors.joining(","));
                text.append(name).append(':').append(values).append('\n');
            }
        }
        virtualHost.ifPresent(bucket -> text.append('/').append(bytewise(bucket)));
        text.append(bytewise(path));
        appendSubResources(text, parameters);
        return new V2StringToSign(text.toString());
    }

    private static void appendSubResources(StringBuilder text, Parameters parameters) {
        List<Parameter> signed = new ArrayList<>();
        for (Parameter parameter : parameters.all()) {
            if (signs(parameter.name())) {
                signed.add(parameter);
            }
        }
        signed.sort(Comparator.comparing(Parameter::name));
        char separator = '?';
        for (Parameter parameter : signed) {
            text.append(separator).append(parameter.name());
            if (parameter.hasValue()) {
                String value = new String(PercentCoding.decodeQueryBytes(parameter.rawValue()), ISO_8859_1);
                refuseParameterWithin(value, parameter);
                text.append('=').append(value);
            }
            separator = '&';
        }
    }

    private static void refuseParameterWithin(String value, Parameter parameter) {
        for (int ampersand = value.indexOf('&'); ampersand >= 0; ) {
            int next = value.indexOf('&', ampersand + 1);
            int end = next < 0 ? value.length() : next;
            int equals = value.indexOf('=', ampersand + 1);
            String name = value.substring(ampersand + 1, equals < 0 ? end : Math.min(equals, end));
            if (signs(name)) {
                throw new S3Exception(
                                S3Error.INVALID_ARGUMENT,
                                "Signature Version 2 cannot distinguish this value from two parameters. Please use"
                                        + " AWS4-HMAC-SHA256.")
                        .argument(parameter.name(), parameter.value());
            }
            ampersand = next;
        }
    }

    /** One character per byte of UTF-8. */
    private static String bytewise(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }
}
