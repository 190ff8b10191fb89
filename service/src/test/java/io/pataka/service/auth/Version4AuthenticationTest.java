package io.pataka.service.auth;

import static io.pataka.service.auth.SignedRequest.EMPTY;
import static io.pataka.service.auth.SignedRequest.TIME;
import static io.pataka.service.auth.Version4.NOW;
import static io.pataka.service.auth.Version4.at;
import static io.pataka.service.auth.Version4.presigned;
import static io.pataka.service.auth.Version4.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pataka.service.model.Caller;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Request;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures of version 4 in the Authorization header. */
class Version4AuthenticationTest {

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

    @ParameterizedTest
    @CsvSource({
        // sent path, canonical path: clients escape differently, and sign the same
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

    /** Libcloud signs with an empty region. */
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
}
