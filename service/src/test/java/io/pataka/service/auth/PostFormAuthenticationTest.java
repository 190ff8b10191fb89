package io.pataka.service.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.signature.PostPolicySignature;
import java.time.Clock;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostFormAuthenticationTest {

    /** The policy of AWS's example, in its bytes; see sigv4-post-example.html. */
    private static final String PUBLISHED_POLICY = Base64.getEncoder()
            .encodeToString(String.join(
                            "\r\n",
                            List.of(
                                    "{ \"expiration\": \"2015-12-30T12:00:00.000Z\",",
                                    "  \"conditions\": [",
                                    "    {\"bucket\": \"sigv4examplebucket\"},",
                                    "    [\"starts-with\", \"$key\", \"user/user1/\"],",
                                    "    {\"acl\": \"public-read\"},",
                                    "    {\"success_action_redirect\":"
                                            + " \"http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html\"},",
                                    "    [\"starts-with\", \"$Content-Type\", \"image/\"],",
                                    "    {\"x-amz-meta-uuid\": \"14365123651274\"},",
                                    "    {\"x-amz-server-side-encryption\": \"AES256\"},",
                                    "    [\"starts-with\", \"$x-amz-meta-tag\", \"\"],",
                                    "",
                                    "    {\"x-amz-credential\":"
                                            + " \"AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request\"},",
                                    "    {\"x-amz-algorithm\": \"AWS4-HMAC-SHA256\"},",
                                    "    {\"x-amz-date\": \"20151229T000000Z\" }",
                                    "  ]",
                                    "}"))
                    .getBytes(UTF_8));

    private final Authenticator authenticator =
            new Authenticator(FixedCredentials.V4, SignatureRules.standard(), Clock.systemUTC());

    @Test
    void acceptsThePublishedExampleOfVersion4() {
        assertThat(authenticator.authenticate(form(published())).accessKey()).contains("AKIAIOSFODNN7EXAMPLE");
    }

    @Test
    void acceptsVersion2() {
        String policy = Base64.getEncoder().encodeToString("{}".getBytes(UTF_8));
        Map<String, String> fields = Map.of(
                "awsaccesskeyid",
                "AKIAIOSFODNN7EXAMPLE",
                "policy",
                policy,
                "signature",
                TestSigner.hmacSha1(FixedCredentials.V4.secretKey(), policy));

        assertThat(authenticator.authenticate(form(fields)).accessKey()).contains("AKIAIOSFODNN7EXAMPLE");
    }

    @Test
    void acceptsAnAccessKeyThatIsNotAscii() {
        FixedCredentials credentials = new FixedCredentials("gr\u00fc\u00df", FixedCredentials.V4.secretKey());
        Authenticator known = new Authenticator(credentials, SignatureRules.standard(), Clock.systemUTC());
        Map<String, String> version4 = published();
        version4.replace("x-amz-credential", "gr\u00c3\u00bc\u00c3\u009f/20151229/us-east-1/s3/aws4_request");
        Map<String, String> version2 = Map.of(
                "awsaccesskeyid",
                "gr\u00c3\u00bc\u00c3\u009f",
                "policy",
                "e30=",
                "signature",
                TestSigner.hmacSha1(credentials.secretKey(), "e30="));

        assertThat(known.authenticate(form(version4)).accessKey()).contains(credentials.accessKey());
        assertThat(known.authenticate(form(version2)).accessKey()).contains(credentials.accessKey());
    }

    @Test
    void refusesAnotherPolicy() {
        Map<String, String> fields = published();
        fields.put("policy", Base64.getEncoder().encodeToString("{}".getBytes(UTF_8)));

        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(() -> authenticator.authenticate(form(fields)))
                .returns(S3Error.SIGNATURE_DOES_NOT_MATCH, S3Exception::error)
                .satisfies(refused -> assertThat(refused.details())
                        .containsEntry("StringToSign", fields.get("policy"))
                        .doesNotContainKey("CanonicalRequest"));
    }

    @Test
    void refusesVersion2WhereItIsSwitchedOff() {
        Authenticator strict = new Authenticator(
                FixedCredentials.V4, new SignatureRules("us-east-1", false, false), Clock.systemUTC());

        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(() -> strict.authenticate(new PostPolicySignature.V2("K", "policy", "signature")))
                .returns(S3Error.INVALID_REQUEST, S3Exception::error);
    }

    @Test
    void refusesAnotherRegionWhereItIsStrict() {
        Authenticator strict =
                new Authenticator(FixedCredentials.V4, new SignatureRules("us-east-1", true, true), Clock.systemUTC());
        Map<String, String> fields = published();
        fields.put("x-amz-credential", "AKIAIOSFODNN7EXAMPLE/20151229/mars-1/s3/aws4_request");

        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(() -> strict.authenticate(form(fields)))
                .returns(S3Error.INVALID_ARGUMENT, S3Exception::error)
                .satisfies(refused -> assertThat(refused.details()).containsEntry("Region", "us-east-1"));
    }

    @Test
    void isAnonymousWithoutSignature() {
        assertThat(PostPolicySignature.of(Map.of("key", "a"))).isEmpty();
    }

    @Test
    void refusesAnUnsignedPolicy() {
        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(() -> PostPolicySignature.of(Map.of("key", "a", "policy", "e30=")))
                .returns(S3Error.ACCESS_DENIED, S3Exception::error);
    }

    @ParameterizedTest
    @ValueSource(strings = {"policy", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Signature"})
    void namesTheMissingField(String missing) {
        Map<String, String> fields = published();
        fields.remove(missing.toLowerCase(Locale.ROOT));

        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(() -> PostPolicySignature.of(fields))
                .returns(S3Error.INVALID_ARGUMENT, S3Exception::error)
                .withMessageContaining("Bucket POST must contain a field named '" + missing + "'");
    }

    @ParameterizedTest
    @CsvSource({"signature, AWSAccessKeyId", "AWSAccessKeyId, Signature"})
    void namesTheMissingFieldOfVersion2(String there, String missing) {
        Map<String, String> fields = Map.of("key", "a", "policy", "e30=", there.toLowerCase(Locale.ROOT), "x");

        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(() -> PostPolicySignature.of(fields))
                .returns(S3Error.INVALID_ARGUMENT, S3Exception::error)
                .withMessageContaining("Bucket POST must contain a field named '" + missing + "'");
    }

    @Test
    void refusesAScopeOfAnotherDay() {
        Map<String, String> fields = published();
        fields.put("x-amz-date", "20151230T000000Z");

        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(() -> PostPolicySignature.of(fields))
                .returns(S3Error.INVALID_ARGUMENT, S3Exception::error);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "20151229", "Tue, 29 Dec 2015 00:00:00 GMT"})
    void refusesADateInAnotherNotation(String date) {
        Map<String, String> fields = published();
        fields.put("x-amz-date", date);

        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(() -> PostPolicySignature.of(fields))
                .returns(S3Error.INVALID_ARGUMENT, S3Exception::error);
    }

    @Test
    void refusesAnotherAlgorithm() {
        Map<String, String> fields = published();
        fields.put("x-amz-algorithm", "AWS4-HMAC-SHA512");

        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(() -> PostPolicySignature.of(fields))
                .returns(S3Error.INVALID_ARGUMENT, S3Exception::error);
    }

    private static PostPolicySignature form(Map<String, String> fields) {
        return PostPolicySignature.of(fields).orElseThrow();
    }

    private static Map<String, String> published() {
        Map<String, String> fields = new HashMap<>();
        fields.put("policy", PUBLISHED_POLICY);
        fields.put("x-amz-algorithm", "AWS4-HMAC-SHA256");
        fields.put("x-amz-credential", "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request");
        fields.put("x-amz-date", "20151229T000000Z");
        fields.put("x-amz-signature", "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e");
        return fields;
    }
}
