package io.pataka.service.http;

import static io.pataka.service.http.DoorTestBed.request;
import static io.pataka.service.http.DoorTestBed.signed;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.http.RawConnection.Reply;
import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.protocol.ResponseBody;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.testing.WorkGrowth;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the door does with requests that no SDK would send, and what state it leaves the connection in. */
class HttpBehaviourIT {

    private static final int MANY = 300_000;

    private static DoorTestBed door;

    /** What PutObject read to its end, and what it failed to. */
    private static final BlockingQueue<byte[]> STORED = new LinkedBlockingQueue<>();

    private static final BlockingQueue<IOException> BROKEN = new LinkedBlockingQueue<>();

    @BeforeAll
    static void open() throws Exception {
        door = new DoorTestBed()
                .on(S3Operation.LIST_BUCKETS, call -> S3Response.xml("<Buckets/>".getBytes(UTF_8)))
                .on(S3Operation.PUT_OBJECT, HttpBehaviourIT::store)
                .on(S3Operation.DELETE_OBJECT, call -> S3Response.noContent());
    }

    @AfterAll
    static void close() {
        door.close();
    }

    @BeforeEach
    void forget() {
        STORED.clear();
        BROKEN.clear();
    }

    private static S3Response store(AdmittedCall call) throws IOException {
        try (InputStream body = call.request().body().open()) {
            STORED.add(body.readAllBytes());
            return S3Response.ok().header("ETag", "\"e\"");
        } catch (IOException broken) {
            BROKEN.add(broken);
            throw broken;
        }
    }

    private static String put(String path, int length) {
        return request("PUT " + path, "Content-Length: " + length);
    }

