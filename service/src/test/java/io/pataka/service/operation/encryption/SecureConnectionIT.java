package io.pataka.service.operation.encryption;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.testing.NewBucket;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import io.pataka.service.testing.ServerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A customer's key is taken over TLS only. A proxy that ends TLS says so, if the settings trust it. */
class SecureConnectionIT {

    @RegisterExtension
    static final S3Server SERVER = S3Server.edited(SecureConnectionIT::trustTheProxy);

    private final S3Connection wire;
    private final String target;

    SecureConnectionIT(S3Connection wire, @NewBucket String bucket) {
        this.wire = wire;
        this.target = "/" + bucket + "/key";
    }

    private static void trustTheProxy(Path settings) throws IOException {
        ServerSettings.replace(settings, "requireTls: false", "requireTls: true");
        ServerSettings.replace(
                settings,
                "applicationConnectors:\n    - {type: http,",
                "applicationConnectors:\n    - {useForwardedHeaders: true, type: http,");
    }

    private static Map<String, String> through(String protocol) {
        Map<String, String> headers = new TreeMap<>(CustomerHeaders.FIRST.headers());
        headers.put("X-Forwarded-Proto", protocol);
        return headers;
    }

    private Reply put(Map<String, String> headers) throws IOException {
        return wire.call("PUT", target, headers, Body.of("meow".getBytes(UTF_8)));
    }

    @Test
    void aKeyOverPlainHttpIsRefusedAndNothingIsStored() throws Exception {
        for (Map<String, String> headers : List.of(CustomerHeaders.FIRST.headers(), through("http"))) {
            Reply refused = put(headers);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.text())
                    .contains("<Code>InvalidRequest</Code>")
                    .contains("must be made over a secure connection");
        }
        assertThat(wire.call("GET", target).status()).isEqualTo(404);
    }

    @Test
    void theProxySaysThatItsClientUsedTls() throws Exception {
        assertThat(put(through("https")).status()).isEqualTo(200);
        assertThat(wire.call("GET", target, through("https"), Body.NONE).text()).isEqualTo("meow");
        assertThat(wire.call("GET", target, through("http"), Body.NONE).status())
                .isEqualTo(400);
    }

    @Test
    void keysOfTheServiceNeedNoTls() throws Exception {
        assertThat(put(Map.of("x-amz-server-side-encryption", "AES256")).status())
                .isEqualTo(200);
        assertThat(wire.call("GET", target).text()).isEqualTo("meow");
    }
}
