package io.pataka.service.protocol.form;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.model.BucketName;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostPolicyTest {

    private static final BucketName BUCKET = new BucketName("johnsmith");
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final String EXPIRATION = "\"expiration\": \"2026-11-23T12:00:01.000Z\"";

    /** The example of AWS's page on policies, with the comma at the end of the list. */
    @Test
    void readsThePublishedExample() {
        PostPolicy policy = parse("""
                { "expiration": "2007-12-01T12:00:00.000Z",
                  "conditions": [
                    {"acl": "public-read" },
                    {"bucket": "johnsmith" },
                    ["starts-with", "$key", "user/eric/"],
                  ]
                }
                """);

        assertThat(policy.expiration()).isEqualTo("2007-12-01T12:00:00Z");
        assertThat(policy.conditions())
                .containsExactly(
                        new FieldCondition("$acl", false, "public-read"),
                        new FieldCondition("$bucket", false, "johnsmith"),
                        new FieldCondition("$key", true, "user/eric/"));
        assertThat(policy.sizes()).isEqualTo(SizeRange.ANY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'acl': 'private'}                          | acl          | private",
                "['eq', '$acl', 'private']                   | acl          | private",
                "['EQ', '$ACL', 'private']                   | acl          | private",
                "['starts-with', '$acl', 'pri']              | acl          | private",
                "['StArTs-WiTh', '$aCl', '']                 | acl          | private",
                "['starts-with', '$Content-Type', 'image/']  | content-type | image/png,image/jpeg",
                "['eq', '$x-amz-meta-a', '\\u00fc']          | x-amz-meta-a | ü",
                "['starts-with', '$key', '\\\\$foo']         | key          | \\$foo.txt",
                "['eq', '$key', '\\$foo']                    | key          | $foo",
                "{'success_action_status': 201}              | success_action_status | 201",
            })
    void aConditionHolds(String condition, String field, String value) {
        FormFields.Builder fields = new FormFields.Builder();
        fields.add(field, new String(value.getBytes(UTF_8), ISO_8859_1));

        assertThatCode(() -> parse(withCondition(condition)).require(BUCKET, fields.build(), NOW))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'acl': 'private'}                          | acl          | Private",
                "['eq', '$acl', 'private']                   | acl          | private2",
                "['starts-with', '$acl', 'pri']              | acl          | public-read",
                "['starts-with', '$Content-Type', 'image/']  | content-type | image/png,text/html",
                "{'acl': 'private'}                          | ACL2         | private",
                "['eq', '$x-amz-meta-a', '']                 | x-amz-meta-a | 1",
                "['eq', 'acl', 'private']                    | acl          | private",
                "['starts-with', 'acl', '']                  | acl          | private",
                "['content-length-range', 'test', '10']      | acl          | private",
                "['content-length-range', 0, '\u0661']      | acl          | private",
            })
    void aConditionDoesNotHold(String condition, String field, String value) {
        FormFields.Builder fields = new FormFields.Builder();
        fields.add(field, value);

        assertDenied("Policy Condition failed: [", withCondition(condition), fields);
    }

    @Test
    void twoConditionsOnOneFieldMustBothHold() {
        FormFields.Builder fields = new FormFields.Builder();
        fields.add("key", "ab");

        assertDenied(
                "Policy Condition failed: [\"starts-with\", \"$key\", \"b\"]",
                withCondition("['starts-with', '$key', 'a'], ['starts-with', '$key', 'b']"),
                fields);
    }

    @Test
    void anErrorQuotesTheConditionAsItWasSent() {
        FormFields.Builder fields = new FormFields.Builder();
        fields.add("content-type", "text/html");

        assertDenied(
                "Policy Condition failed: [\"starts-with\", \"$Content-Type\", \"image/\"]",
                withCondition("['starts-with', '$Content-Type', 'image/']"),
                fields);
        assertDenied(
                "Policy Condition failed: [\"eq\", \"content-type\", \"text/html\"]",
                withCondition("['eq', 'content-type', 'text/html']"),
                fields);
    }

    @Test
    void anErrorNeverHasAnEncryptionKey() {
        String field = "$X-Amz-Server-Side-Encryption-Customer-Key";
        FormFields.Builder fields = new FormFields.Builder();
        fields.add("key", "k");

        assertDenied(
                "Policy Condition failed: [\"eq\", \"" + field + "\", \"***\"]",
                withCondition("['eq', '" + field + "', 'c2VjcmV0']"),
                fields);
        assertThatThrownBy(() -> parse(withCondition("['eq', '" + field + "', 'c2VjcmV0', 'more']")))
                .hasMessage("Invalid Policy: Invalid condition: ***");
        fields.add(field.substring(1), "c2VjcmV0");
        assertThatThrownBy(() -> fields.add(field.substring(1), "c2VjcmV0"))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refused -> assertThat(refused.details()).containsEntry("ArgumentValue", "***"));
    }

    @Test
    void everyFieldNeedsACondition() {
        FormFields.Builder fields = new FormFields.Builder();
        fields.add("key", "k");
        fields.add("x-amz-meta-a", "1");
        fields.add("X-Amz-Date", "d");

        assertDenied("Extra input fields: X-Amz-Date, x-amz-meta-a", withCondition("{'key': 'k'}"), fields);
    }

    @Test
    void theBucketNeedsACondition() {
        assertDenied(
                "Extra input fields: bucket",
                "{" + EXPIRATION + ", \"conditions\": [[\"starts-with\", \"$key\", \"\"]]}",
                new FormFields.Builder());
    }

    @Test
    void anotherBucketIsDenied() {
        assertDenied(
                "Policy Condition failed: [\"eq\", \"$bucket\", \"other\"]",
                "{" + EXPIRATION + ", \"conditions\": [{\"bucket\": \"other\"}]}",
                new FormFields.Builder());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "policy",
                "signature",
                "AWSAccessKeyId",
                "x-amz-signature",
                "x-ignore-me",
                "X-Ignore-Me",
                "x-amz-checksum-sha256"
            })
    void someFieldsNeedNoCondition(String name) {
        FormFields.Builder fields = new FormFields.Builder();
        fields.add(name, "any");

        assertThatCode(() -> parse(withCondition("{'bucket': 'johnsmith'}")).require(BUCKET, fields.build(), NOW))
                .doesNotThrowAnyException();
    }

    @Test
    void aPolicyEndsAtItsTime() {
        String policy = withCondition("{'bucket': 'johnsmith'}");

        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(() -> parse(policy).require(BUCKET, new FormFields.Builder().build(), NOW.plusSeconds(1)))
                .returns(S3Error.ACCESS_DENIED, S3Exception::error)
                .withMessage("Invalid according to Policy: Policy expired.");
    }

    @Test
    void rangesOfSizeAddUp() {
        assertThat(parse(withCondition("['content-length-range', 1, '10'], ['Content-Length-Range', 5, 20]"))
                        .sizes())
                .isEqualTo(new SizeRange(5, 10));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "!!!",
                "[]",
                "{}",
                "{'expiration': '2026-11-23T12:00:01Z'}",
                "{'conditions': []}",
                "{'expiration': '2026-11-23T12:00:01Z', 'CONDITIONS': []}",
                "{'EXPIRATION': '2026-11-23T12:00:01Z', 'conditions': []}",
                "{'expiration': '2026-11-23 12:00:01', 'conditions': []}",
                "{'expiration': 1, 'conditions': []}",
                "{'expiration': '2026-11-23T12:00:01Z', 'conditions': {}}",
                "{'expiration': '2026-11-23T12:00:01Z', 'conditions': [{}]}",
                "{'expiration': '2026-11-23T12:00:01Z', 'conditions': [[]]}",
                "{'expiration': '2026-11-23T12:00:01Z', 'conditions': ['acl']}",
                "{'expiration': '2026-11-23T12:00:01Z', 'conditions': [{'acl': null}]}",
                "{'expiration': '2026-11-23T12:00:01Z', 'conditions': [{'acl': ['private']}]}",
                "{'expiration': '2026-11-23T12:00:01Z', 'conditions': [{'acl': 'private', 'key': 'k'}]}",
                "{'expiration': '2026-11-23T12:00:01Z', 'conditions': [['ends-with', '$acl', 'private']]}",
                "{'expiration': '2026-11-23T12:00:01Z', 'conditions': [['eq', '$acl']]}",
                "{'expiration': '2026-11-23T12:00:01Z', 'conditions': [['content-length-range', 0]]}",
                "{'expiration': '2026-11-23T12:00:01Z', 'conditions': [['content-length-range', -1, 0]]}",
                "{'expiration': '2026-11-23T12:00:01Z', 'conditions': []} {}",
                "{'expiration': '2026-11-23T12:00:01Z', 'conditions': [], 'conditions': []}",
            })
    void whatIsNoPolicyIsRefused(String document) {
        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(() -> parse(document.replace('\'', '"')))
                .returns(S3Error.INVALID_POLICY_DOCUMENT, S3Exception::error);
    }

    private static void assertDenied(String message, String policy, FormFields.Builder fields) {
        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(() -> parse(policy).require(BUCKET, fields.build(), NOW))
                .returns(S3Error.ACCESS_DENIED, S3Exception::error)
                .withMessageStartingWith("Invalid according to Policy: " + message);
    }

    private static String withCondition(String condition) {
        return ("{" + EXPIRATION + ", 'conditions': [{'bucket': 'johnsmith'}, " + condition + "]}").replace('\'', '"');
    }

    private static PostPolicy parse(String document) {
        return PostPolicy.parse(Base64.getEncoder().encodeToString(document.getBytes(UTF_8)));
    }
}
