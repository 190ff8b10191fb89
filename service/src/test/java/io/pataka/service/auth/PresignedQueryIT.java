package io.pataka.service.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.http.RawConnection;
import io.pataka.service.testing.NewBucket;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Server;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers in the query of a presigned URL that decide what is written; over HTTP. */
class PresignedQueryIT {

    @RegisterExtension
    static final S3Server SERVER = S3Server.shared();

    private final S3Connection owner;
    private final String bucket;

    PresignedQueryIT(S3Connection owner, @NewBucket String bucket) {
        this.owner = owner;
        this.bucket = bucket;
    }

    private String keep(String key) throws IOException {
        S3Connection.Reply reply =
                owner.call("PUT", "/" + bucket + "/" + key, Map.of(), Body.of("first".getBytes(UTF_8)));
        return reply.header("etag").orElseThrow();
    }

    /**
     * @param value percent-encoded
     */
    private RawConnection.Reply put(String key, String parameter, String value) throws IOException {
        WireSigner signer = new WireSigner(S3Server.KEYS);
        Instant now = Instant.now();
        WireRequest request = new WireRequest(
                        "PUT",
                        "/" + bucket + "/" + key,
                        List.of(),
                        new TreeMap<>(Map.of("host", "127.0.0.1:" + SERVER.port())),
                        "second".getBytes(UTF_8))
                .parameter(parameter, value)
                .parameter("X-Amz-Algorithm", WireSigner.V4)
                .parameter("X-Amz-Credential", signer.credential(now).replace("/", "%2F"))
                .parameter("X-Amz-Date", WireSigner.basic(now))
                .parameter("X-Amz-Expires", "900")
                .parameter("X-Amz-SignedHeaders", "host");
        String signature = signer.signature4(request, List.of("host"), "UNSIGNED-PAYLOAD", now);
        try (RawConnection connection = new RawConnection(SERVER.port())) {
            connection.send(request.parameter("X-Amz-Signature", signature).bytes());
            return connection.reply();
        }
    }

    private String content(String key) throws IOException {
        return owner.call("GET", "/" + bucket + "/" + key).text();
    }

    @ParameterizedTest
    @ValueSource(strings = {"If-None-Match", "if-none-match"})
    void aKeyThatMustNotBeThereIsNotOverwritten(String parameter) throws IOException {
        keep("there");

        RawConnection.Reply refused = put("there", parameter, "%2A");

        assertThat(refused.status()).isEqualTo(412);
        assertThat(refused.code()).isEqualTo("PreconditionFailed");
        assertThat(content("there")).isEqualTo("first");
        assertThat(put("new-" + parameter, parameter, "%2A").status()).isEqualTo(200);
    }

    @Test
    void anotherEntityTagIsNotOverwritten() throws IOException {
        String etag = keep("tagged");

        assertThat(put("tagged", "If-Match", "%22other%22").status()).isEqualTo(412);
        assertThat(content("tagged")).isEqualTo("first");
        assertThat(put("tagged", "If-Match", etag.replace("\"", "%22")).status())
                .isEqualTo(200);
        assertThat(content("tagged")).isEqualTo("second");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-amz-server-side-encryption-customer-key",
                "X-Amz-Server-Side-Encryption-Customer-Key",
                "x-amz-copy-source-server-side-encryption-customer-key"
            })
    void anEncryptionKeyInTheUrlIsRefused(String parameter) throws IOException {
        RawConnection.Reply refused = put("encrypted", parameter, "c2VjcmV0");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("InvalidArgument");
        assertThat(refused.text()).contains("must be in a header").doesNotContain("c2VjcmV0");
        assertThat(owner.call("GET", "/" + bucket + "/encrypted").status()).isEqualTo(404);
    }
}
