package io.pataka.service.http;

import static io.pataka.service.http.EndpointServer.request;
import static io.pataka.service.http.RecordingEndpoint.assertUsable;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.http.RawConnection.Reply;
import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.model.ByteSource;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.testing.Eventually;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies as they are on the wire, those to failures included. */
class ReplyIT {

    private static final int MANY = 300_000;

    @RegisterExtension
    static final RecordingEndpoint ENDPOINT = new RecordingEndpoint();

    @Test
    void everyAnswerHasAHostIdOfItsOwn() throws IOException {
        try (RawConnection connection = ENDPOINT.connect()) {
            Reply first = connection.send(request("GET /missing/none")).reply();
            Reply second = connection.send(request("GET /missing/none")).reply();
            assertThat(first.header("x-amz-id-2")).hasSize(76).isNotEqualTo(second.header("x-amz-id-2"));
            assertThat(first.text())
                    .contains("<HostId>" + first.header("x-amz-id-2") + "</HostId>")
                    .doesNotContain("<Resource>");
        }
    }

    @Test
    void answersHeadLikeGetButWithoutTheBody() throws IOException {
        ENDPOINT.on(S3Operation.HEAD_OBJECT, call -> S3Response.ok().header("Content-Length", "123456789012"));
        try (RawConnection connection = ENDPOINT.connect()) {
            Reply found = connection.send(request("HEAD /b/k")).replyToHead();
            assertThat(found.status()).isEqualTo(200);
            assertThat(found.header("content-length")).isEqualTo("123456789012");
            Reply missing = connection.send(request("HEAD /missing/k")).replyToHead();
            assertThat(missing.status()).isEqualTo(404);
            assertThat(missing.header("x-amz-request-id")).hasSize(16);
            assertUsable(connection);
        }
    }

    @Test
    void answers204And304WithoutALengthOfTheirOwn() throws IOException {
        ENDPOINT.on(S3Operation.GET_OBJECT, call -> S3Response.status(304).header("ETag", "\"e\""));
        try (RawConnection connection = ENDPOINT.connect()) {
            Reply gone = connection.send(request("DELETE /b/k")).reply();
            assertThat(gone.status()).isEqualTo(204);
            assertThat(gone.header("content-length")).isNull();
            Reply same = connection.send(request("GET /b/k")).reply();
            assertThat(same.status()).isEqualTo(304);
            assertThat(same.header("etag")).isEqualTo("\"e\"");
            assertThat(same.header("content-length")).isNull();
            assertUsable(connection);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"foo", ";;", "text/html; charset=utf8;x", "a/b/c", "TEXT/Plain;Charset=\"UTF-8\""})
    void givesHeadersBackAsTheyWere(String contentType) throws IOException {
        String utf8 = new String("pātaka".getBytes(UTF_8), ISO_8859_1);
        ENDPOINT.on(
                S3Operation.GET_OBJECT,
                call -> S3Response.ok()
                        .header("Content-Type", contentType)
                        .header("x-amz-meta-a", call.headers().first("x-amz-meta-a"))
                        .header("Content-Encoding", "gzip")
                        .body(ByteSource.of("body".getBytes(UTF_8))));
        try (RawConnection connection = ENDPOINT.connect()) {
            Reply reply = connection
                    .send(request(
                            "GET /b/k",
                            "x-amz-meta-a: " + utf8,
                            "Accept-Encoding: gzip",
                            "Accept: ;;",
                            "Content-Type: ;;"))
                    .reply();
            assertThat(reply.headers())
                    .containsEntry("content-type", List.of(contentType))
                    .containsEntry("x-amz-meta-a", List.of(utf8))
                    .containsEntry("content-encoding", List.of("gzip"))
                    .containsEntry("content-length", List.of("4"));
            assertThat(reply.text()).isEqualTo("body");
        }
    }

