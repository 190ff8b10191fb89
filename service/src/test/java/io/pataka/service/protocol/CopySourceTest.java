package io.pataka.service.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CopySourceTest {

    @ParameterizedTest
    @CsvSource({
        "b/k, k",
        "/b/k, k",
        "b/a/b/c, a/b/c",
        "b//k, /k",
        "b/a%2Fb, a/b",
        "b%2Fk, k",
        "b/a+b, a b",
        "b/a%2Bb, a+b",
        "b/a%20b, a b",
        "b/a%3FversionId=x, a?versionId=x",
        "b/a?b=c, a?b=c",
        "b/%E2%98%83, ☃",
        "b/\u00e2\u0098\u0083, ☃",
    })
    void namesBucketAndKey(String header, String key) {
        CopySource source = read(header);

        assertThat(source.bucket().text()).isEqualTo("b");
        assertThat(source.key()).hasToString(key);
        assertThat(source.versionId()).isEmpty();
    }

    @Test
    void mayNameAVersion() {
        assertThat(read("b/k?versionId=abc").versionId()).contains("abc");
        assertThat(read("b/k?versionId=abc").key()).hasToString("k");
        assertThat(read("b/k%3FversionId=1?versionId=null").key()).hasToString("k?versionId=1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "b",
                "/b",
                "b/",
                "/b/",
                "//k",
                "b/k?versionId=",
                "b/%",
                "b/%4",
                "b/%zz",
                "%ff%",
                "?versionId=1"
            })
    void aSourceWithoutBucketAndKeyIsRefused(String header) {
        assertRefused(S3Error.INVALID_ARGUMENT, header);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://127.0.0.1:9000/b/k", "https://b.s3.amazonaws.com/k", "s3://b/k", "b@c/k", "b%20c/k"})
    void anInvalidBucketNameIsRefusedBeforeTheBucketIsLookedUp(String header) {
        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(() -> read(header))
                .withMessage("Invalid copy source bucket name")
                .returns(S3Error.INVALID_ARGUMENT, S3Exception::error)
                .satisfies(refused -> assertThat(refused.details()).containsEntry("ArgumentValue", header));
    }

    @Test
    void namesAreOfAllowedLength() {
        assertThat(read("b/" + "k".repeat(1024)).key().length()).isEqualTo(1024);
        assertRefused(S3Error.KEY_TOO_LONG, "b/" + "k".repeat(1025));
        assertRefused(S3Error.INVALID_ARGUMENT, "b".repeat(256) + "/k");
    }

    @Test
    void aMissingHeaderIsRefused() {
        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(() -> CopySource.of(RequestHeaders.none()))
                .returns(S3Error.INVALID_ARGUMENT, S3Exception::error)
                .satisfies(refused -> assertThat(
                                Optional.ofNullable(refused.details().get("ArgumentName")))
                        .contains("x-amz-copy-source"));
    }

    private static CopySource read(String header) {
        return CopySource.of(RequestHeaders.of(Map.of("x-amz-copy-source", header)));
    }

    private static void assertRefused(S3Error error, String header) {
        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(() -> read(header))
                .returns(error, S3Exception::error);
    }
}
