package io.pataka.service.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.http.BucketAddressing.Place;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BucketAddressingTest {

    private final BucketAddressing addressing = new BucketAddressing(List.of("s3.example.org", "eu.s3.example.org"));

    @Test
    void theRootNamesNoBucket() {
        assertThat(place("localhost", "/")).isEqualTo(new Place(Optional.empty(), Optional.empty()));
        assertThat(place("s3.example.org", "/")).isEqualTo(new Place(Optional.empty(), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/bucket", "/bucket/"})
    void aSlashAfterTheBucketIsNoKey(String path) {
        assertThat(place("localhost", path))
                .isEqualTo(new Place(Optional.of(new BucketName("bucket")), Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource({
        "/b//, /",
        "/b//k, /k",
        "/b/a//b/, a//b/",
        "/b/../k, ../k",
        "/b/./k, ./k",
        "/b/%2F, /",
        "/b/a%2Fb, a/b",
        "/b/a+b, a+b",
        "/b/a%2Bb, a+b",
        "/b/a%20, 'a '",
        "/b/a;x=y, a;x=y",
        "/b/{a}|\"<>^`[]\\, '{a}|\"<>^`[]\\'",
        "/b/%F0%9F%A6%86, 🦆",
        "/b/☃, ☃",
        "/b/%01%0A, '\u0001\n'"
    })
    void aKeyIsTheBytesThatWereSent(String path, String key) {
        assertThat(place("localhost", path).key()).contains(ObjectKey.of(key));
    }

    @Test
    void aKeyNeedNotBeUtf8() {
        assertThat(place("localhost", "/b/%FF%FE").key()).contains(ObjectKey.of(new byte[] {(byte) 0xFF, (byte) 0xFE}));
    }

    @Test
    void aKeyMayHave1024BytesAndNoMore() {
        assertThat(place("localhost", "/b/" + "%20".repeat(1024)).key()).contains(ObjectKey.of(" ".repeat(1024)));
        assertRefused(S3Error.KEY_TOO_LONG, "/b/" + "k".repeat(1025));
        assertRefused(S3Error.KEY_TOO_LONG, "/b/" + "☃".repeat(342));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/b/%", "/b/%4", "/b/%zz", "/b/%u2603", "/b/%-1", "/%zz", "", "*", "b/k"})
    void aBrokenPathIsAnInvalidUri(String path) {
        assertRefused(S3Error.INVALID_URI, path);
    }

    @Test
    void aBucketHasAName() {
        assertRefused(S3Error.INVALID_BUCKET_NAME, "//k");
        assertRefused(S3Error.INVALID_BUCKET_NAME, "/" + "b".repeat(256));
    }

    @ParameterizedTest
    @CsvSource({
        "bucket.s3.example.org, bucket",
        "bucket.s3.example.org:8443, bucket",
        "BUCKET.S3.Example.Org, bucket",
        "my.dotted.bucket.s3.example.org, my.dotted.bucket",
        "bucket.eu.s3.example.org, bucket"
    })
    void aHostBelowADomainNamesTheBucket(String host, String bucket) {
        assertThat(place(host, "/a/b"))
                .isEqualTo(new Place(
                        Optional.of(new BucketName(bucket)), Optional.of(ObjectKey.of("a/b".getBytes(UTF_8)))));
        assertThat(place(host, "/")).isEqualTo(new Place(Optional.of(new BucketName(bucket)), Optional.empty()));
        assertThat(place(host, "//k").key()).contains(ObjectKey.of("/k"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3.example.org",
                "eu.s3.example.org:8443",
                "other.org",
                "xs3.example.org",
                ".s3.example.org",
                "[::1]:8080",
                "127.0.0.1"
            })
    void anyOtherHostLeavesTheBucketInThePath(String host) {
        assertThat(place(host, "/bucket/k").bucket()).contains(new BucketName("bucket"));
    }

    private Place place(String host, String path) {
        return addressing.locate(Optional.of(host), path);
    }

    private void assertRefused(S3Error error, String path) {
        assertThatThrownBy(() -> place("localhost", path))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(error));
    }
}
