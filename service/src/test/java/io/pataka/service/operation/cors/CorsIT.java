package io.pataka.service.operation.cors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.CORSConfiguration;
import software.amazon.awssdk.services.s3.model.CORSRule;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** A browser's requests to the whole server, which browsers sign in the query or not at all. */
class CorsIT {

    private static final String BUCKET = "pages";

    @RegisterExtension
    static final S3Server SERVER = S3Server.own(
            "domains: [s3.pataka.test]", "cors: {allowedOrigins: ['https://dashboard.test'], maxAge: 60s}");

    @BeforeAll
    static void makeBucket(S3Client client) {
        client.createBucket(request -> request.bucket(BUCKET));
        client.putBucketCors(request -> request.bucket(BUCKET)
                .corsConfiguration(CORSConfiguration.builder()
                        .corsRules(CORSRule.builder()
                                .id("web")
                                .allowedMethods("GET", "PUT")
                                .allowedOrigins("https://*.example.org")
                                .allowedHeaders("content-type")
                                .exposeHeaders("ETag")
                                .build())
                        .build()));
    }

    /** As a browser does it: with an Origin, and without a signature in a header. */
    private static Reply browser(String method, String host, String target, Map<String, String> headers)
            throws IOException {
        StringBuilder text = new StringBuilder(method)
                .append(' ')
                .append(target)
                .append(" HTTP/1.1\r\nHost: ")
                .append(host)
                .append("\r\nConnection: close\r\n");
        headers.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        URI endpoint = URI.create(SERVER.endpoint());
        try (Socket socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(text.append("\r\n").toString().getBytes(UTF_8));
            InputStream in = socket.getInputStream();
            String reply = new String(in.readAllBytes(), UTF_8);
            int end = reply.indexOf("\r\n\r\n") + 4;
            byte[] body = reply.substring(end).getBytes(UTF_8);
            return new Reply(Integer.parseInt(reply.substring(9, 12)), reply.substring(0, end), body.length, body);
        }
    }

    private static String here() {
        return URI.create(SERVER.endpoint()).getAuthority();
    }

    private static Map<String, String> from(String origin, String... more) {
        Map<String, String> headers = new TreeMap<>(Map.of("Origin", origin));
        for (int i = 0; i < more.length; i += 2) {
            headers.put(more[i], more[i + 1]);
        }
        return headers;
    }

    @Test
    void theRulesAreReturnedAsTheyWereSet() {
        try (S3Client client = SERVER.client()) {
            assertThat(client.getBucketCors(request -> request.bucket(BUCKET)).corsRules())
                    .singleElement()
                    .satisfies(rule -> {
                        assertThat(rule.id()).isEqualTo("web");
                        assertThat(rule.allowedMethods()).containsExactly("GET", "PUT");
                        assertThat(rule.exposeHeaders()).containsExactly("ETag");
                        assertThat(rule.maxAgeSeconds()).isNull();
                    });
        }
    }

    @Test
    void aPreflightOfAPresignedUploadNeedsNoSignatureOfItsOwn() throws Exception {
        String target;
        try (S3Presigner presigner = S3Presigner.builder()
                .endpointOverride(URI.create(SERVER.endpoint()))
                .region(Region.US_EAST_1)
                .serviceConfiguration(
                        S3Configuration.builder().pathStyleAccessEnabled(true).build())
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(S3Server.KEYS.access(), S3Server.KEYS.secret())))
                .build()) {
            URI url = presigner
                    .presignPutObject(presign -> presign.signatureDuration(Duration.ofMinutes(5))
                            .putObjectRequest(put -> put.bucket(BUCKET).key("upload")))
                    .url()
                    .toURI();
            target = url.getRawPath() + "?" + url.getRawQuery();
        }

        Reply preflight = browser(
                "OPTIONS",
                here(),
                target,
                from(
                        "https://a.example.org",
                        "Access-Control-Request-Method",
                        "PUT",
                        "Access-Control-Request-Headers",
                        "content-type"));
        assertThat(preflight.status()).isEqualTo(200);
        assertThat(preflight.headersOf("access-control-"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "access-control-allow-origin", "https://a.example.org",
                        "access-control-allow-methods", "GET, PUT",
                        "access-control-allow-headers", "content-type",
                        "access-control-expose-headers", "ETag",
                        "access-control-allow-credentials", "true"));

        Reply upload = browser("PUT", here(), target, from("https://a.example.org", "Content-Length", "0"));
        assertThat(upload.status()).isEqualTo(200);
        assertThat(upload.header("access-control-allow-origin")).contains("https://a.example.org");
        assertThat(upload.header("access-control-expose-headers")).contains("ETag");

        Reply elsewhere = browser("PUT", here(), target, from("https://example.com", "Content-Length", "0"));
        assertThat(elsewhere.status()).isEqualTo(200);
        assertThat(elsewhere.headersOf("access-control-")).isEmpty();
    }

    @Test
    void aBucketInTheHostNameHasTheSameRules() throws Exception {
        String host = BUCKET + ".s3.pataka.test";

        assertThat(browser("GET", host, "/no-such-key", from("https://a.example.org")))
                .satisfies(reply -> {
                    assertThat(reply.status()).isEqualTo(403);
                    assertThat(reply.header("access-control-allow-origin")).contains("https://a.example.org");
                });
        assertThat(browser(
                                "OPTIONS",
                                host,
                                "/key",
                                from("https://a.example.org", "Access-Control-Request-Method", "GET"))
                        .status())
                .isEqualTo(200);
        assertThat(browser(
                                "OPTIONS",
                                host,
                                "/key",
                                from("https://a.example.org", "Access-Control-Request-Method", "DELETE"))
                        .text())
                .contains("<Code>AccessForbidden</Code>", "<Method>DELETE</Method><ResourceType>OBJECT</ResourceType>");
    }

    @Test
    void theDashboardMayDoEverythingEverywhere() throws Exception {
        for (String target : new String[] {"/", "/" + BUCKET, "/" + BUCKET + "/key", "/not-made-yet"}) {
            Reply reply = browser(
                    "OPTIONS",
                    here(),
                    target,
                    from(
                            "https://dashboard.test",
                            "Access-Control-Request-Method",
                            "DELETE",
                            "Access-Control-Request-Headers",
                            "authorization,x-amz-date"));
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("access-control-allow-headers")).contains("authorization, x-amz-date");
            assertThat(reply.header("access-control-max-age")).contains("60");
        }
        try (S3Connection wire = SERVER.connect()) {
            Reply list = wire.call("GET", "/", from("https://dashboard.test"), Body.NONE);
            assertThat(list.status()).isEqualTo(200);
            assertThat(list.header("access-control-allow-origin")).contains("https://dashboard.test");
        }
    }

    @Test
    void withoutAnOriginNothingIsSaid() throws Exception {
        try (S3Connection wire = SERVER.connect()) {
            Reply list = wire.call("GET", "/" + BUCKET);
            assertThat(list.status()).isEqualTo(200);
            assertThat(list.headersOf("access-control-")).isEmpty();
            assertThat(list.header("vary")).isEmpty();
        }
    }
}
