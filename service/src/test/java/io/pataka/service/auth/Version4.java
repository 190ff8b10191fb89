package io.pataka.service.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Request;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;

/** Authenticates requests that are signed with version 4, at a time that the test says. */
final class Version4 {

    /** The time at which {@link SignedRequest} signs. */
    static final Instant NOW = Instant.parse(SignedRequest.NOW);

    private Version4() {}

    static Authenticator at(Instant now) {
        return new Authenticator(FixedCredentials.V4, SignatureRules.standard(), Clock.fixed(now, ZoneOffset.UTC));
    }

    static S3Exception refusal(Instant now, S3Request request) {
        Authenticator authenticator = at(now);
        S3Exception refused = catchThrowableOfType(S3Exception.class, () -> authenticator.authenticate(request));
        assertThat(refused).as("the request is refused").isNotNull();
        return refused;
    }

    static Requests presigned(String method, String path, String date, String expires, Map<String, String> more) {
        return Requests.of(method, path + "?" + SignedRequest.presignedQuery(method, path, date, expires, more))
                .header("Host", "localhost:8080");
    }
}
