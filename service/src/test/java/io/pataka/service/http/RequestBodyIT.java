package io.pataka.service.http;

import static io.pataka.service.http.EndpointServer.request;
import static io.pataka.service.http.RecordingEndpoint.assertUsable;
import static io.pataka.service.http.RecordingEndpoint.put;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.http.RawConnection.Reply;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a body is read, when the server asks for it, and when nothing of it is stored. */
class RequestBodyIT {

    private static final int MANY = 300_000;

    @RegisterExtension
    static final RecordingEndpoint ENDPOINT = new RecordingEndpoint();

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 1_000, MANY})
    void keepsTheConnectionAfterAnErrorThatLeftABodyUnread(int length) throws IOException {
        try (RawConnection connection = ENDPOINT.connect()) {
            connection.send(put("/missing/k", length)).send(new byte[length]);
            Reply reply = connection.reply();
            assertThat(reply.code()).isEqualTo("NoSuchBucket");
            assertUsable(connection);
        }
    }

    @Test
    void letsAClientThatIsStillSendingReadItsError() throws Exception {
        int length = 64 << 20;
        try (RawConnection connection = ENDPOINT.connect()) {
            connection.send(put("/missing/k", length));
            // A client that sends before it reads, in steps, as a blocking one does.
            connection.send(new byte[1 << 20]);
            Reply reply = connection.reply();
            assertThat(reply.code()).isEqualTo("NoSuchBucket");
            assertThat(reply.header("connection")).isEqualTo("close");
            try {
                for (int sent = 1; sent < 64; sent++) {
                    connection.send(new byte[1 << 20]);
                }
            } catch (IOException closed) {
                // which is the server's right, long before the end
            }
            assertThat(connection.rest()).isEmpty();
        }
    }

    @Test
    void asksForABodyOnlyWhenItIsRead() throws IOException {
        try (RawConnection connection = ENDPOINT.connect()) {
            connection.send(request("PUT /b/k", "Content-Length: 3", "Expect: 100-continue"));
            assertThat(connection.head().status()).isEqualTo(100);
            assertThat(connection.send("abc").reply().status()).isEqualTo(200);
            assertThat(ENDPOINT.stored()).containsExactly("abc".getBytes(UTF_8));
            assertUsable(connection);
        }
    }

    @Test
    void neverAsksAnUnauthorisedCallerForTheBody() throws IOException {
        try (RawConnection connection = ENDPOINT.connect()) {
            connection.send(
                    "PUT /b/k HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
            Reply reply = connection.reply();
            assertThat(reply.status()).isEqualTo(403);
            assertThat(reply.code()).isEqualTo("AccessDenied");
            assertThat(connection.rest()).isEmpty();
        }
    }

    @Test
    void keepsTheConnectionOfAnEmptyBodyThatIsHeldBack() throws IOException {
        try (RawConnection connection = ENDPOINT.connect()) {
            connection.send(request("PUT /b/k", "Content-Length: 0", "Expect: 100-continue"));
            Reply reply = connection.reply();
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("connection")).isNull();
            connection.send(request("GET /", "Expect: 100-continue"));
            assertThat(connection.reply().status()).isEqualTo(200);
            assertUsable(connection);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"200-ok", "200", "100-continue-please", "100-continue, 200-ok", ""})
    void ignoresOtherExpectations(String expectation) throws IOException {
        try (RawConnection connection = ENDPOINT.connect()) {
            connection.send(request("PUT /b/k", "Content-Length: 3", "Expect: " + expectation) + "abc");
            assertThat(connection.reply().status()).isEqualTo(200);
            assertThat(ENDPOINT.stored()).containsExactly("abc".getBytes(UTF_8));
            assertUsable(connection);
        }
    }

    @Test
    void requiresTheLengthOfAnObject() throws IOException {
        try (RawConnection connection = ENDPOINT.connect()) {
            Reply reply = connection.send(request("PUT /b/k")).reply();
            assertThat(reply.status()).isEqualTo(411);
            assertThat(reply.code()).isEqualTo("MissingContentLength");
            assertUsable(connection);
        }
    }

    @Test
    void takesAChunkedBody() throws IOException {
        try (RawConnection connection = ENDPOINT.connect()) {
            connection.send(request("PUT /b/k", "Transfer-Encoding: chunked")).send("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
            assertThat(connection.reply().status()).isEqualTo(200);
            assertThat(ENDPOINT.stored()).containsExactly("abcde".getBytes(UTF_8));
            assertUsable(connection);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\n", "5\r\nab", "-1\r\n", "ffffffffffffffffff\r\n"})
    void neverTakesABrokenChunkForAnEnd(String chunks) throws Exception {
        try (RawConnection connection = ENDPOINT.connect()) {
            connection.send(request("PUT /b/k", "Transfer-Encoding: chunked")).send("3\r\nabc\r\n" + chunks);
            connection.endSending();
            assertThat(connection.reply().status()).isEqualTo(400);
            assertThat(connection.rest()).isEmpty();
        }
        assertThat(ENDPOINT.broken().poll(20, TimeUnit.SECONDS)).isNotNull();
        assertThat(ENDPOINT.stored()).isEmpty();
    }

    @Test
    void answersAClientThatSentAShortBodyAndStillReads() throws Exception {
        try (RawConnection connection = ENDPOINT.connect()) {
            connection.send(put("/b/k", 300)).send("abc").endSending();
            Reply reply = connection.reply();
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.code()).isEqualTo("IncompleteBody");
            assertThat(connection.rest()).isEmpty();
        }
        assertThat(ENDPOINT.stored()).isEmpty();
    }

    @Test
    void storesNothingOfAClientThatCloses() throws Exception {
        RawConnection connection = ENDPOINT.connect();
        connection.send(put("/b/k", MANY)).send(new byte[1_000]);
        connection.reset();
        assertThat(ENDPOINT.broken().poll(20, TimeUnit.SECONDS)).isInstanceOf(ClientGoneException.class);
        assertThat(ENDPOINT.stored()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked, chunked"
            })
    void storesNothingOfABodyThatWasCompressedOnItsWay(String coding) throws IOException {
        try (RawConnection connection = ENDPOINT.connect()) {
            Reply reply = connection
                    .send(request("PUT /b/k", coding) + "4\r\nabcd\r\n0\r\n\r\n")
                    .reply();
            assertThat(reply.status()).isIn(400, 501);
            assertThat(reply.code()).isIn("NotImplemented", "BadRequest");
        }
        assertThat(ENDPOINT.stored()).isEmpty();
    }

    @Test
    void keepsAGzippedBodyAsItWasSent() throws IOException {
        try (RawConnection connection = ENDPOINT.connect()) {
            connection
                    .send(request("PUT /b/k", "Content-Length: 4", "Content-Encoding: gzip"))
                    .send("abcd");
            assertThat(connection.reply().status()).isEqualTo(200);
            assertThat(ENDPOINT.stored()).containsExactly("abcd".getBytes(UTF_8));
        }
    }
}
