package io.pataka.service.signature;

import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.signature.V4Signature.Place;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The signature of a POST form's policy, from the fields of the form. In both versions the string-to-sign is the Base64 text of
 * the policy, which includes its expiry.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html">AWS: POST, version 4</a>
 */
public sealed interface PostPolicySignature {

    String accessKey();

    /** Base64 as sent. */
    String policy();

    /** As sent. */
    String signature();

    /** Version 4. */
    record V4(String accessKey, CredentialScope scope, String policy, String signature) implements PostPolicySignature {
        public V4 {
            Objects.requireNonNull(accessKey);
            Objects.requireNonNull(scope);
            Objects.requireNonNull(policy);
            Objects.requireNonNull(signature);
        }
    }

    /** Version 2. */
    record V2(String accessKey, String policy, String signature) implements PostPolicySignature {
        public V2 {
            Objects.requireNonNull(accessKey);
            Objects.requireNonNull(policy);
            Objects.requireNonNull(signature);
        }
    }

    /**
     * Reads the fields. Empty for a form that has none of them: it is anonymous.
     *
     * @param fields by lower-case name
     * @throws S3Exception InvalidArgument when only some of the fields are there, or one cannot be understood; AccessDenied for
     *     a policy without a signature
     */
    static Optional<PostPolicySignature> of(Map<String, String> fields) {
        boolean hasPolicy = fields.containsKey("policy");
        if (fields.containsKey("x-amz-signature")
                || fields.containsKey("x-amz-credential")
                || fields.containsKey("x-amz-algorithm")
                || hasPolicy && fields.containsKey("x-amz-date")) {
            return Optional.of(version4(fields));
        }
        if (fields.containsKey("signature") || fields.containsKey("awsaccesskeyid")) {
            return Optional.of(new V2(
                    AccessKeyText.of(field(fields, "AWSAccessKeyId")),
                    field(fields, "policy"),
                    field(fields, "Signature")));
        }
        if (hasPolicy) {
            throw new S3Exception(S3Error.ACCESS_DENIED).because("the policy of the form is not signed");
        }
        return Optional.empty();
    }

    private static V4 version4(Map<String, String> fields) {
        String policy = field(fields, "policy");
        String algorithm = field(fields, "X-Amz-Algorithm");
        if (!algorithm.equals(V4Signature.ALGORITHM)) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT, "X-Amz-Algorithm only supports \"" + V4Signature.ALGORITHM + "\"")
                    .argument("X-Amz-Algorithm", algorithm);
        }
        V4Signature signature = V4Signature.ofForm(field(fields, "X-Amz-Credential"), field(fields, "X-Amz-Signature"));
        String date = field(fields, "X-Amz-Date");
        Instant time = AmzTime.basic(date)
                .orElseThrow(() -> new S3Exception(
                                S3Error.INVALID_ARGUMENT,
                                "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"")
                        .argument("X-Amz-Date", date));
        signature.checkDay(Place.FORM, AmzTime.toBasic(time));
        return new V4(signature.accessKey(), signature.scope(), policy, signature.signature());
    }

    /** @param name spelled as Amazon spells it in its answers */
    private static String field(Map<String, String> fields, String name) {
        String value = fields.get(name.toLowerCase(Locale.ROOT));
        if (value == null || value.isEmpty()) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT,
                            "Bucket POST must contain a field named '" + name
                                    + "'.  If it is specified, please check the order of the fields.")
                    .argument(name, "");
        }
        return value;
    }
}