    @Test
    void cutsTheConnectionWhenABodyFailsMidway() throws IOException {
        int whole = 10 * MANY;
        ENDPOINT.on(
                S3Operation.GET_OBJECT,
                call -> S3Response.ok().body(new ByteSource() {
                    @Override
                    public long length() {
                        return whole;
                    }

                    @Override
                    public void transferTo(OutputStream out) throws IOException {
                        out.write(new byte[MANY]);
                        throw new IOException("the disk is gone");
                    }

                    @Override
                    public void close() {}
                }));
        try (RawConnection connection = ENDPOINT.connect()) {
            Reply head = connection.send(request("GET /b/k")).head();
            assertThat(head.status()).isEqualTo(200);
            byte[] rest = connection.rest();
            assertThat(rest.length).isLessThan(whole);
            assertThat(new String(rest, ISO_8859_1)).doesNotContain("<Error>").doesNotEndWith("0\r\n\r\n");
        }
    }

    @Test
    void answersAnErrorWhenABodyFailsBeforeItsFirstByte() throws IOException {
        ENDPOINT.on(
                S3Operation.GET_OBJECT,
                call -> S3Response.ok().header("ETag", "\"e\"").body(new ByteSource() {
                    @Override
                    public long length() {
                        return MANY;
                    }

                    @Override
                    public void transferTo(OutputStream out) throws IOException {
                        throw new IOException("the first block is damaged");
                    }

                    @Override
                    public void close() {}
                }));
        try (RawConnection connection = ENDPOINT.connect()) {
            Reply reply = connection.send(request("GET /b/k")).reply();
            assertThat(reply.status()).isEqualTo(500);
            assertThat(reply.code()).isEqualTo("InternalError");
            assertThat(reply.text()).doesNotContain("damaged");
            assertThat(reply.header("etag")).isNull();
            assertUsable(connection);
        }
    }

    @Test
    void answersAnOutageWith503() throws IOException {
        ENDPOINT.on(S3Operation.GET_OBJECT, call -> {
            throw new MetadataUnavailableException("no connection", new IOException("refused"));
        });
        try (RawConnection connection = ENDPOINT.connect()) {
            Reply reply = connection.send(request("GET /b/k")).reply();
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.code()).isEqualTo("ServiceUnavailable");
            assertThat(reply.header("retry-after")).isEqualTo("2");
            assertUsable(connection);
        }
    }

    @Test
    void answersABugWithoutItsStack() throws IOException {
        ENDPOINT.on(S3Operation.GET_OBJECT, call -> {
            throw new IllegalStateException("inner workings");
        });
        try (RawConnection connection = ENDPOINT.connect()) {
            Reply reply = connection.send(request("GET /b/k")).reply();
            assertThat(reply.status()).isEqualTo(500);
            assertThat(reply.code()).isEqualTo("InternalError");
            assertThat(reply.text()).doesNotContain("inner workings").doesNotContain("Exception");
            assertUsable(connection);
        }
    }

    @Test
    void countsEachOperationForPrometheus() throws Exception {
        try (RawConnection connection = ENDPOINT.connect()) {
            connection.send(request("DELETE /b/k")).reply();
            connection.send(request("DELETE /missing/k")).reply();
        }
        // An exchange is counted when it is over, which may be after the client has its reply.
        String counted = "pataka_operation_requests_total{operation=\"DeleteObject\",status=\"404\"}";
        Eventually.holds("the exchange is counted", () -> metrics().contains(counted));
        assertThat(metrics())
                .contains(counted)
                .contains("pataka_operation_requests_total{operation=\"DeleteObject\",status=\"204\"}")
                .contains("pataka_operation_duration_seconds_count{operation=\"DeleteObject\"}")
                .contains("# TYPE pataka_operation_duration_seconds histogram")
                .contains("pataka_operation_duration_seconds_bucket{operation=\"DeleteObject\",le=\"300.0\"}")
                .contains("pataka_requests_running ")
                .contains("pataka_bytes_sent_total ");
    }

    private static String metrics() throws IOException {
        try (RawConnection admin = new RawConnection(ENDPOINT.adminPort())) {
            return admin.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    .reply()
                    .text();
        }
    }
}
