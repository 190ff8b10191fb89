package io.pataka.service.operation.topic;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.notification.TopicArn;
import io.pataka.service.notification.TopicName;
import io.pataka.service.operation.RequestDocument;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.Parameters.Parameter;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.TopicRequest;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parameters of a request about topics: those of the query, and those of the form in the body. */
final class TopicParameters {

    private static final Pattern ENTRY = Pattern.compile("Attributes\\.entry\\.([0-9]{1,9})\\.(key|value)");

    /** Of every request of SNS, and of signatures; none is an attribute. */
    private static final Set<String> OF_ALL = Set.of(
            TopicRequest.ACTION,
            "Version",
            "Name",
            "AWSAccessKeyId",
            "Expires",
            "Signature",
            "SignatureMethod",
            "SignatureVersion",
            "Timestamp");

    private static final Set<String> ABOUT_SECRETS = Set.of("password", "push-endpoint", "AttributeValue");

    private final Parameters all;
    private final Parameters query;

    private TopicParameters(Parameters all, Parameters query) {
        this.all = all;
        this.query = query;
    }

    /**
     * Reads the body, which verifies itself.
     *
     * @throws S3Exception UnexpectedContent for a body that is no form, and for the body of a presigned request, which is not signed
     */
    static TopicParameters of(AdmittedCall call) throws IOException {
        Optional<byte[]> body = RequestDocument.readOptional(
                call.request(), TopicRequest.LONGEST_FORM, RequestDocument.Digest.OPTIONAL);
        boolean hasForm = TopicRequest.hasForm(
                        call.request().raw().method(), call.request().raw().headers())
                && call.request().raw().headers().has("authorization");
        if (body.isPresent() && !hasForm) {
            throw new S3Exception(S3Error.UNEXPECTED_CONTENT);
        }
        return new TopicParameters(
                TopicRequest.parameters(call.request().raw().query(), body.orElse(new byte[0])), call.parameters());
    }

    Optional<String> first(String name) {
        return all.first(name);
    }

    /**
     * @throws S3Exception InvalidParameter when it is missing
     */
    String required(String name) {
        return all.first(name)
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> invalid("Missing required element " + name));
    }

    /**
     * The name of a new topic.
     *
     * @throws S3Exception InvalidParameter
     */
    TopicName name() {
        String text = required("Name");
        return TopicName.parse(text)
                .orElseThrow(() -> invalid(
                        text.length() > TopicName.LONGEST
                                ? "Name cannot be longer than " + TopicName.LONGEST + " characters"
                                : "Name must be made up of only uppercase and lowercase ASCII letters, numbers,"
                                        + " underscores, and hyphens"));
    }

    /**
     * The topic that the request names.
     *
     * @throws S3Exception InvalidParameter
     */
    TopicArn arn() {
        return TopicArn.parse(required("TopicArn")).orElseThrow(() -> invalid("Invalid value for TopicArn"));
    }

    /**
     * The attributes by name, as {@code Attributes.entry.N.key} and {@code .value} or as parameters of their own.
     *
     * @throws S3Exception InvalidParameter when one is named twice, or a value has no name
     */
    Map<String, String> attributes() {
        Map<String, String> names = new LinkedHashMap<>();
        Map<String, String> values = new HashMap<>();
        Map<String, String> attributes = new LinkedHashMap<>();
        for (Parameter parameter : all.all()) {
            Matcher entry = ENTRY.matcher(parameter.name());
            if (entry.matches()) {
                Map<String, String> half = entry.group(2).equals("key") ? names : values;
                putOnce(half, entry.group(1), parameter.value(), parameter.name());
            } else if (!isOfAll(parameter.name())) {
                putOnce(attributes, parameter.name(), parameter.value(), parameter.name());
            }
        }
        names.forEach((number, name) -> {
            String value = values.remove(number);
            putOnce(attributes, name, value == null ? "" : value, name);
        });
        if (!values.isEmpty()) {
            throw invalid("The value of an attribute has no key");
        }
        return attributes;
    }

    private static boolean isOfAll(String name) {
        return OF_ALL.contains(name)
                || name.equals("x-id")
                || name.toLowerCase(Locale.ROOT).startsWith("x-amz-");
    }

    private static void putOnce(Map<String, String> values, String key, String value, String shown) {
        if (values.putIfAbsent(key, value) != null) {
            throw invalid("The parameter " + shown + " is there twice");
        }
    }

    /** Whether the query has parameters that may be a password. Logs and histories keep addresses. */
    boolean mayHaveSecretInQuery() {
        return query.all().stream()
                .map(Parameter::name)
                .anyMatch(name -> ABOUT_SECRETS.contains(name) || name.startsWith("Attributes."));
    }

    static S3Exception invalid(String message) {
        return new S3Exception(S3Error.INVALID_PARAMETER, "Invalid parameter: " + message);
    }
}
