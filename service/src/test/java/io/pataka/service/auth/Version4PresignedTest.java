package io.pataka.service.auth;

import static io.pataka.service.auth.SignedRequest.TIME;
import static io.pataka.service.auth.Version4.NOW;
import static io.pataka.service.auth.Version4.at;
import static io.pataka.service.auth.Version4.presigned;
import static io.pataka.service.auth.Version4.refusal;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pataka.service.protocol.PercentCoding;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures of version 4 in the query of a presigned URL. */
class Version4PresignedTest {

    @Test
    void takesPresignedParametersForHeaders() {
        Authenticated put = at(NOW).authenticate(presigned(
                        "PUT", "/b/k", TIME, "60", Map.of("x-amz-acl", "public-read", "X-Amz-Meta-A", "caf%C3%A9"))
                .build());

        assertThat(put.request().headers().text("x-amz-acl")).contains("public-read");
        assertThat(put.request().headers().text("x-amz-meta-a")).contains("caf\u00e9");
        assertThat(put.request().headers().has("x-amz-signature")).isFalse();
        assertThat(put.request().operation()).isEqualTo(S3Operation.PUT_OBJECT);
    }

    @ParameterizedTest
    @CsvSource({"If-None-Match, %2A", "if-match, %22a%22"})
    void takesPresignedConditionsForHeaders(String name, String value) {
        Authenticated put = at(NOW).authenticate(presigned("PUT", "/b/k", TIME, "60", Map.of(name, value))
                .header(name, "\"of the wire\"")
                .build());

        assertThat(put.request().headers().all(name)).containsExactly(PercentCoding.decodeQuery(value));
    }

