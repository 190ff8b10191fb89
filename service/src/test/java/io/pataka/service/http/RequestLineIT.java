package io.pataka.service.http;

import static io.pataka.service.http.EndpointServer.request;
import static io.pataka.service.http.EndpointServer.signed;
import static io.pataka.service.http.RecordingEndpoint.assertUsable;
import static io.pataka.service.http.RecordingEndpoint.put;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.http.RawConnection.Reply;
import io.pataka.service.model.ByteSource;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods, targets and hosts that no SDK would send, and the state of the connection after them. */
class RequestLineIT {

    @RegisterExtension
    static final RecordingEndpoint ENDPOINT = new RecordingEndpoint();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/b/%",
                "/b/%4",
                "/b/%zz",
                "/b/%00",
                "/b/%u2603",
                "/b/../../k",
                "/b/k?prefix=%zz",
                "/b/k?%u2603",
                "/b/k?x=%"
            })
    void answersABrokenUriAsXml(String path) throws IOException {
        try (RawConnection connection = ENDPOINT.connect()) {
            Reply reply = connection.send(request("GET " + path)).reply();
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.code()).isEqualTo("InvalidURI");
            assertThat(reply.header("content-type")).isEqualTo("application/xml");
            assertThat(reply.header("x-amz-request-id")).hasSize(16);
            assertThat(reply.text())
                    .contains("<RequestId>" + reply.header("x-amz-request-id") + "</RequestId>")
                    .doesNotContain("badMessage");
        }
    }

    @Test
    void refusesAUriOverTheLimit() throws IOException {
        try (RawConnection connection = ENDPOINT.connect()) {
            Reply over =
                    connection.send(request("GET /b/" + "a".repeat(70_000))).reply();
            assertThat(over.code()).isEqualTo("InvalidURI");
            assertThat(connection.rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"FOO", "put", "TRACE", "PATCH", "PROPFIND"})
    void answersAnUnknownMethodAsXmlAndKeepsTheConnection(String method) throws IOException {
        try (RawConnection connection = ENDPOINT.connect()) {
            Reply reply = connection.send(request(method + " /b/k")).reply();
            assertThat(reply.status()).isEqualTo(405);
            assertThat(reply.code()).isEqualTo("MethodNotAllowed");
            assertUsable(connection);
        }
    }

    @Test
    void answersBytesThatAreNotHttp() throws IOException {
        try (RawConnection connection = ENDPOINT.connect()) {
            Reply reply = connection.send("\u0016\u0003\u0001 hello\r\n\r\n").reply();
            assertThat(reply.code()).isEqualTo("BadRequest");
            assertThat(connection.rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/b//",
                "/b//k",
                "/b/a//b/",
                "/b/../k",
                "/b/./k",
                "/b/%2F",
                "/b/a%2Fb",
                "/b/a+b",
                "/b/a%20",
                "/b/a;x=y",
                "/b/{a}|\"<>^`[]\\",
                "/b/%F0%9F%A6%86",
                "/b/%FF%FE",
                "/b/%01%0A%0D",
                "/b/%2e%2e/k",
                "/b/%25"
            })
    void reachesTheKeyThatWasSent(String path) throws IOException {
        String expected = new BucketAddressing(List.of())
                .locate(Optional.empty(), path)
                .key()
                .orElseThrow()
                .toString();
        ENDPOINT.on(
                S3Operation.GET_OBJECT,
                call -> S3Response.ok().body(ByteSource.of(call.key().toString().getBytes(UTF_8))));
        try (RawConnection connection = ENDPOINT.connect()) {
            Reply reply = connection.send(request("GET " + path)).reply();
            assertThat(reply.status()).isEqualTo(200);
            assertThat(new String(reply.body(), UTF_8)).isEqualTo(expected);
        }
    }

    @Test
    void findsTheBucketInTheHost() throws IOException {
        ENDPOINT.on(
                S3Operation.GET_OBJECT,
                call -> S3Response.ok().body(ByteSource.of((call.bucketName() + "|" + call.key()).getBytes(UTF_8))));
        try (RawConnection connection = ENDPOINT.connect()) {
            String head =
                    request("GET /a/b").replace("Host: localhost", "Host: pictures." + EndpointServer.DOMAIN + ":80");
            assertThat(connection.send(head).reply().text()).isEqualTo("pictures|a/b");
        }
    }

    @Test
    void answersPipelinedRequestsInOrder() throws IOException {
        try (RawConnection connection = ENDPOINT.connect()) {
            connection.send(put("/b/k", 3) + "abc" + request("DELETE /b/k") + request("GET /"));
            assertThat(connection.reply().status()).isEqualTo(200);
            assertThat(connection.reply().status()).isEqualTo(204);
            assertThat(connection.reply().text()).isEqualTo("<Buckets/>");
        }
    }

    @Test
    void speaksHttp10() throws IOException {
        try (RawConnection connection = ENDPOINT.connect()) {
            connection.send("GET / HTTP/1.0\r\n" + signed() + "\r\n");
            assertThat(connection.reply().status()).isEqualTo(200);
            assertThat(connection.rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HEAD /b, true, 200",
        "HEAD /b, false, 403",
        "GET /b, true, 200",
        "GET /b, false, 403",
        "GET /b?list-type=2, true, 200",
        "GET /b?list-type=2, false, 403"
    })
    void namesTheRegionOfABucket(String request, boolean signed, int status) throws IOException {
        for (S3Operation operation :
                List.of(S3Operation.HEAD_BUCKET, S3Operation.LIST_OBJECTS, S3Operation.LIST_OBJECTS_V2)) {
            ENDPOINT.on(operation, call -> S3Response.ok());
        }
        try (RawConnection connection = ENDPOINT.connect()) {
            connection.send(signed ? request(request) : request + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Reply reply = request.startsWith("HEAD") ? connection.replyToHead() : connection.reply();
            assertThat(reply.status()).isEqualTo(status);
            assertThat(reply.header("x-amz-bucket-region")).isEqualTo("RegionOne");
        }
    }

    @Test
    void namesNoRegionOfABucketThatIsNotThere() throws IOException {
        try (RawConnection connection = ENDPOINT.connect()) {
            Reply reply = connection.send(request("GET /missing")).reply();
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.header("x-amz-bucket-region")).isNull();
        }
    }
}
