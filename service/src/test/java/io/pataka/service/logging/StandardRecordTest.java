package io.pataka.service.logging;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.model.BucketName;
import io.pataka.service.model.ObjectKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StandardRecordTest {

    /** The expression with which Amazon's documentation reads logs in Athena, with the fields that were added since. */
    private static final Pattern FIELDS =
            Pattern.compile("([^ ]*) ([^ ]*) \\[(.*?)\\] ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) (\"[^\"]*\"|-)"
                    + " (-|[0-9]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) (\"[^\"]*\"|-) (\"[^\"]*\"|-) ([^ ]*) ([^ ]*)"
                    + " ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*)");

    private static final LoggedExchange GET = new LoggedExchange(
            "192.0.2.3",
            Optional.of("arn:aws:iam::p1:user/u1"),
            "GET",
            "/bucket/photo.jpg?versionId=7",
            "HTTP/1.1",
            200,
            Optional.empty(),
            4096,
            70,
            OptionalLong.of(10),
            Optional.of("https://example.com/a page"),
            Optional.of("aws-cli/2.0 Python/3.11"),
            "aG9zdA==",
            Optional.of(new LoggedExchange.Signature("SigV4", "AuthHeader")),
            Optional.of(LoggedExchange.Tls.ofJava("TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")),
            Optional.of("s3.example.com:8443"),
            true);

    private static StandardRecord record(LoggedOperation operation, ObjectKey key, LoggedExchange exchange) {
        return new StandardRecord(
                "p0",
                new BucketName("bucket"),
                Instant.parse("2026-08-06T09:30:25.999Z"),
                Optional.of("3E57427F3EXAMPLE"),
                operation,
                Optional.of(key),
                OptionalLong.of(5000),
                Optional.of("7"),
                Optional.of(exchange));
    }

    private static StandardRecord record(ObjectKey key, LoggedExchange exchange) {
        return record(LoggedOperation.ofRequest("REST.GET.OBJECT"), key, exchange);
    }

    private static String line(StandardRecord record) {
        return new String(record.line(), US_ASCII);
    }

    private static List<String> fields(StandardRecord record) {
        Matcher line = FIELDS.matcher(line(record));
        assertThat(line.matches()).as(line(record)).isTrue();
        List<String> fields = new ArrayList<>();
        for (int i = 1; i <= line.groupCount(); i++) {
            fields.add(line.group(i));
        }
        return fields;
    }

    @Test
    void hasAmazonsFieldsInAmazonsOrder() {
        assertThat(line(record(ObjectKey.of("photo.jpg"), GET)))
                .isEqualTo("p0 bucket [06/Aug/2026:09:30:25 +0000] 192.0.2.3 arn:aws:iam::p1:user/u1 3E57427F3EXAMPLE"
                        + " REST.GET.OBJECT photo.jpg \"GET /bucket/photo.jpg?versionId=7 HTTP/1.1\" 200 - 4096 5000 70 10"
                        + " \"https://example.com/a page\" \"aws-cli/2.0 Python/3.11\" 7 aG9zdA== SigV4"
                        + " ECDHE-RSA-AES128-GCM-SHA256 AuthHeader s3.example.com:8443 TLSv1.2 - Yes");
    }

    @Test
    void writesDashesForWhatIsNotKnown() {
        LoggedExchange plain = new LoggedExchange(
                "192.0.2.3",
                Optional.empty(),
                "GET",
                "/bucket",
                "HTTP/1.1",
                403,
                Optional.of("AccessDenied"),
                0,
                3,
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                "aG9zdA==",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
        StandardRecord record = new StandardRecord(
                "p0",
                new BucketName("bucket"),
                Instant.EPOCH,
                Optional.of("R"),
                LoggedOperation.ofRequest("REST.GET.BUCKET"),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.of(plain));

        assertThat(line(record))
                .isEqualTo(
                        "p0 bucket [01/Jan/1970:00:00:00 +0000] 192.0.2.3 - R REST.GET.BUCKET - \"GET /bucket HTTP/1.1\""
                                + " 403 AccessDenied - - 3 - \"-\" \"-\" - aG9zdA== - - - - - - -");
    }

    @Test
    void saysThatAJobWasTheRequester() {
        StandardRecord record = new StandardRecord(
                "p0",
                new BucketName("bucket"),
                Instant.EPOCH,
                Optional.empty(),
                LoggedOperation.EXPIRE,
                Optional.of(ObjectKey.of("old key")),
                OptionalLong.of(12),
                Optional.of("v1"),
                Optional.empty());

        assertThat(line(record))
                .isEqualTo(
                        "p0 bucket [01/Jan/1970:00:00:00 +0000] - AmazonS3 - S3.EXPIRE.OBJECT old%20key \"-\" - - - 12 - -"
                                + " \"-\" \"-\" v1 - - - - - - - -");
        assertThat(fields(record)).hasSize(26);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "quote\" 200 - 1 \"",
                "back\\",
                "line\nfeed",
                "carriage\rreturn",
                "tab\there",
                "nul\0byte",
                "delete\u007F",
                "brackets] [01/Jan/1970:00:00:00 +0000",
                "höher",
                "\u2028separator",
                ""
            })
    void isOneLineOfTheSameFieldsWhateverTheClientSends(String evil) {
        String bytewise = new String(evil.getBytes(UTF_8), ISO_8859_1);
        LoggedExchange exchange = new LoggedExchange(
                "192.0.2.3",
                Optional.empty(),
                "GET",
                "/bucket/" + evil,
                "HTTP/1.1",
                200,
                Optional.empty(),
                0,
                0,
                OptionalLong.empty(),
                Optional.of(bytewise),
                Optional.of(bytewise),
                "aG9zdA==",
                Optional.empty(),
                Optional.empty(),
                Optional.of(bytewise),
                false);

        StandardRecord record = record(ObjectKey.of("k" + evil), exchange);

        assertThat(line(record)).matches("[ -~]*").doesNotContain("\\");
        List<String> fields = fields(record);
        assertThat(fields.subList(9, 12)).containsExactly("200", "-", "-");
        assertThat(fields.get(25)).isEqualTo("-");
        assertThat(fields.get(22)).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "REST.GET.OBJECT, false, 'a b/%ü', a%2520b/%2525%25C3%25BC",
        "WEBSITE.GET.OBJECT, false, 'a b', a%2520b",
        "BATCH.DELETE.OBJECT, true, 'a b/%ü', a%20b/%25%C3%BC",
        "S3.EXPIRE.OBJECT, true, 'a+b', a%2Bb"
    })
    void encodesKeysAsOftenAsAmazon(String operation, boolean once, String key, String logged) {
        assertThat(fields(record(new LoggedOperation(operation, once), ObjectKey.of(key), GET)))
                .element(7)
                .isEqualTo(logged);
    }

    @Test
    void encodesBytesOfKeysThatAreNotUtf8() {
        ObjectKey key = ObjectKey.of(new byte[] {(byte) 0xFF, 'a'});

        assertThat(fields(record(LoggedOperation.BATCH_DELETE, key, GET)).get(7))
                .isEqualTo("%FFa");
    }

    @ParameterizedTest
    @CsvSource({
        "TLS_AES_256_GCM_SHA384, TLS_AES_256_GCM_SHA384",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, ECDHE-ECDSA-AES256-GCM-SHA384",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, ECDHE-RSA-CHACHA20-POLY1305-SHA256"
    })
    void namesCipherSuitesAsOpenSslDoes(String java, String logged) {
        assertThat(LoggedExchange.Tls.ofJava("TLSv1.2", java).cipherSuite()).isEqualTo(logged);
    }

    @ParameterizedTest
    @CsvSource({
        "STANDARD_IA, S3.TRANSITION_SIA.OBJECT",
        "GLACIER, S3.TRANSITION.OBJECT",
        "DEEP_ARCHIVE, S3.TRANSITION_GDA.OBJECT",
        "COLD, S3.TRANSITION.OBJECT"
    })
    void namesTransitionsAsAmazonDoes(String storageClass, String logged) {
        assertThat(LoggedOperation.transition(storageClass).name()).isEqualTo(logged);
    }
}
