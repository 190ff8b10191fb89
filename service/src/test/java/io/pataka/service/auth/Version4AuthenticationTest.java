package io.pataka.service.auth;

import static io.pataka.service.auth.SignedRequest.EMPTY;
import static io.pataka.service.auth.SignedRequest.TIME;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pataka.service.model.Caller;
import io.pataka.service.protocol.PercentCoding;
import io.pataka.service.protocol.RequestBody;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Version4AuthenticationTest {

    private static final Instant NOW = Instant.parse(SignedRequest.NOW);

    @Test
    void isAnonymousWithoutSignature() {
        assertThat(at(NOW).authenticate(Requests.of("GET", "/b/k").build()).caller())
                .isEqualTo(Caller.ANONYMOUS);
        assertThat(at(NOW).authenticate(Requests.of("GET", "/b/k")
                                .header("Authorization", " ")
                                .build())
                        .caller())
                .isEqualTo(Caller.ANONYMOUS);
    }

    /** In the header one character stands for one byte. */
    @ParameterizedTest
    @CsvSource({
        "plain, plain",
        "my/key, my/key",
        "'a,b=c, d', 'a,b=c, d'",
        "gr\u00c3\u00bc\u00c3\u009f, gr\u00fc\u00df",
        "gr\u00fc\u00df, gr\u00fc\u00df"
    })
    void takesAccessKeysOfAnyForm(String sent, String key) {
        SignedRequest signed = SignedRequest.of("GET", "/b/k", "");
        S3Request request = signed.unsent()
                .header("Authorization", signed.authorization().replace("AKIAIOSFODNN7EXAMPLE", sent))
                .build();
        Authenticator authenticator = new Authenticator(
                new FixedCredentials(key, FixedCredentials.V4.secretKey()),
                SignatureRules.standard(),
                Clock.fixed(NOW, ZoneOffset.UTC));

        assertThat(authenticator.authenticate(request).caller().accessKey()).contains(key);
    }

    @Test
    void acceptsUnsignedPayload() throws IOException {
        Authenticated put = at(NOW).authenticate(SignedRequest.of("PUT", "/b/k", "")
                .header("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
                .body("anything".getBytes(UTF_8))
                .build());

        assertThat(put.request().body().open().readAllBytes()).asString().isEqualTo("anything");
    }

    @Test
    void readsNoByteOfTheBody() {
        RequestBody untouchable = new RequestBody() {
            @Override
            public InputStream open() {
                throw new AssertionError("opened");
            }

            @Override
            public OptionalLong length() {
                return OptionalLong.of(5);
            }

            @Override
            public RequestHeaders trailers() {
                throw new AssertionError("asked for trailers");
            }
        };
        SignedRequest signed =
                SignedRequest.of("PUT", "/b/k", "").header("x-amz-content-sha256", SignedRequest.sha256(new byte[5]));
        S3Request request = signed.unsent()
                .header("Authorization", signed.authorization())
                .body(untouchable)
                .build();

        assertThat(at(NOW).authenticate(request).request().body().length()).hasValue(5);
    }

    @Test
    void refusesAnotherBodyThanTheHashedOneBeforeItsEnd() throws IOException {
        byte[] sent = "sent".getBytes(UTF_8);
        Authenticated put = at(NOW).authenticate(SignedRequest.of("PUT", "/b/k", "")
                .header("x-amz-content-sha256", SignedRequest.sha256("meant".getBytes(UTF_8)))
                .body(sent)
                .build());

        try (InputStream body = put.request().body().open()) {
            S3Exception refused = catchThrowableOfType(S3Exception.class, body::readAllBytes);
            assertThat(refused.error()).isEqualTo(S3Error.X_AMZ_CONTENT_SHA256_MISMATCH);
            assertThat(refused.details())
                    .containsEntry("ClientComputedContentSHA256", SignedRequest.sha256("meant".getBytes(UTF_8)))
                    .containsEntry("S3ComputedContentSHA256", SignedRequest.sha256(sent));
            assertThat(catchThrowableOfType(S3Exception.class, body::read).error())
                    .isEqualTo(S3Error.X_AMZ_CONTENT_SHA256_MISMATCH);
        }
    }

    @Test
    void refusesAnEmptyBodyThatShouldHaveBytesWhenItIsRead() {
        S3Request request = SignedRequest.of("PUT", "/b", "")
                .header("x-amz-content-sha256", SignedRequest.sha256("meant".getBytes(UTF_8)))
                .build();
        Authenticated authenticated = at(NOW).authenticate(request);

        S3Exception refused = catchThrowableOfType(
                S3Exception.class, () -> authenticated.request().body().open().readAllBytes());
        assertThat(refused.error()).isEqualTo(S3Error.X_AMZ_CONTENT_SHA256_MISMATCH);
    }

    @Test
    void acceptsAHashInUpperCase() throws IOException {
        byte[] body = "text".getBytes(UTF_8);
        Authenticated put = at(NOW).authenticate(SignedRequest.of("PUT", "/b/k", "")
                .header("x-amz-content-sha256", SignedRequest.sha256(body).toUpperCase(Locale.ROOT))
                .body(body)
                .build());

        assertThat(put.request().body().open().readAllBytes()).isEqualTo(body);
    }

    @ParameterizedTest
    @CsvSource({
        // sent path, canonical path: what clients escape differs, what they sign does not
        "/b/a+b, /b/a%2Bb",
        "/b/a%2Bb, /b/a%2Bb",
        "/b/a%2bb, /b/a%2Bb",
        "/b//x/../y/./z//, /b//x/../y/./z//",
        "/b/a%20b, /b/a%20b",
        "/b/a%2Fb, /b/a/b",
        "/b/(x)!*'$&=:@;, /b/%28x%29%21%2A%27%24%26%3D%3A%40%3B",
        "/b/%7Euser, /b/~user",
        "/b/~user, /b/~user",
        "/b/%E2%98%83, /b/%E2%98%83",
        "/b/\u2603, /b/%E2%98%83",
        "/b/%ff, /b/%FF"
    })
    void signsPathsByTheirBytes(String sent, String canonical) {
        S3Request request = SignedRequest.sentAs("GET", sent, "", canonical, "").build();

        assertThat(at(NOW).authenticate(request).caller().isAnonymous()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "prefix=b&delimiter=%2f&x-id=a, delimiter=%2F&prefix=b&x-id=a",
        "prefix&delimiter=%2f, delimiter=%2F&prefix=",
        "prefix=a%20b, prefix=a%20b",
        "prefix=a+b, prefix=a%20b",
        "prefix=a%2Bb, prefix=a%2Bb",
        "prefix=/x~, prefix=%2Fx~",
        "prefix=b&prefix=a, prefix=a&prefix=b",
        "prefix=a=b, prefix=a%3Db",
        "Z=1&a=2&%7E=3, Z=1&a=2&~=3"
    })
    void signsQueriesByTheirBytes(String sent, String canonical) {
        S3Request request =
                SignedRequest.sentAs("GET", "/b", sent, "/b", canonical).build();

        assertThat(at(NOW).authenticate(request).caller().isAnonymous()).isFalse();
    }

    @Test
    void joinsRepeatedHeadersAndCollapsesWhiteSpace() {
        SignedRequest signed = SignedRequest.of("GET", "/b/k", "").header("x-amz-meta-a", "one,two three");
        S3Request request = signed.without("none")
                .unsent()
                .header("Authorization", signed.authorization())
                .build();
        S3Request asSent = Requests.of("GET", "/b/k")
                .header("Host", "localhost:8080")
                .header("x-amz-date", TIME)
                .header("x-amz-content-sha256", EMPTY)
                .header("x-amz-meta-a", "  one ")
                .header("x-amz-meta-a", "two \t  three  ")
                .header("Authorization", signed.authorization())
                .build();

        assertThat(at(NOW).authenticate(request).caller().isAnonymous()).isFalse();
        assertThat(at(NOW).authenticate(asSent).caller().isAnonymous()).isFalse();
    }

    @Test
    void takesTheDateHeaderInPlaceOfXAmzDate() {
        S3Request request = SignedRequest.of("GET", "/b/k", "")
                .without("x-amz-date")
                .unsigned("date", "Fri, 24 May 2013 00:00:00 GMT")
                .build();

        assertThat(at(NOW).authenticate(request).caller().isAnonymous()).isFalse();
    }

    @Test
    void leavesThePayloadHashUnsignedIfTheClientDoes() {
        S3Request request = SignedRequest.of("GET", "/b/k", "")
                .without("x-amz-content-sha256")
                .unsigned("x-amz-content-sha256", EMPTY)
                .build();

        assertThat(at(NOW).authenticate(request).caller().isAnonymous()).isFalse();
    }

    @Test
    void refusesUnsignedAmzHeaders() {
        S3Exception refused = refusal(
                NOW,
                SignedRequest.of("PUT", "/b/k", "")
                        .unsigned("X-Amz-Acl", "public-read")
                        .unsigned("X-Amz-Meta-A", "x")
                        .build());

        assertThat(refused.error()).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(refused).hasMessage("There were headers present in the request which were not signed");
        assertThat(refused.details()).containsEntry("HeadersNotSigned", "x-amz-acl, x-amz-meta-a");
    }

    @Test
    void refusesAnUnsignedHost() {
        S3Exception refused = refusal(
                NOW,
                SignedRequest.of("GET", "/b/k", "")
                        .without("host")
                        .unsigned("host", "localhost:8080")
                        .build());

        assertThat(refused.error()).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(refused.details()).containsEntry("HeadersNotSigned", "host");
    }

    @ParameterizedTest
    @ValueSource(longs = {-900, 0, 900})
    void allowsFifteenMinutes(long seconds) {
        S3Request request = SignedRequest.of("GET", "/b/k", "").build();

        assertThat(at(NOW.plusSeconds(seconds)).authenticate(request).caller().isAnonymous())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {-901, 901, 86_400})
    void refusesMoreThanFifteenMinutes(long seconds) {
        S3Exception refused = refusal(
                NOW.plusSeconds(seconds), SignedRequest.of("GET", "/b/k", "").build());

        assertThat(refused.error()).isEqualTo(S3Error.REQUEST_TIME_TOO_SKEWED);
        assertThat(refused.details())
                .containsEntry("RequestTime", TIME)
                .containsEntry("ServerTime", NOW.plusSeconds(seconds).toString())
                .containsEntry("MaxAllowedSkewMilliseconds", "900000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "20131324T000000Z", "2013-05-24T00:00:00Z"})
    void refusesAnUnreadableDate(String date) {
        S3Exception refused = refusal(
                NOW,
                SignedRequest.of("GET", "/b/k", "").header("x-amz-date", date).build());

        assertThat(refused.error()).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(refused).hasMessage("AWS authentication requires a valid Date or x-amz-date header");
    }

    @Test
    void refusesAMissingPayloadHash() {
        S3Exception refused = refusal(
                NOW,
                SignedRequest.of("GET", "/b/k", "")
                        .without("x-amz-content-sha256")
                        .build());

        assertThat(refused.error()).isEqualTo(S3Error.INVALID_REQUEST);
        assertThat(refused).hasMessage("Missing required header for this request: x-amz-content-sha256");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "unsigned-payload", "STREAMING", "abc", "zz"})
    void refusesAnUnknownPayloadHash(String text) {
        S3Exception refused = refusal(
                NOW,
                SignedRequest.of("GET", "/b/k", "")
                        .header("x-amz-content-sha256", text)
                        .build());

        assertThat(refused.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refused.details()).containsEntry("ArgumentName", "x-amz-content-sha256");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AWS4-HMAC-SHA256                                          | requires three components",
                "AWS4-HMAC-SHA256 SignedHeaders=host, Signature=a          | missing Credential.",
                "AWS4-HMAC-SHA256 foo                                      | requires three components",
                "AWS4-HMAC-SHA256 Credential=K/20130524/r/s3/aws4_request  | missing SignedHeaders.",
                "AWS4-HMAC-SHA256 Credential=K/20130524/r/s3/aws4_request, SignedHeaders=host | missing Signature.",
                "AWS4-HMAC-SHA256 Credential=K, SignedHeaders=host, Signature=a | the Credential is mal-formed",
                "AWS4-HMAC-SHA256 Credential=/20130524/r/s3/aws4_request, SignedHeaders=host, Signature=a | mal-formed",
                "AWS4-HMAC-SHA256 Credential=K/20130524/r/ec2/aws4_request, SignedHeaders=host, Signature=a"
                        + "| incorrect service \"ec2\"",
                "AWS4-HMAC-SHA256 Credential=K/20130524/r/s3/aws3_request, SignedHeaders=host, Signature=a"
                        + "| incorrect terminal \"aws3_request\"",
                "AWS4-HMAC-SHA256 Credential=K/24052013/r/s3/aws4_request, SignedHeaders=host, Signature=a"
                        + "| incorrect date format \"24052013\"",
                "AWS4-HMAC-SHA256 Credential=K/20130525/r/s3/aws4_request, SignedHeaders=host, Signature=a"
                        + "| Invalid credential date \"20130525\"",
                "AWS4-HMAC-SHA256 Credential=K/20130524/r/s3/aws4_request, SignedHeaders=host;Date;date, Signature=a"
                        + "| names a header more than once"
            })
    void refusesAMalformedAuthorizationHeader(String authorization, String complaint) {
        S3Exception refused = refusal(
                NOW,
                SignedRequest.of("GET", "/b/k", "")
                        .unsent()
                        .header("Authorization", authorization)
                        .build());

        assertThat(refused.error()).isEqualTo(S3Error.AUTHORIZATION_HEADER_MALFORMED);
        assertThat(refused.getMessage())
                .startsWith("The authorization header is malformed; ")
                .contains(complaint);
    }

    @ParameterizedTest
    @CsvSource({
        "Bearer token, INVALID_ARGUMENT",
        "AWS4-HMAC-SHA1 Credential=x, INVALID_ARGUMENT",
        "AWS4-ECDSA-P256-SHA256 Credential=x, NOT_IMPLEMENTED"
    })
    void refusesOtherSchemes(String authorization, S3Error error) {
        S3Exception refused = refusal(
                NOW,
                Requests.of("GET", "/b/k")
                        .header("Authorization", authorization)
                        .build());

        assertThat(refused.error()).isEqualTo(error);
    }

    /** Libcloud signs with an empty one. */
    @ParameterizedTest
    @ValueSource(strings = {"", "a b"})
    void takesARegionThatIsNoneUnlessItIsStrict(String region) {
        Authenticator strict = new Authenticator(
                FixedCredentials.V4, new SignatureRules("venus-1", true, true), Clock.fixed(NOW, ZoneOffset.UTC));
        S3Request header = SignedRequest.of("GET", "/b/k", "").region(region).build();

        assertThat(at(NOW).authenticate(header).caller().isAnonymous()).isFalse();
        assertThat(catchThrowableOfType(S3Exception.class, () -> strict.authenticate(header))
                        .error())
                .isEqualTo(S3Error.AUTHORIZATION_HEADER_MALFORMED);
    }

    @Test
    void takesAnyRegionUnlessItIsStrict() {
        S3Request request = SignedRequest.of("GET", "/b/k", "").region("mars-1").build();
        Authenticator strict = new Authenticator(
                FixedCredentials.V4, new SignatureRules("venus-1", true, true), Clock.fixed(NOW, ZoneOffset.UTC));

        assertThat(at(NOW).authenticate(request).caller().isAnonymous()).isFalse();
        S3Exception refused = catchThrowableOfType(S3Exception.class, () -> strict.authenticate(request));
        assertThat(refused.error()).isEqualTo(S3Error.AUTHORIZATION_HEADER_MALFORMED);
        assertThat(refused)
                .hasMessage("The authorization header is malformed; the region 'mars-1' is wrong; expecting 'venus-1'");
        assertThat(refused.details()).containsEntry("Region", "venus-1");
        assertThat(strict.authenticate(SignedRequest.of("GET", "/b/k", "")
                                .region("venus-1")
                                .build())
                        .caller()
                        .isAnonymous())
                .isFalse();
        assertThat(strict.authenticate(SignedRequest.of("GET", "/b/k", "").build())
                        .caller()
                        .isAnonymous())
                .isFalse();
    }

    @Test
    void refusesTwoMechanismsAtOnce() {
        String query = SignedRequest.presignedQuery("GET", "/b/k", TIME, "60", Map.of());

        S3Exception refused =
                refusal(NOW, SignedRequest.of("GET", "/b/k", query).build());

        assertThat(refused.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refused.getMessage()).startsWith("Only one auth mechanism allowed");
    }

    @Test
    void refusesTemporaryCredentials() {
        assertThat(refusal(
                                NOW,
                                SignedRequest.of("GET", "/b/k", "")
                                        .header("x-amz-security-token", "token")
                                        .build())
                        .error())
                .isEqualTo(S3Error.INVALID_TOKEN);
        assertThat(refusal(
                                NOW,
                                presigned("GET", "/b/k", TIME, "60", Map.of("X-Amz-Security-Token", "token"))
                                        .build())
                        .error())
                .isEqualTo(S3Error.INVALID_TOKEN);
    }

    @Test
    void showsWhatItSignedWhenTheSignatureDiffers() {
        SignedRequest signed = SignedRequest.of("GET", "/b/k", "");
        S3Request request = signed.unsent()
                .header("Authorization", signed.authorization().replace(signed.signature(), "0".repeat(64)))
                .build();

        S3Exception refused = refusal(NOW, request);

        assertThat(refused.error()).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
        assertThat(refused.details().keySet())
                .containsExactly(
                        "AWSAccessKeyId",
                        "StringToSign",
                        "SignatureProvided",
                        "StringToSignBytes",
                        "CanonicalRequest",
                        "CanonicalRequestBytes");
        assertThat(refused.details().get("StringToSign")).startsWith("AWS4-HMAC-SHA256\n" + TIME + "\n");
        assertThat(refused.details().get("StringToSignBytes")).startsWith("41 57 53 34 2d 48");
        assertThat(refused.details().get("CanonicalRequest")).startsWith("GET\n/b/k\n\nhost:localhost:8080\n");
        assertThat(refused.details().get("SignatureProvided")).isEqualTo("0".repeat(64));
        assertThat(refused.details().values())
                .noneMatch(
                        value -> value.contains(FixedCredentials.V4.secretKey()) || value.contains(signed.signature()));
    }

    @Test
    void namesTheUnknownAccessKey() {
        SignedRequest signed = SignedRequest.of("GET", "/b/k", "");
        S3Request request = signed.unsent()
                .header("Authorization", signed.authorization().replace("AKIAIOSFODNN7EXAMPLE", "a/key:with/all"))
                .build();

        S3Exception refused = refusal(NOW, request);

        assertThat(refused.error()).isEqualTo(S3Error.INVALID_ACCESS_KEY_ID);
        assertThat(refused.details()).containsEntry("AWSAccessKeyId", "a/key:with/all");
    }

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

    private static Requests presigned(
            String method, String path, String date, String expires, Map<String, String> more) {
        return Requests.of(method, path + "?" + SignedRequest.presignedQuery(method, path, date, expires, more))
                .header("Host", "localhost:8080");
    }

    private static Authenticator at(Instant now) {
        return new Authenticator(FixedCredentials.V4, SignatureRules.standard(), Clock.fixed(now, ZoneOffset.UTC));
    }

    private static S3Exception refusal(Instant now, S3Request request) {
        Authenticator authenticator = at(now);
        S3Exception refused = catchThrowableOfType(S3Exception.class, () -> authenticator.authenticate(request));
        assertThat(refused).as("the request is refused").isNotNull();
        return refused;
    }
}
