package io.pataka.service.operation.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pataka.service.testing.Guest;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import io.pataka.service.testing.WebClient;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ceph's admin API, with the requests that {@code ceilometer.objectstore.rgw_client} sends. */
class AdminApiIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    static final S3Server SERVER = S3Server.own("cephAdmin: {accessKeys: [" + S3Server.GUEST.access() + "]}");

    private static JsonNode json(Reply reply) throws IOException {
        assertThat(reply.status()).as(new String(reply.body(), UTF_8)).isEqualTo(200);
        assertThat(reply.header("content-type")).contains("application/json");
        return JSON.readTree(reply.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"development", "development%24development"})
    void tellsCeilometerWhatAProjectHas(String uid, S3Connection owner, @Guest S3Connection ceilometer)
            throws IOException {
        owner.call("PUT", "/first");
        owner.call("PUT", "/second");
        owner.call("PUT", "/first/a", Map.of(), Body.of(new byte[1025]));
        owner.call("PUT", "/first/b", Map.of(), Body.of(new byte[1]));

        JsonNode buckets = json(ceilometer.call("GET", "/admin/bucket?stats=true&uid=" + uid));

        assertThat(buckets).hasSize(2);
        assertThat(buckets.get(0).get("bucket").asText()).isEqualTo("first");
        assertThat(buckets.get(0).get("usage")).singleElement().satisfies(main -> {
            assertThat(main.get("num_objects").asLong()).isEqualTo(2);
            assertThat(main.get("size_kb").asLong()).isEqualTo(2);
            assertThat(main.get("size").asLong()).isEqualTo(1026);
        });
        assertThat(buckets.get(1)
                        .get("usage")
                        .get("rgw.main")
                        .get("num_objects")
                        .asLong())
                .isZero();
    }

    @Test
    void tellsCeilometerHowManyRequestsAProjectHad(S3Connection owner, @Guest S3Connection ceilometer)
            throws IOException {
        long before = total(ceilometer);
        owner.call("PUT", "/third");
        owner.call("PUT", "/third/a", Map.of(), Body.of(new byte[10]));

        assertThat(total(ceilometer)).isEqualTo(before + 2);
        JsonNode usage =
                json(ceilometer.call("GET", "/admin/usage?show-summary=false&start=2026-01-01&uid=development"));
        assertThat(usage.has("summary")).isFalse();
        assertThat(usage.get("entries").get(0).get("user").asText()).isEqualTo("development");
        assertThat(usage.get("entries").get(0).get("buckets"))
                .anySatisfy(bucket -> assertThat(bucket.toString())
                        .contains("\"bucket\":\"third\"")
                        .contains("{\"category\":\"put_obj\",\"bytes_sent\":0,\"bytes_received\":10,\"ops\":1,"
                                + "\"successful_ops\":1}"));
    }

    private static long total(S3Connection ceilometer) throws IOException {
        long ops = 0;
        for (JsonNode user :
                json(ceilometer.call("GET", "/admin/usage?uid=development")).get("summary")) {
            ops += user.get("total").get("ops").asLong();
        }
        return ops;
    }

    @Test
    void aProjectWithoutAnythingHasNothing(@Guest S3Connection ceilometer) throws IOException {
        assertThat(json(ceilometer.call("GET", "/admin/bucket?stats=true&uid=nobody")))
                .isEmpty();
        assertThat(json(ceilometer.call("GET", "/admin/usage?uid=nobody")).get("summary"))
                .isEmpty();
    }

    @Test
    void isOnlyForTheAccessKeysOfTheSettings(S3Connection owner) throws Exception {
        Reply refused = owner.call("GET", "/admin/usage?uid=development");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(JSON.readTree(refused.body()).get("Code").asText()).isEqualTo("AccessDenied");

        WebClient anonymous = new WebClient(SERVER.port(), "localhost");
        assertThat(anonymous.get("/admin/bucket?uid=development&stats=true").status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({
        "/admin/usage, 400, InvalidArgument",
        "/admin/bucket?stats=true&uid=, 400, InvalidArgument",
        "/admin/usage?start=never&uid=development, 400, InvalidArgument",
        "/admin/bucket?format=xml&uid=development, 501, NotImplemented",
        "/admin/bucket?bucket=first&stats=true, 501, NotImplemented"
    })
    void refusesOtherQuestions(String target, int status, String code, @Guest S3Connection ceilometer)
            throws IOException {
        Reply refused = ceilometer.call("GET", target);

        assertThat(refused.status()).isEqualTo(status);
        assertThat(JSON.readTree(refused.body()).get("Code").asText()).isEqualTo(code);
    }

    @Test
    void isNotThereUnlessTheSettingsNameAKey() throws Exception {
        try (S3Server plain = S3Server.own().start();
                S3Connection owner = new S3Connection(plain.port(), S3Server.KEYS)) {
            owner.call("PUT", "/admin");
            owner.call("PUT", "/admin/usage", Map.of(), Body.of("an object".getBytes(UTF_8)));

            assertThat(new String(owner.call("GET", "/admin/usage").body(), UTF_8))
                    .isEqualTo("an object");
        }
    }
}
