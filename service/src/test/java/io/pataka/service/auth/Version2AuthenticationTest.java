package io.pataka.service.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Request;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Version2AuthenticationTest {

    private static final Instant NOW = Instant.parse("2013-05-24T00:00:00Z");
    private static final String DATE = "Fri, 24 May 2013 00:00:00 GMT";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/b/k                     | /b/k",
                "/b/                      | /b/",
                "/b/a%20b+c%2f//d         | /b/a%20b+c%2f//d",
                "/b?prefix=x&max-keys=2   | /b",
                "/b?prefix=x&max-keys=2   | /b/",
                "/b?versioning            | /b?versioning",
                "/b?versioning            | /b/?versioning",
                "/b/k?versionId=1&acl     | /b/k?acl&versionId=1",
                "/b/k?response-content-type=text%2Fplain&response-expires=%E2%98%83"
                        + "| /b/k?response-content-type=text/plain&response-expires=\u00e2\u0098\u0083",
                "/b?list-type=2           | /b"
            })
    void signsTheResource(String target, String resource) {
        assertThat(isAccepted(signed("GET", target, DATE, "", resource)
                        .header("Date", DATE)
                        .header("User-Agent", "Boto/2.49.0")
                        .build()))
                .isTrue();
    }

    @Test
    void leavesTheDateLineEmptyWhenXAmzDateIsThere() {
        assertThat(isAccepted(signed("GET", "/b/k", "", "x-amz-date:" + DATE + "\n", "/b/k")
                        .header("Date", "Thu, 01 Jan 2026 00:00:00 GMT")
                        .header("x-amz-date", DATE)
                        .build()))
                .isTrue();
    }

    @Test
    void takesPresignedHeadersOutOfTheQuery() {
        String signature = TestSigner.hmacSha1(
                        FixedCredentials.V4.secretKey(), "PUT\n\ntext/plain\n1369353601\nx-amz-acl:public-read\n/b/k")
                .replace("+", "%2B");
        Authenticated put = authenticator()
                .authenticate(Requests.of(
                                "PUT",
                                "/b/k?x-amz-acl=public-read&content-type=text%2Fplain"
                                        + "&AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Expires=1369353601&Signature="
                                        + signature)
                        .build());

        assertThat(put.request().headers().first("x-amz-acl")).contains("public-read");
        assertThat(put.request().headers().first("content-type")).contains("text/plain");
    }

    @Test
    void refusesLinesThatWouldMakeOneSignatureFitTwoRequests() {
        // The signed disposition contains text that looks like another expiry and another key.
        String text = "GET\n\ntext/plain\n1369353601\n/b/k?response-content-disposition=x\n9999999999\n/b/secret";
        String signature =
                TestSigner.hmacSha1(FixedCredentials.V4.secretKey(), text).replace("+", "%2B");

        S3Exception refused = refusal(Requests.of(
                "GET",
                "/b/secret?content-type=text/plain%0A1369353601%0A/b/k%3Fresponse-content-disposition=x"
                        + "&AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Expires=9999999999&Signature=" + signature));

        assertThat(refused.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "response-content-disposition=x%26versionId=1",
                "response-content-disposition=x%26versionId=1%26b",
                "response-content-disposition=%26a%26acl",
                "response-content-type=a/b%26response-expires%3D0"
            })
    void refusesAValueThatIsSignedLikeTwoParameters(String query) {
        String signed = query.replace("%26", "&").replace("%3D", "=");
        String signature = TestSigner.hmacSha1(FixedCredentials.V4.secretKey(), "GET\n\n\n1369353601\n/b/k?" + signed)
                .replace("+", "%2B");

        S3Exception refused = refusal(Requests.of(
                "GET",
                "/b/k?" + query + "&AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Expires=1369353601&Signature=" + signature));

        assertThat(refused.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
    }

    @Test
    void takesAValueWithAnAmpersandThatBeginsNoParameter() {
        String signature = TestSigner.hmacSha1(
                        FixedCredentials.V4.secretKey(),
                        "GET\n\n\n1369353601\n/b/k?response-content-disposition=a&b=c&versions2")
                .replace("+", "%2B");

        assertThat(authenticator()
                        .authenticate(Requests.of(
                                        "GET",
                                        "/b/k?response-content-disposition=a%26b=c%26versions2"
                                                + "&AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Expires=1369353601&Signature="
                                                + signature)
                                .build())
                        .caller()
                        .isAnonymous())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-amz-meta-a=b%0Ac",
                "x-amz-meta-a=b%0D",
                "x-amz-meta-a%0Ab=c",
                "x-amz-meta-a:b=c",
                "x-amz-meta%20a=b"
            })
    void refusesParametersThatNoHeaderCouldBe(String parameter) {
        S3Exception refused =
                refusal(Requests.of("GET", "/b/k?" + parameter + "&AWSAccessKeyId=K&Expires=9999999999&Signature=s"));

        assertThat(refused.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "today", "Tue, 07 Jul 1950 21:53:04 GMT"})
    void refusesAnUnusableDate(String date) {
        S3Exception refused = refusal(signed("GET", "/b/k", date, "", "/b/k").header("Date", date));

        assertThat(refused.error()).isEqualTo(S3Error.ACCESS_DENIED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Fri, 24 May 2013 00:15:01 GMT", "Tue, 07 Jul 2010 21:53:04 GMT", "Tue, 07 Jul 9999 21:53:04 GMT"
            })
    void refusesASkewedDate(String date) {
        S3Exception refused = refusal(signed("GET", "/b/k", date, "", "/b/k").header("Date", date));

        assertThat(refused.error()).isEqualTo(S3Error.REQUEST_TIME_TOO_SKEWED);
        assertThat(refused.details()).containsEntry("RequestTime", date);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AWS HAHAHA", "AWS :signature", "AWS key:"})
    void refusesAMalformedHeader(String authorization) {
        S3Exception refused =
                refusal(Requests.of("GET", "/b/k").header("Date", DATE).header("Authorization", authorization));

        assertThat(refused.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refused).hasMessage("AWS authorization header is invalid.  Expected AwsAccessKeyId:signature");
    }

    @ParameterizedTest
    @CsvSource({
        "AWSAccessKeyId=K&Expires=1369353601, Query-string authentication requires",
        "Signature=s&Expires=1369353601, Query-string authentication requires",
        "AWSAccessKeyId=K&Signature=s, Query-string authentication requires",
        "AWSAccessKeyId=K&Signature=s&Expires=soon, Invalid date (should be seconds since epoch): soon",
        "AWSAccessKeyId=K&Signature=s&Expires=1369353600, Request has expired",
        "AWSAccessKeyId=K&Signature=s&Expires=-1, Request has expired",
        "AWSAccessKeyId=K&Signature=s&Expires=9223372036854775807, Invalid date"
    })
    void refusesAMalformedOrExpiredQuery(String query, String complaint) {
        S3Exception refused = refusal(Requests.of("GET", "/b/k?" + query));

        assertThat(refused.error()).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(refused.getMessage()).startsWith(complaint);
    }

    @Test
    void refusesAWordThatTheSignatureDoesNotCover() {
        S3Exception refused = refusal(
                signed("GET", "/b?intelligent-tiering&id=1", DATE, "", "/b").header("Date", DATE));

        assertThat(refused.error()).isEqualTo(S3Error.INVALID_REQUEST);
        assertThat(refused.getMessage()).contains("does not cover the query parameter intelligent-tiering");
    }

    @Test
    void refusesAWordAddedToASignedRequest() {
        S3Exception refused =
                refusal(signed("DELETE", "/b?policy", DATE, "", "/b").header("Date", DATE));

        assertThat(refused.error()).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
        assertThat(refused.details()).doesNotContainKey("CanonicalRequest").containsKey("StringToSign");
    }

    @Test
    void refusesVersion2WhereItIsSwitchedOff() {
        Authenticator only4 = new Authenticator(
                FixedCredentials.V4, new SignatureRules("us-east-1", false, false), Clock.fixed(NOW, ZoneOffset.UTC));

        assertThat(catchThrowableOfType(
                                S3Exception.class,
                                () -> only4.authenticate(signed("GET", "/b/k", DATE, "", "/b/k")
                                        .header("Date", DATE)
                                        .build()))
                        .error())
                .isEqualTo(S3Error.INVALID_REQUEST);
        assertThat(catchThrowableOfType(
                                S3Exception.class,
                                () -> only4.authenticate(
                                        Requests.of("GET", "/b/k?AWSAccessKeyId=K&Signature=s&Expires=1369353601")
                                                .build()))
                        .error())
                .isEqualTo(S3Error.INVALID_REQUEST);
    }

    private static Requests signed(String method, String target, String date, String amzHeaders, String resource) {
        String text = method + "\n\n\n" + date + "\n" + amzHeaders + resource;
        return Requests.of(method, target)
                .header(
                        "Authorization",
                        "AWS AKIAIOSFODNN7EXAMPLE:" + TestSigner.hmacSha1(FixedCredentials.V4.secretKey(), text));
    }

    private static boolean isAccepted(S3Request request) {
        return authenticator().authenticate(request).caller().accessKey().isPresent();
    }

    private static Authenticator authenticator() {
        return new Authenticator(FixedCredentials.V4, SignatureRules.standard(), Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static S3Exception refusal(Requests request) {
        S3Request built = request.build();
        S3Exception refused =
                catchThrowableOfType(S3Exception.class, () -> authenticator().authenticate(built));
        assertThat(refused).as("the request is refused").isNotNull();
        return refused;
    }
}
