package io.pataka.service.auth;

import static io.pataka.service.auth.SignedRequest.TIME;
import static io.pataka.service.auth.Version4.NOW;
import static io.pataka.service.auth.Version4.at;
import static io.pataka.service.auth.Version4.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The dates that a signature of version 4 in the header may have. */
class Version4DateTest {

    @Test
    void takesTheDateHeaderInPlaceOfXAmzDate() {
        S3Request request = SignedRequest.of("GET", "/b/k", "")
                .without("x-amz-date")
                .unsigned("date", "Fri, 24 May 2013 00:00:00 GMT")
                .build();

        assertThat(at(NOW).authenticate(request).caller().isAnonymous()).isFalse();
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
}
