package io.pataka.service.http;

import static io.pataka.service.http.EndpointServer.request;
import static io.pataka.service.http.RecordingEndpoint.assertUsable;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.http.RawConnection.Reply;
import io.pataka.service.model.ByteSource;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.testing.WorkGrowth;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers that no SDK would send, and headers that must arrive as they were sent. */
class RequestHeadersIT {

    @RegisterExtension
    static final RecordingEndpoint ENDPOINT = new RecordingEndpoint();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 3\r\nContent-Length: 4",
                "Content-Length: 3\r\nTransfer-Encoding: chunked",
                "Content-Length: -3",
                "Content-Length: three",
                "Content-Length: ",
                "Transfer-Encoding: identity",
                "X-Folded: a\r\n b",
                "X-Control: a\u0001b",
                "Host: elsewhere"
            })
    void refusesHeadersThatTwoServersCouldReadDifferently(String headers) throws IOException {
        try (RawConnection connection = ENDPOINT.connect()) {
            Reply reply = connection.send(request("PUT /b/k", headers) + "abc").reply();
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.code()).isEqualTo("BadRequest");
            assertThat(connection.rest()).isEmpty();
        }
        assertThat(ENDPOINT.stored()).isEmpty();
    }

    @Test
    void refusesHeadersOverTheLimit() throws IOException {
        try (RawConnection connection = ENDPOINT.connect()) {
            Reply fits = connection
                    .send(request("GET /", "x-amz-meta-a: " + "a".repeat(60_000)))
                    .reply();
            assertThat(fits.status()).isEqualTo(200);
            Reply over = connection
                    .send(request("GET /", "x-amz-meta-a: " + "a".repeat(70_000)))
                    .reply();
            assertThat(over.status()).isEqualTo(400);
            assertThat(over.code()).isEqualTo("RequestHeaderSectionTooLarge");
            assertThat(connection.rest()).isEmpty();
        }
    }

    @Test
    void takesWorkInProportionToTheNumberOfHeaders() {
        WorkGrowth.assertLinearInServer("names of headers", RequestHeadersIT::namesOfHeaders, names -> {
            try (RawConnection connection = ENDPOINT.connect()) {
                assertThat(connection.send(request("GET /", names)).reply().status())
                        .isEqualTo(200);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        });
    }

    /** As many different headers as fit beside those that the request needs. */
    private static String namesOfHeaders(int length) {
        StringBuilder names = new StringBuilder("H:");
        for (int i = 0; names.length() < length - 4096; i++) {
            names.append("\r\nH").append(i).append(':');
        }
        return names.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/plain; charset=UTF-8", "TEXT/HTML", "text/html;charset=utf-8", "Application/JSON", "foo"})
    void readsHeadersAsTheyWereSent(String contentType) throws IOException {
        ENDPOINT.on(
                S3Operation.GET_OBJECT,
                call -> S3Response.ok()
                        .body(ByteSource.of(call.headers()
                                .first("content-type")
                                .orElse("none")
                                .getBytes(UTF_8))));
        try (RawConnection connection = ENDPOINT.connect()) {
            for (int i = 0; i < 2; i++) {
                String head = request("GET /b/k", "Content-Type: " + contentType);
                assertThat(connection.send(head).reply().text()).isEqualTo(contentType);
            }
        }
    }

    @Test
    void storesNothingForACopyThatOnlyItsQueryNames() throws IOException {
        try (RawConnection connection = ENDPOINT.connect()) {
            Reply reply = connection
                    .send(request("PUT /b/k?x-amz-copy-source=%2Fb%2Fother"))
                    .reply();
            assertThat(reply.status()).isEqualTo(411);
            assertThat(reply.code()).isEqualTo("MissingContentLength");
            assertThat(ENDPOINT.stored()).isEmpty();
            assertUsable(connection);
        }
    }
}
