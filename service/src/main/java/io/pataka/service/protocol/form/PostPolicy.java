package io.pataka.service.protocol.form;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pataka.service.model.BucketName;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.SecretFields;
import io.pataka.service.protocol.WholeNumber;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the signer of a form allows: expiry, conditions on fields, and sizes of the file.
 *
 * @param conditions on fields; all of them must hold
 * @param sizes of the file
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html">AWS: POST policy</a>
 */
public record PostPolicy(Instant expiration, List<FieldCondition> conditions, SizeRange sizes) {

    /** AWS's own examples have commas at the end of lists, and {@code \$} for a dollar sign. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final String SIZES = "content-length-range";

    private static final Set<String> NEEDS_NO_CONDITION =
            Set.of("awsaccesskeyid", "signature", "x-amz-signature", "policy");

    /** Checksums need no condition, as with Ceph Gateway: they can only make an upload fail. */
    private static final List<String> PREFIXES_THAT_NEED_NO_CONDITION = List.of("x-ignore-", "x-amz-checksum-");

    public PostPolicy {
        conditions = List.copyOf(conditions);
    }

    /**
     * @param base64 as in the form
     * @throws S3Exception InvalidPolicyDocument; AccessDenied for sizes that are no numbers: that condition cannot hold
     */
    public static PostPolicy parse(String base64) {
        JsonNode document;
        try {
            document = JSON.readTree(Base64.getMimeDecoder().decode(base64));
        } catch (IOException | IllegalArgumentException notJson) {
            throw invalid("Invalid JSON.");
        }
        if (!document.isObject()) {
            throw invalid("Invalid JSON.");
        }
        Instant expiration = expiration(document.path("expiration"));
        JsonNode list = document.path("conditions");
        if (!list.isArray()) {
            throw invalid("Policy must contain a list of conditions.");
        }
        List<FieldCondition> conditions = new ArrayList<>();
        SizeRange sizes = SizeRange.ANY;
        for (JsonNode condition : list) {
            if (condition.isObject()) {
                if (condition.size() != 1) {
                    throw invalid(
                            "Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.");
                }
                for (Map.Entry<String, JsonNode> pair : condition.properties()) {
                    conditions.add(FieldCondition.exact(pair.getKey(), text(pair.getValue())));
                }
            } else if (isSizeRange(condition)) {
                sizes = sizes.and(new SizeRange(number(condition, 1), number(condition, 2)));
            } else if (condition.isArray() && condition.size() == 3) {
                conditions.add(
                        FieldCondition.of(text(condition.get(0)), text(condition.get(1)), text(condition.get(2))));
            } else {
                throw invalid("Invalid condition: " + shown(condition));
            }
        }
        return new PostPolicy(expiration, conditions, sizes);
    }

    /** Never with a key. */
    private static String shown(JsonNode condition) {
        String text = condition.toString();
        return SecretFields.areNamedIn(text) ? SecretFields.MASK : text;
    }

    private static Instant expiration(JsonNode time) {
        if (time.isMissingNode()) {
            throw invalid("Policy missing expiration.");
        }
        try {
            return Instant.parse(time.asText());
        } catch (DateTimeException notATime) {
            throw invalid("Invalid 'expiration' value: '" + time.asText() + "'");
        }
    }

    private static boolean isSizeRange(JsonNode condition) {
        return condition.isArray()
                && condition.size() == 3
                && condition.get(0).asText().equalsIgnoreCase(SIZES);
    }

    private static long number(JsonNode condition, int index) {
        OptionalLong number = WholeNumber.ofLong(text(condition.get(index)));
        if (number.isEmpty()) {
            throw failed("[\"" + SIZES + "\", \"" + text(condition.get(1)) + "\", \"" + text(condition.get(2)) + "\"]");
        }
        if (number.getAsLong() < 0) {
            throw invalid("Invalid content-length-range: " + condition);
        }
        return number.getAsLong();
    }

    /** One character per byte, as in {@link FormFields}. */
    private static String text(JsonNode node) {
        if (!node.isTextual() && !node.isNumber()) {
            throw invalid("Invalid value: " + node);
        }
        return new String(node.asText().getBytes(UTF_8), ISO_8859_1);
    }

    static S3Exception invalid(String why) {
        return new S3Exception(S3Error.INVALID_POLICY_DOCUMENT, "Invalid Policy: " + why);
    }

    /**
     * Checks a form against this policy.
     *
     * @throws S3Exception AccessDenied when the policy has expired, a condition does not hold, or a field has no condition
     */
    public void require(BucketName bucket, FormFields fields, Instant now) {
        if (!now.isBefore(expiration)) {
            throw denied("Policy expired.");
        }
        Set<String> covered = new HashSet<>();
        for (FieldCondition condition : conditions) {
            String value = condition.field().equals("bucket")
                    ? bucket.text()
                    : fields.first(condition.field()).orElse("");
            if (!condition.holds(value)) {
                throw failed(condition.asWritten());
            }
            covered.add(condition.field());
        }
        List<String> extra = fields.asMap().keySet().stream()
                .filter(name -> !covered.contains(name) && needsCondition(name))
                .map(fields::spelling)
                .collect(Collectors.toCollection(ArrayList::new));
        if (!covered.contains("bucket")) {
            extra.add("bucket");
        }
        if (!extra.isEmpty()) {
            throw denied("Extra input fields: " + String.join(", ", extra));
        }
    }

    private static boolean needsCondition(String name) {
        return !NEEDS_NO_CONDITION.contains(name)
                && PREFIXES_THAT_NEED_NO_CONDITION.stream().noneMatch(name::startsWith);
    }

    private static S3Exception failed(String condition) {
        return denied("Policy Condition failed: " + condition);
    }

    private static S3Exception denied(String why) {
        return new S3Exception(S3Error.ACCESS_DENIED, "Invalid according to Policy: " + why);
    }
}
