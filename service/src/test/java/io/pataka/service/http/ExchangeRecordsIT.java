package io.pataka.service.http;

import static io.pataka.service.http.EndpointServer.request;
import static io.pataka.service.http.EndpointServer.signed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.http.RawConnection.Reply;
import io.pataka.service.model.ByteSource;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.protocol.KeyOutcome;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The lines that requests leave in the access logs of their buckets. */
class ExchangeRecordsIT {

    @RegisterExtension
    final EndpointServer endpoint = new EndpointServer();

    private static List<String> fields(String line) {
        return Arrays.asList(line.split(" (?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)"));
    }

    @Test
    void describesARequestAndItsReply() throws IOException {
        endpoint.on(
                S3Operation.GET_OBJECT,
                call -> S3Response.ok().objectSize(900).body(ByteSource.of("hello".getBytes(UTF_8))));
        try (RawConnection connection = endpoint.connect()) {
            Reply reply = connection
                    .send(request(
                            "GET /logged/a%20b?versionId=7", "Referer: https://page.test/\"", "User-Agent: curl/8 (x)"))
                    .reply();

            List<String> line = fields(endpoint.logged().get(0));
            assertThat(line).hasSize(27);
            assertThat(line.subList(0, 2)).containsExactly("p1", "logged");
            assertThat(line.subList(4, 6)).containsExactly("127.0.0.1", "arn:aws:iam::p1:user/u1");
            assertThat(line.subList(6, 14))
                    .containsExactly(
                            reply.header("x-amz-request-id"),
                            "REST.GET.OBJECT",
                            "a%2520b",
                            "\"GET /logged/a%20b?versionId=7 HTTP/1.1\"",
                            "200",
                            "-",
                            "5",
                            "900");
            assertThat(line.get(14)).matches("[0-9]+");
            assertThat(line.get(15)).matches("[0-9]+");
            assertThat(line.subList(16, 27))
                    .containsExactly(
                            "\"https://page.test/%22\"",
                            "\"curl/8 (x)\"",
                            "7",
                            reply.header("x-amz-id-2"),
                            "SigV2",
                            "-",
                            "AuthHeader",
                            "localhost",
                            "-",
                            "-",
                            "-");
        }
    }

    @Test
    void logsRefusalsWithTheirErrors() throws IOException {
        endpoint.on(S3Operation.GET_OBJECT, call -> {
            throw new S3Exception(S3Error.NO_SUCH_KEY);
        });
        try (RawConnection connection = endpoint.connect()) {
            connection.send(request("GET /logged/k")).reply();
            connection.send("GET /logged/k HTTP/1.1\r\nHost: localhost\r\n\r\n").reply();
            connection
                    .send("GET /logged/k HTTP/1.1\r\nHost: localhost\r\nAuthorization: nonsense\r\n\r\n")
                    .reply();
            connection.send(request("GET /missing/k")).reply();

            List<String> lines = endpoint.logged();
            assertThat(lines).hasSize(3);
            assertThat(fields(lines.get(0)).subList(10, 12)).containsExactly("404", "NoSuchKey");
            assertThat(fields(lines.get(1)).subList(10, 12)).containsExactly("403", "AccessDenied");
            assertThat(fields(lines.get(1)).get(5)).isEqualTo("-");
            assertThat(fields(lines.get(2)).subList(10, 12)).containsExactly("400", "InvalidArgument");
            assertThat(fields(lines.get(2)).subList(20, 23)).containsExactly("-", "-", "-");
        }
    }

    @Test
    void logsNoBucketThatHasNoLog() throws IOException {
        endpoint.on(S3Operation.GET_OBJECT, call -> S3Response.ok());
        try (RawConnection connection = endpoint.connect()) {
            connection.send(request("GET /other/k")).reply();
            connection.send(request("GET /")).reply();

            assertThat(endpoint.logged()).isEmpty();
        }
    }

    @Test
    void hidesSignaturesOfPresignedRequests() throws IOException {
        endpoint.on(S3Operation.GET_OBJECT, call -> S3Response.ok());
        try (RawConnection connection = endpoint.connect()) {
            connection
                    .send("GET /logged/k?AWSAccessKeyId=AK&Expires=99999999999&Signature=c2VjcmV0 HTTP/1.1\r\n"
                            + "Host: localhost\r\n\r\n")
                    .reply();

            String line = endpoint.logged().get(0);
            assertThat(line).contains("Signature=***").doesNotContain("c2VjcmV0");
            assertThat(fields(line).subList(20, 23)).containsExactly("SigV2", "-", "QueryString");
        }
    }

    @Test
    void logsEachKeyThatABodyNames() throws IOException {
        endpoint.on(S3Operation.DELETE_OBJECTS, call -> {
            call.require(call.own());
            return S3Response.ok()
                    .keys(List.of(
                            new KeyOutcome(ObjectKey.of("a b"), Optional.of("v1"), Optional.empty()),
                            new KeyOutcome(ObjectKey.of("c"), Optional.empty(), Optional.of(S3Error.ACCESS_DENIED))));
        });
        try (RawConnection connection = endpoint.connect()) {
            connection
                    .send("POST /logged?delete HTTP/1.1\r\n" + signed() + "Content-Length: 0\r\n\r\n")
                    .reply();
        }

        assertThat(endpoint.logged())
                .extracting(line -> String.join(" ", fields(line).subList(7, 9))
                        + " " + String.join(" ", fields(line).subList(10, 12))
                        + " " + fields(line).get(18))
                .containsExactly(
                        "REST.POST.MULTI_OBJECT_DELETE - 200 - -",
                        "BATCH.DELETE.OBJECT a%20b 204 - v1",
                        "BATCH.DELETE.OBJECT c 403 AccessDenied -");
    }

    @Test
    void countsRequestsForTheOwnerOfTheBucket() throws IOException {
        endpoint.on(S3Operation.GET_OBJECT, call -> S3Response.ok().body(ByteSource.of("hello".getBytes(UTF_8))));
        endpoint.on(S3Operation.PUT_OBJECT, call -> {
            call.request().body().open().readAllBytes();
            return S3Response.ok();
        });
        endpoint.on(S3Operation.LIST_BUCKETS, call -> S3Response.ok());
        try (RawConnection connection = endpoint.connect()) {
            connection.send(request("GET /b/k")).reply();
            connection.send("GET /b/k HTTP/1.1\r\nHost: localhost\r\n\r\n").reply();
            connection
                    .send("PUT /b/k HTTP/1.1\r\n" + signed() + "Content-Length: 3\r\n\r\nabc")
                    .reply();
            connection.send(request("GET /missing/k")).reply();
            connection.send(request("GET /")).reply();

            assertThat(endpoint.counted())
                    .anySatisfy(line -> assertThat(line).matches("p1/b/get_obj 2 1 [0-9]+ 0"))
                    .contains("p1/b/put_obj 1 1 0 3", "p1//list_buckets 1 1 0 0")
                    .anySatisfy(line -> assertThat(line).matches("p1/-/get_obj 1 0 [0-9]+ 0"))
                    .hasSize(4);
        }
    }

    @Test
    void logsARequestWhoseClientHasTheWholeReplyAndNoOther() throws IOException {
        endpoint.on(S3Operation.GET_OBJECT, call -> S3Response.ok().body(ByteSource.of(new byte[100_000])));
        try (RawConnection connection = endpoint.connect()) {
            for (int i = 1; i <= 50; i++) {
                connection.send(request("GET /logged/k" + i)).reply();

                assertThat(endpoint.logged()).hasSize(i);
            }
        }
    }
}
