package io.pataka.service.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.http.RawConnection.Reply;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.RequestDocument;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.protocol.xml.XmlWriter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EarlyRepliesIT {

    private final CountDownLatch done = new CountDownLatch(1);

    @RegisterExtension
    final EndpointServer server = new EndpointServer();

    @AfterEach
    void letOperationsEnd() {
        done.countDown();
    }

    @Test
    void aClientOfALongCopyGetsWhiteSpaceUntilItIsDone() throws Exception {
        server.on(S3Operation.COPY_OBJECT, whenDone(call -> result()));
        try (RawConnection connection = server.connect()) {
            connection.send(EndpointServer.request("PUT /b/k", "x-amz-copy-source: /b/source"));

            Reply head = connection.head();
            done.countDown();

            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("content-type")).isEqualTo("application/xml");
            assertThat(head.header("x-amz-request-id")).hasSize(16);
            String document = connection.restOfChunks();
            assertThat(document).startsWith(XmlWriter.PROLOG + " ");
            assertThat(XmlElement.parse(document.getBytes(UTF_8), "CopyObjectResult")
                            .requiredText("ETag"))
                    .isEqualTo("\"e\"");
            assertThat(connection
                            .send(EndpointServer.request("GET /b/k"))
                            .reply()
                            .status())
                    .as("the connection lives")
                    .isEqualTo(404);
        }
    }

    @Test
    void theCorsHeadersOfAnEarlyReplyAreForItsOriginOnly() throws Exception {
        server.on(S3Operation.COPY_OBJECT, whenDone(call -> result()));
        try (RawConnection page = server.connect();
                RawConnection program = server.connect()) {
            page.send(EndpointServer.request(
                    "PUT /b/k",
                    "x-amz-copy-source: /b/source",
                    "Origin: " + EndpointServer.PAGE,
                    "Access-Control-Request-Method: GET"));
            assertThat(page.head().header("access-control-allow-origin")).isEqualTo(EndpointServer.PAGE);

            program.send(EndpointServer.request("PUT /b/k", "x-amz-copy-source: /b/source"));
            assertThat(program.head().header("access-control-allow-origin")).isNull();
        }
    }

    @Test
    void anErrorOfALongCompleteIsInTheDocument() throws Exception {
        server.on(S3Operation.COMPLETE_MULTIPART_UPLOAD, whenDone(call -> {
            throw new S3Exception(S3Error.INVALID_PART);
        }));
        try (RawConnection connection = server.connect()) {
            connection.send(EndpointServer.request("POST /b/k?uploadId=u", "Content-Length: 4") + "<a/>");

            Reply head = connection.head();
            done.countDown();

            assertThat(head.status()).isEqualTo(200);
            assertThat(XmlElement.parse(connection.restOfChunks().getBytes(UTF_8), "Error")
                            .requiredText("Code"))
                    .isEqualTo("InvalidPart");
        }
    }

    @Test
    void aShortCopyHasItsStatusAndHeaders() throws Exception {
        server.on(S3Operation.COPY_OBJECT, call -> result().header("x-amz-version-id", "v"));
        try (RawConnection connection = server.connect()) {
            Reply reply = connection
                    .send(EndpointServer.request("PUT /b/k", "x-amz-copy-source: /b/source"))
                    .reply();

            assertThat(reply.header("x-amz-version-id")).isEqualTo("v");
            assertThat(reply.text()).startsWith(XmlWriter.PROLOG + "<CopyObjectResult");
        }
        server.on(S3Operation.COPY_OBJECT, call -> {
            throw new S3Exception(S3Error.PRECONDITION_FAILED);
        });
        try (RawConnection connection = server.connect()) {
            assertThat(connection
                            .send(EndpointServer.request("PUT /b/k", "x-amz-copy-source: /b/source"))
                            .reply()
                            .status())
                    .isEqualTo(412);
        }
    }

    private Operation whenDone(Operation operation) {
        return call -> {
            RequestDocument.readOptional(call.request(), 100, RequestDocument.Digest.OPTIONAL);
            await();
            return operation.perform(call);
        };
    }

    private void await() throws IOException {
        try {
            if (!done.await(1, TimeUnit.MINUTES)) {
                throw new IOException("the test did not release the operation");
            }
        } catch (InterruptedException stopped) {
            throw new InterruptedIOException();
        }
    }

    private static S3Response result() {
        return S3Response.xml(
                XmlWriter.document("CopyObjectResult").leaf("ETag", "\"e\"").toBytes());
    }
}
