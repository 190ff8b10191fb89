package io.pataka.service.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pataka.keystone.Ec2Credential;
import io.pataka.keystone.KeystoneIdentity;
import io.pataka.keystone.KeystoneIdentity.Named;
import io.pataka.keystone.Resolution;
import io.pataka.keystone.Resolution.Granted;
import io.pataka.keystone.Resolution.Outage;
import io.pataka.keystone.Resolution.Reason;
import io.pataka.keystone.Resolution.Refused;
import io.pataka.keystone.Resolution.Unavailable;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Request;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResolutionAnswersTest {

    @ParameterizedTest
    @CsvSource({
        "UNKNOWN_ACCESS_KEY, INVALID_ACCESS_KEY_ID",
        "SIGNATURE_MISMATCH, SIGNATURE_DOES_NOT_MATCH",
        "NOT_AUTHORISED, ACCESS_DENIED",
        "FORM_NOT_SUPPORTED, NOT_IMPLEMENTED"
    })
    void answersARefusal(Reason reason, S3Error error) {
        S3Exception refused = refusal(new Refused(reason, "for the log"), plain());

        assertThat(refused.error()).isEqualTo(error);
        assertThat(refused.getMessage()).doesNotContain("for the log");
        assertThat(refused.details().values()).noneMatch(value -> value.contains("for the log"));
        assertThat(refused.rule()).contains("access key AKIAIOSFODNN7EXAMPLE: for the log");
    }

    @ParameterizedTest
    @CsvSource({"DOWN, SERVICE_UNAVAILABLE, 5000, 5", "OVERLOADED, SLOW_DOWN, 300, 1"})
    void answersAnOutageWith503AndWhenToComeBack(Outage outage, S3Error error, long millis, String seconds) {
        S3Exception refused = refusal(new Unavailable(outage, Duration.ofMillis(millis), "for the log"), plain());

        assertThat(refused.error()).isEqualTo(error);
        assertThat(refused.error().status()).isEqualTo(503);
        assertThat(refused.headers()).containsEntry("Retry-After", seconds);
        assertThat(refused.rule()).contains("credentials cannot be checked: for the log");
        assertThat(refused.getMessage()).doesNotContain("for the log");
    }

    @Test
    void refusesSignedChunksWhereNoSecretIsHeld() {
        S3Request chunks = SignedRequest.of("PUT", "/b/k", "")
                .header("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
                .header("x-amz-decoded-content-length", "3")
                .build();

        S3Exception refused = refusal(withoutSecret(), chunks);

        assertThat(refused.error()).isEqualTo(S3Error.NOT_IMPLEMENTED);
        assertThat(refused.getMessage()).contains("cannot check chunk signatures");
    }

    @Test
    void takesUnsignedChunksWhereNoSecretIsHeld() {
        S3Request chunks = SignedRequest.of("PUT", "/b/k", "")
                .header("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
                .header("x-amz-decoded-content-length", "3")
                .header("x-amz-trailer", "x-amz-checksum-crc32")
                .build();

        assertThat(answering(withoutSecret())
                        .authenticate(chunks)
                        .request()
                        .body()
                        .length())
                .hasValue(3);
    }

    private static S3Request plain() {
        return SignedRequest.of("GET", "/b/k", "").build();
    }

    private static Resolution withoutSecret() {
        Named named = new Named("id", "name", "domain", "Domain");
        return new Granted(new Ec2Credential(
                "AKIAIOSFODNN7EXAMPLE", Optional.empty(), new KeystoneIdentity(named, named, Set.of(), false)));
    }

    private static Authenticator answering(Resolution resolution) {
        return new Authenticator(
                proof -> resolution,
                SignatureRules.standard(),
                Clock.fixed(Instant.parse(SignedRequest.NOW), ZoneOffset.UTC));
    }

    private static S3Exception refusal(Resolution resolution, S3Request request) {
        S3Exception refused = catchThrowableOfType(
                S3Exception.class, () -> answering(resolution).authenticate(request));
        assertThat(refused).as("the request is refused").isNotNull();
        return refused;
    }
}