    /** Amazon does not take them from there either. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Type", "Cache-Control", "Content-MD5", "If-Modified-Since", "Range"})
    void passesOverOtherHeadersInAPresignedUrl(String name) {
        Authenticated put = at(NOW).authenticate(
                        presigned("PUT", "/b/k", TIME, "60", Map.of(name, "a")).build());

        assertThat(put.request().headers().has(name)).isFalse();
    }

    @Test
    void passesOverChecksumsInAPresignedUrl() {
        Authenticated put = at(NOW).authenticate(presigned(
                        "PUT",
                        "/b/k",
                        TIME,
                        "60",
                        Map.of("x-amz-checksum-crc32", "AAAAAA%3D%3D", "x-amz-sdk-checksum-algorithm", "CRC32"))
                .build());

        assertThat(put.request().headers().has("x-amz-checksum-crc32")).isFalse();
        assertThat(put.request().headers().has("x-amz-sdk-checksum-algorithm")).isFalse();
    }

    @Test
    void findsTheOperationThatAPresignedHeaderAsksFor() {
        Authenticated copy = at(NOW).authenticate(
                        presigned("PUT", "/b/k", TIME, "60", Map.of("x-amz-copy-source", "%2Fb%2Fother"))
                                .build());

        assertThat(copy.request().operation()).isEqualTo(S3Operation.COPY_OBJECT);
    }

    @Test
    void refusesAmzHeadersBesideAPresignedUrl() {
        S3Exception refused = refusal(
                NOW,
                presigned("PUT", "/b/k", TIME, "60", Map.of())
                        .header("x-amz-acl", "public-read")
                        .build());

        assertThat(refused.error()).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(refused.details()).containsEntry("HeadersNotSigned", "x-amz-acl");
    }

    @Test
    void checksTheHashInAPresignedUrl() throws IOException {
        Authenticated put = at(NOW).authenticate(presigned(
                        "PUT",
                        "/b/k",
                        TIME,
                        "60",
                        Map.of("X-Amz-Content-Sha256", SignedRequest.sha256("meant".getBytes(UTF_8))))
                .body("sent".getBytes(UTF_8))
                .build());

        try (InputStream body = put.request().body().open()) {
            assertThat(catchThrowableOfType(S3Exception.class, body::readAllBytes)
                            .error())
                    .isEqualTo(S3Error.X_AMZ_CONTENT_SHA256_MISMATCH);
        }
    }

    @Test
    void endsAPresignedUrlOnTheSecond() {
        S3Request request = presigned("GET", "/b/k", TIME, "60", Map.of()).build();

        assertThat(at(NOW.plusSeconds(60).minus(Duration.ofMillis(1)))
                        .authenticate(request)
                        .caller()
                        .isAnonymous())
                .isFalse();
        S3Exception refused = refusal(NOW.plusSeconds(60), request);
        assertThat(refused.error()).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(refused).hasMessage("Request has expired");
        assertThat(refused.details())
                .containsEntry("Expires", "2013-05-24T00:01:00Z")
                .containsEntry("ServerTime", "2013-05-24T00:01:00Z")
                .containsEntry("X-Amz-Expires", "60");
    }

    @Test
    void letsAPresignedUrlBeginAQuarterOfAnHourEarly() {
        S3Request request = presigned("GET", "/b/k", TIME, "604800", Map.of()).build();

        assertThat(at(NOW.minusSeconds(900)).authenticate(request).caller().isAnonymous())
                .isFalse();
        S3Exception refused = refusal(NOW.minusSeconds(901), request);
        assertThat(refused.error()).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(refused).hasMessage("Request is not valid yet");
    }

    @ParameterizedTest
    @CsvSource({
        "soon, X-Amz-Expires should be a number",
        "'', X-Amz-Expires should be a number",
        "-1, X-Amz-Expires must be non-negative",
        "604801, X-Amz-Expires must be less than a week",
        "99999999999999999999, X-Amz-Expires should be a number"
    })
    void refusesAnExpiryOutOfRange(String expires, String complaint) {
        S3Exception refused =
                refusal(NOW, presigned("GET", "/b/k", TIME, expires, Map.of()).build());

        assertThat(refused.error()).isEqualTo(S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR);
        assertThat(refused.getMessage()).startsWith(complaint);
    }

    @Test
    void refusesAnExpiryOfZeroAsExpired() {
        assertThat(refusal(NOW, presigned("GET", "/b/k", TIME, "0", Map.of()).build()))
                .hasMessage("Request has expired");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Amz-Credential",
                "X-Amz-Date",
                "X-Amz-Expires",
                "X-Amz-SignedHeaders",
                "X-Amz-Signature",
                "X-Amz-Algorithm"
            })
    void refusesAPresignedUrlThatLacksAParameter(String missing) {
        String query = SignedRequest.presignedQuery("GET", "/b/k", TIME, "60", Map.of())
                .replaceAll(missing + "=[^&]*&?", "");

        S3Exception refused = refusal(
                NOW,
                Requests.of("GET", "/b/k?" + query)
                        .header("Host", "localhost:8080")
                        .build());

        assertThat(refused.error()).isEqualTo(S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR);
    }

    @ParameterizedTest
    @CsvSource({
        "20130524T000000Z, 2013-05-24, X-Amz-Date must be in the ISO8601 Long Format",
        "aws4_request, aws5_request, Error parsing the X-Amz-Credential parameter; incorrect terminal",
        "us-east-1%2Fs3, us-east-1%2Fec2, Error parsing the X-Amz-Credential parameter; incorrect service",
        "20130524%2F, 20130525%2F, Error parsing the X-Amz-Credential parameter; Invalid credential date",
        "AWS4-HMAC-SHA256, AWS4-HMAC-MD5, X-Amz-Algorithm only supports"
    })
    void refusesAMalformedPresignedUrl(String right, String wrong, String complaint) {
        String query = SignedRequest.presignedQuery("GET", "/b/k", TIME, "60", Map.of())
                .replace(right, wrong);

        S3Exception refused = refusal(
                NOW,
                Requests.of("GET", "/b/k?" + query)
                        .header("Host", "localhost:8080")
                        .build());

        assertThat(refused.error()).isEqualTo(S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR);
        assertThat(refused.getMessage()).startsWith(complaint);
    }
}
