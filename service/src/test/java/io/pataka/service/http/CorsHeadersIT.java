package io.pataka.service.http;

import static io.pataka.service.http.EndpointServer.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.http.RawConnection.Reply;
import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import java.io.IOException;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A page can read every reply to its request, errors included. */
class CorsHeadersIT {

    @RegisterExtension
    static final EndpointServer SERVER = new EndpointServer().on(S3Operation.GET_OBJECT, call -> {
        throw switch (call.key().toString()) {
            case "down" -> new MetadataUnavailableException("down", new IOException("down"));
            case "changed" -> new S3Exception(S3Error.PRECONDITION_FAILED);
            case "bug" -> new IllegalStateException("a bug, which this test made");
            default -> new S3Exception(S3Error.NO_SUCH_KEY);
        };
    });

    @ParameterizedTest
    @CsvSource({
        "/bucket/none, 404",
        "/missing/none, 404",
        "/bucket/changed, 412",
        "/bucket/down, 503",
        "/bucket/bug, 500",
        "/bucket/key?acl&tagging, 400",
        "/bucket/key?X-Amz-Signature=1, 400",
        "/bucket?prefix=%zz, 400"
    })
    void aPageCanReadErrors(String target, int status) throws Exception {
        try (RawConnection connection = SERVER.connect()) {
            Reply reply = connection
                    .send(request("GET " + target, "Origin: " + EndpointServer.PAGE))
                    .reply();
            assertThat(reply.status()).isEqualTo(status);
            assertThat(reply.header("access-control-allow-origin")).isEqualTo(EndpointServer.PAGE);
            assertThat(reply.header("vary")).contains("Origin");

            Reply other = connection
                    .send(request("GET " + target, "Origin: https://elsewhere.test"))
                    .reply();
            assertThat(other.status()).isEqualTo(status);
            assertThat(other.header("access-control-allow-origin")).isNull();
            assertThat(other.header("vary")).isNull();
        }
    }
}
