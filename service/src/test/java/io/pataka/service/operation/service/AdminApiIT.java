package io.pataka.service.operation.service;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;
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
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
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

    /**
     * What {@code rgw_client.py} of Ceilometer 19 and its library {@code awsauth} send, header for header. They sign with version 2, and of the
     * parameters only those that have a meaning in S3, which {@code uid} and {@code stats} have not.
     */
    private static JsonNode asCeilometerWithAwsauth(String path, String query) throws Exception {
        String date = RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
        byte[] signature = mac("HmacSHA1", S3Server.GUEST.secret().getBytes(UTF_8), "GET\n\n\n" + date + "\n" + path);
        return answer("GET " + path + "?" + query + " HTTP/1.1\r\n"
                + "Host: 127.0.0.1:" + SERVER.port() + "\r\n"
                + "User-Agent: python-requests/2.28.1\r\n"
                + "Accept-Encoding: gzip, deflate\r\n"
                + "Accept: */*\r\n"
                + "Connection: keep-alive\r\n"
                + "date: " + date + "\r\n"
                + "Authorization: AWS " + S3Server.GUEST.access() + ":"
                + Base64.getEncoder().encodeToString(signature) + "\r\n"
                + "\r\n");
    }

    /**
     * What later releases of Ceilometer send with {@code awscurl}: version 4, with {@code x-amz-content-sha256} beside the signed headers, and
     * the parameters in another order than they are signed in.
     */
    private static JsonNode asCeilometerWithAwscurl(String path, String query) throws Exception {
        String host = "127.0.0.1:" + SERVER.port();
        String time = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").format(ZonedDateTime.now(ZoneOffset.UTC));
        String nothing = sha256("");
        String sorted = Stream.of(query.split("&")).sorted().collect(Collectors.joining("&"));
        String canonical = "GET\n" + path + "\n" + sorted + "\nhost:" + host + "\nx-amz-date:" + time
                + "\n\nhost;x-amz-date\n" + nothing;
        String scope = time.substring(0, 8) + "/us-east-1/s3/aws4_request";
        byte[] key = ("AWS4" + S3Server.GUEST.secret()).getBytes(UTF_8);
        for (String part : scope.split("/")) {
            key = mac("HmacSHA256", key, part);
        }
        byte[] signature =
                mac("HmacSHA256", key, "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + sha256(canonical));
        return answer("GET " + path + "?" + query + " HTTP/1.1\r\n"
                + "Host: " + host + "\r\n"
                + "User-Agent: python-requests/2.31.0\r\n"
                + "Accept-Encoding: gzip, deflate\r\n"
                + "Accept: application/json\r\n"
                + "Connection: keep-alive\r\n"
                + "Authorization: AWS4-HMAC-SHA256 Credential=" + S3Server.GUEST.access() + "/" + scope
                + ", SignedHeaders=host;x-amz-date, Signature="
                + HexFormat.of().formatHex(signature) + "\r\n"
                + "x-amz-date: " + time + "\r\n"
                + "x-amz-content-sha256: " + nothing + "\r\n"
                + "\r\n");
    }

    private static byte[] mac(String algorithm, byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(key, algorithm));
        return mac.doFinal(text.getBytes(UTF_8));
    }

    private static String sha256(String text) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    }

    private static JsonNode answer(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", SERVER.port())) {
            socket.getOutputStream()
                    .write(request.replace("keep-alive", "close").getBytes(US_ASCII));
            String reply = new String(socket.getInputStream().readAllBytes(), UTF_8);
            assertThat(reply).startsWith("HTTP/1.1 200 ").doesNotContainIgnoringCase("\r\nTransfer-Encoding:");
            return JSON.readTree(reply.substring(reply.indexOf("\r\n\r\n") + 4));
        }
    }

    /** With what {@code get_bucket} and {@code get_usage} of {@code rgw_client.py} make of the answers. */
    @ParameterizedTest
    @CsvSource({"false, development", "false, development%24development", "true, development%24development"})
    void answersTheRequestsOfCeilometersReleases(boolean awscurl, String uid, S3Connection owner) throws Exception {
        owner.call("PUT", "/metered");
        owner.call("PUT", "/metered/a", Map.of(), Body.of(new byte[2049]));

        JsonNode buckets = awscurl
                ? asCeilometerWithAwscurl("/admin/bucket", "uid=" + uid + "&stats=true")
                : asCeilometerWithAwsauth("/admin/bucket", "uid=" + uid + "&stats=true");
        Map<String, List<Long>> stats = new HashMap<>();
        for (JsonNode bucket : buckets) {
            for (JsonNode usage : bucket.required("usage")) {
                stats.put(
                        bucket.required("bucket").textValue(),
                        List.of(
                                usage.required("num_objects").longValue(),
                                usage.required("size_kb").longValue()));
            }
        }
        assertThat(stats).containsEntry("metered", List.of(1L, 3L));

        JsonNode usage = awscurl
                ? asCeilometerWithAwscurl("/admin/usage", "uid=" + uid)
                : asCeilometerWithAwsauth("/admin/usage", "uid=" + uid);
        long ops = 0;
        for (JsonNode user : usage.required("summary")) {
            ops += user.required("total").required("ops").longValue();
        }
        assertThat(ops).isGreaterThanOrEqualTo(2);
        owner.call("DELETE", "/metered/a");
        owner.call("DELETE", "/metered");
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