    /** The connection is as good as new. */
    private static void assertUsable(RawConnection connection) throws IOException {
        assertThat(connection.send(request("GET /")).reply().status()).isEqualTo(200);
    }

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
        try (RawConnection connection = door.connect()) {
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

    @ParameterizedTest
    @CsvSource({
        "HEAD /b, true, 200",
        "HEAD /b, false, 403",
        "GET /b, true, 200",
        "GET /b, false, 403",
        "GET /b?list-type=2, true, 200",
        "GET /b?list-type=2, false, 403"
    })
    void tellsInWhichRegionABucketIs(String request, boolean signed, int status) throws IOException {
        for (S3Operation operation :
                List.of(S3Operation.HEAD_BUCKET, S3Operation.LIST_OBJECTS, S3Operation.LIST_OBJECTS_V2)) {
            door.on(operation, call -> S3Response.ok());
        }
        try (RawConnection connection = door.connect()) {
            connection.send(signed ? request(request) : request + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Reply reply = request.startsWith("HEAD") ? connection.replyToHead() : connection.reply();
            assertThat(reply.status()).isEqualTo(status);
            assertThat(reply.header("x-amz-bucket-region")).isEqualTo("RegionOne");
        }
    }

    @Test
    void tellsNoRegionOfABucketThatIsNotThere() throws IOException {
        try (RawConnection connection = door.connect()) {
            Reply reply = connection.send(request("GET /missing")).reply();
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.header("x-amz-bucket-region")).isNull();
        }
    }

    @Test
    void everyAnswerHasAHostIdOfItsOwn() throws IOException {
        try (RawConnection connection = door.connect()) {
            Reply first = connection.send(request("GET /missing/none")).reply();
            Reply second = connection.send(request("GET /missing/none")).reply();
            assertThat(first.header("x-amz-id-2")).hasSize(76).isNotEqualTo(second.header("x-amz-id-2"));
            assertThat(first.text())
                    .contains("<HostId>" + first.header("x-amz-id-2") + "</HostId>")
                    .doesNotContain("<Resource>");
        }
    }

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
        try (RawConnection connection = door.connect()) {
            Reply reply = connection.send(request("PUT /b/k", headers) + "abc").reply();
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.code()).isEqualTo("BadRequest");
            assertThat(connection.rest()).isEmpty();
        }
        assertThat(STORED).isEmpty();
    }

    @Test
    void refusesHeadersOverTheLimit() throws IOException {
        try (RawConnection connection = door.connect()) {
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
        WorkGrowth.assertLinearInServer("names of headers", HttpBehaviourIT::namesOfHeaders, names -> {
            try (RawConnection connection = door.connect()) {
                assertThat(connection.send(request("GET /", names)).reply().status())
                        .isEqualTo(200);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        });
    }

    /** As many as fit, none twice, and room for those that the request needs. */
    private static String namesOfHeaders(int length) {
        StringBuilder names = new StringBuilder("H:");
        for (int i = 0; names.length() < length - 4096; i++) {
            names.append("\r\nH").append(i).append(':');
        }
        return names.toString();
    }

    @Test
    void refusesAUriOverTheLimit() throws IOException {
        try (RawConnection connection = door.connect()) {
            Reply over =
                    connection.send(request("GET /b/" + "a".repeat(70_000))).reply();
            assertThat(over.code()).isEqualTo("InvalidURI");
            assertThat(connection.rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"FOO", "put", "TRACE", "PATCH", "PROPFIND"})
    void answersAnUnknownMethodAsXmlAndKeepsTheConnection(String method) throws IOException {
        try (RawConnection connection = door.connect()) {
            Reply reply = connection.send(request(method + " /b/k")).reply();
            assertThat(reply.status()).isEqualTo(405);
            assertThat(reply.code()).isEqualTo("MethodNotAllowed");
            assertUsable(connection);
        }
    }

    @Test
    void answersWhatIsNoHttp() throws IOException {
        try (RawConnection connection = door.connect()) {
            Reply reply = connection.send("\u0016\u0003\u0001 hello\r\n\r\n").reply();
            assertThat(reply.code()).isEqualTo("BadRequest");
            assertThat(connection.rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 1_000, MANY})
    void keepsTheConnectionAfterAnErrorThatLeftABodyUnread(int length) throws IOException {
        try (RawConnection connection = door.connect()) {
            connection.send(put("/missing/k", length)).send(new byte[length]);
            Reply reply = connection.reply();
            assertThat(reply.code()).isEqualTo("NoSuchBucket");
            assertUsable(connection);
        }
    }

    @Test
    void letsAClientThatIsStillSendingReadItsError() throws Exception {
        int length = 64 << 20;
        try (RawConnection connection = door.connect()) {
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
        try (RawConnection connection = door.connect()) {
            connection.send(request("PUT /b/k", "Content-Length: 3", "Expect: 100-continue"));
            assertThat(connection.head().status()).isEqualTo(100);
            assertThat(connection.send("abc").reply().status()).isEqualTo(200);
            assertThat(STORED).containsExactly("abc".getBytes(UTF_8));
            assertUsable(connection);
        }
    }

    @Test
    void neverAsksAStrangerForItsBody() throws IOException {
        try (RawConnection connection = door.connect()) {
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
        try (RawConnection connection = door.connect()) {
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
        try (RawConnection connection = door.connect()) {
            connection.send(request("PUT /b/k", "Content-Length: 3", "Expect: " + expectation) + "abc");
            assertThat(connection.reply().status()).isEqualTo(200);
            assertThat(STORED).containsExactly("abc".getBytes(UTF_8));
            assertUsable(connection);
        }
    }

    @Test
    void storesNothingForACopyThatOnlyItsQueryNames() throws IOException {
        try (RawConnection connection = door.connect()) {
            Reply reply = connection
                    .send(request("PUT /b/k?x-amz-copy-source=%2Fb%2Fother"))
                    .reply();
            assertThat(reply.status()).isEqualTo(411);
            assertThat(reply.code()).isEqualTo("MissingContentLength");
            assertThat(STORED).isEmpty();
            assertUsable(connection);
        }
    }

    @Test
    void wantsToKnowHowLongAnObjectIs() throws IOException {
        try (RawConnection connection = door.connect()) {
            Reply reply = connection.send(request("PUT /b/k")).reply();
            assertThat(reply.status()).isEqualTo(411);
            assertThat(reply.code()).isEqualTo("MissingContentLength");
            assertUsable(connection);
        }
    }

    @Test
    void takesAChunkedBody() throws IOException {
        try (RawConnection connection = door.connect()) {
            connection.send(request("PUT /b/k", "Transfer-Encoding: chunked")).send("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
            assertThat(connection.reply().status()).isEqualTo(200);
            assertThat(STORED).containsExactly("abcde".getBytes(UTF_8));
            assertUsable(connection);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\n", "5\r\nab", "-1\r\n", "ffffffffffffffffff\r\n"})
    void neverTakesABrokenChunkForAnEnd(String chunks) throws Exception {
        try (RawConnection connection = door.connect()) {
            connection.send(request("PUT /b/k", "Transfer-Encoding: chunked")).send("3\r\nabc\r\n" + chunks);
            connection.endSending();
            assertThat(connection.reply().status()).isEqualTo(400);
            assertThat(connection.rest()).isEmpty();
        }
        assertThat(BROKEN.poll(20, TimeUnit.SECONDS)).isNotNull();
        assertThat(STORED).isEmpty();
    }

    @Test
    void tellsAClientThatCanStillHearThatItsBodyWasShort() throws Exception {
        try (RawConnection connection = door.connect()) {
            connection.send(put("/b/k", 300)).send("abc").endSending();
            Reply reply = connection.reply();
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.code()).isEqualTo("IncompleteBody");
            assertThat(connection.rest()).isEmpty();
        }
        assertThat(STORED).isEmpty();
    }

    @Test
    void storesNothingOfAClientThatVanishes() throws Exception {
        RawConnection connection = door.connect();
        connection.send(put("/b/k", MANY)).send(new byte[1_000]);
        connection.reset();
        assertThat(BROKEN.poll(20, TimeUnit.SECONDS)).isInstanceOf(ClientGoneException.class);
        assertThat(STORED).isEmpty();
    }

    @Test
    void answersHeadLikeGetButWithoutTheBody() throws IOException {
        door.on(S3Operation.HEAD_OBJECT, call -> S3Response.ok().header("Content-Length", "123456789012"));
        try (RawConnection connection = door.connect()) {
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
        door.on(S3Operation.GET_OBJECT, call -> S3Response.status(304).header("ETag", "\"e\""));
        try (RawConnection connection = door.connect()) {
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
        door.on(
                S3Operation.GET_OBJECT,
                call -> S3Response.ok()
                        .header("Content-Type", contentType)
                        .header("x-amz-meta-a", call.headers().first("x-amz-meta-a"))
                        .header("Content-Encoding", "gzip")
                        .body(ResponseBody.of("body".getBytes(UTF_8))));
        try (RawConnection connection = door.connect()) {
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

    @ParameterizedTest
    @ValueSource(
            strings = {"text/plain; charset=UTF-8", "TEXT/HTML", "text/html;charset=utf-8", "Application/JSON", "foo"})
    void readsHeadersAsTheyWereSent(String contentType) throws IOException {
        door.on(
                S3Operation.GET_OBJECT,
                call -> S3Response.ok()
                        .body(ResponseBody.of(call.headers()
                                .first("content-type")
                                .orElse("none")
                                .getBytes(UTF_8))));
        try (RawConnection connection = door.connect()) {
            for (int i = 0; i < 2; i++) {
                String head = request("GET /b/k", "Content-Type: " + contentType);
                assertThat(connection.send(head).reply().text()).isEqualTo(contentType);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked, chunked"
            })
    void storesNothingOfABodyThatWasCompressedOnItsWay(String coding) throws IOException {
        try (RawConnection connection = door.connect()) {
            Reply reply = connection
                    .send(request("PUT /b/k", coding) + "4\r\nabcd\r\n0\r\n\r\n")
                    .reply();
            assertThat(reply.status()).isIn(400, 501);
            assertThat(reply.code()).isIn("NotImplemented", "BadRequest");
        }
        assertThat(STORED).isEmpty();
    }

    @Test
    void keepsAGzippedBodyAsItWasSent() throws IOException {
        try (RawConnection connection = door.connect()) {
            connection
                    .send(request("PUT /b/k", "Content-Length: 4", "Content-Encoding: gzip"))
                    .send("abcd");
            assertThat(connection.reply().status()).isEqualTo(200);
            assertThat(STORED).containsExactly("abcd".getBytes(UTF_8));
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
        door.on(
                S3Operation.GET_OBJECT,
                call -> S3Response.ok()
                        .body(ResponseBody.of(call.key().toString().getBytes(UTF_8))));
        try (RawConnection connection = door.connect()) {
            Reply reply = connection.send(request("GET " + path)).reply();
            assertThat(reply.status()).isEqualTo(200);
            assertThat(new String(reply.body(), UTF_8)).isEqualTo(expected);
        }
    }

    @Test
    void findsTheBucketInTheHost() throws IOException {
        door.on(
                S3Operation.GET_OBJECT,
                call -> S3Response.ok().body(ResponseBody.of((call.bucketName() + "|" + call.key()).getBytes(UTF_8))));
        try (RawConnection connection = door.connect()) {
            String head =
                    request("GET /a/b").replace("Host: localhost", "Host: pictures." + DoorTestBed.DOMAIN + ":80");
            assertThat(connection.send(head).reply().text()).isEqualTo("pictures|a/b");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cutsTheConnectionWhenABodyFailsMidway(boolean lengthKnown) throws IOException {
        int whole = 10 * MANY;
        door.on(
                S3Operation.GET_OBJECT,
                call -> S3Response.ok().body(new ResponseBody() {
                    @Override
                    public OptionalLong length() {
                        return lengthKnown ? OptionalLong.of(whole) : OptionalLong.empty();
                    }

                    @Override
                    public void writeTo(OutputStream out) throws IOException {
                        out.write(new byte[MANY]);
                        throw new IOException("the disk is gone");
                    }
                }));
        try (RawConnection connection = door.connect()) {
            Reply head = connection.send(request("GET /b/k")).head();
            assertThat(head.status()).isEqualTo(200);
            byte[] rest = connection.rest();
            assertThat(rest.length).isLessThan(whole);
            assertThat(new String(rest, ISO_8859_1)).doesNotContain("<Error>").doesNotEndWith("0\r\n\r\n");
        }
    }

    @Test
    void answersAnErrorWhenABodyFailsBeforeItsFirstByte() throws IOException {
        door.on(
                S3Operation.GET_OBJECT,
                call -> S3Response.ok().header("ETag", "\"e\"").body(new ResponseBody() {
                    @Override
                    public OptionalLong length() {
                        return OptionalLong.of(MANY);
                    }

                    @Override
                    public void writeTo(OutputStream out) throws IOException {
                        throw new IOException("the first block is damaged");
                    }
                }));
        try (RawConnection connection = door.connect()) {
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
        door.on(S3Operation.GET_OBJECT, call -> {
            throw new MetadataUnavailableException("no connection", new IOException("refused"));
        });
        try (RawConnection connection = door.connect()) {
            Reply reply = connection.send(request("GET /b/k")).reply();
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.code()).isEqualTo("ServiceUnavailable");
            assertThat(reply.header("retry-after")).isEqualTo("2");
            assertUsable(connection);
        }
    }

    @Test
    void answersABugWithoutItsStack() throws IOException {
        door.on(S3Operation.GET_OBJECT, call -> {
            throw new IllegalStateException("inner workings");
        });
        try (RawConnection connection = door.connect()) {
            Reply reply = connection.send(request("GET /b/k")).reply();
            assertThat(reply.status()).isEqualTo(500);
            assertThat(reply.code()).isEqualTo("InternalError");
            assertThat(reply.text()).doesNotContain("inner workings").doesNotContain("Exception");
            assertUsable(connection);
        }
    }

    @Test
    void answersPipelinedRequestsInOrder() throws IOException {
        try (RawConnection connection = door.connect()) {
            connection.send(put("/b/k", 3) + "abc" + request("DELETE /b/k") + request("GET /"));
            assertThat(connection.reply().status()).isEqualTo(200);
            assertThat(connection.reply().status()).isEqualTo(204);
            assertThat(connection.reply().text()).isEqualTo("<Buckets/>");
        }
    }

    @Test
    void speaksHttp10() throws IOException {
        try (RawConnection connection = door.connect()) {
            connection.send("GET / HTTP/1.0\r\n" + signed() + "\r\n");
            assertThat(connection.reply().status()).isEqualTo(200);
            assertThat(connection.rest()).isEmpty();
        }
    }

    @Test
    void countsEachOperationForPrometheus() throws Exception {
        try (RawConnection connection = door.connect()) {
            connection.send(request("DELETE /b/k")).reply();
            connection.send(request("DELETE /missing/k")).reply();
        }
        // An exchange is counted once it is over, which is a moment after the client has its reply.
        String counted = "pataka_operation_requests_total{operation=\"DeleteObject\",status=\"404\"}";
        String page = metrics();
        for (int i = 0; i < 100 && !page.contains(counted); i++) {
            Thread.sleep(100);
            page = metrics();
        }
        assertThat(page)
                .contains(counted)
                .contains("pataka_operation_requests_total{operation=\"DeleteObject\",status=\"204\"}")
                .contains("pataka_operation_duration_seconds_count{operation=\"DeleteObject\"}")
                .contains("pataka_requests_running ")
                .contains("pataka_bytes_sent_total ");
    }

    private static String metrics() throws IOException {
        try (RawConnection admin = new RawConnection(door.adminPort())) {
            return admin.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    .reply()
                    .text();
        }
    }
}
