package io.pataka.service.auth;

import static io.pataka.service.auth.SignedRequest.EMPTY;
import static io.pataka.service.auth.Version4.NOW;
import static io.pataka.service.auth.Version4.at;
import static io.pataka.service.auth.Version4.refusal;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pataka.service.protocol.RequestBody;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Request;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The hash of the body in a signature of version 4. */
class Version4PayloadTest {

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

    @Test
    void leavesThePayloadHashUnsignedIfTheClientDoes() {
        S3Request request = SignedRequest.of("GET", "/b/k", "")
                .without("x-amz-content-sha256")
                .unsigned("x-amz-content-sha256", EMPTY)
                .build();

        assertThat(at(NOW).authenticate(request).caller().isAnonymous()).isFalse();
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
}
