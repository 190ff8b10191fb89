package io.pataka.service.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code make run}, the first command in the README. */
final class DevelopmentServerIT {

    private static final Duration STOP = Duration.ofSeconds(60);

    /** What a JVM that ended on SIGINT exits with. */
    private static final int INTERRUPTED = 130;

    @TempDir
    private static Path folder;

    private static Path data;
    private static DevelopmentProcess server;

    @BeforeAll
    static void start() throws Exception {
        data = folder.resolve("data");
        server = DevelopmentProcess.start(data, folder.resolve("log"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void showsTheEndpointAndBothKeys() throws Exception {
        Map<String, String> environment = server.environment();

        assertThat(environment)
                .containsOnlyKeys("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL", "AWS_CA_BUNDLE");
        assertThat(server.process().output())
                .contains(environment.values())
                .contains("eval \"$(make env DATA='" + data + "')\"");
    }

    @Test
    void showsOperatorsItsMetrics() throws Exception {
        HttpResponse<String> metrics = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + server.adminPort() + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString(UTF_8));

        assertThat(metrics.body())
                .contains(
                        "jvm_memory_heap_used",
                        "pataka_requests_running",
                        "database",
                        "pataka_blobs_waiting 0",
                        "pataka_jobs_blob_collector_failures 0",
                        "pataka_volumes_1_failed 0",
                        "pataka_volumes_1_usable");
    }

    @Test
    void keepsSecretsFromOtherUsers() throws Exception {
        for (String file : List.of("credentials.yml", "environment", "key.pem")) {
            assertThat(Files.getPosixFilePermissions(data.resolve(file)))
                    .as(file)
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
    }

    @Test
    void refusesAFolderThatAnotherServerUses() throws Exception {
        try (DevelopmentProcess second = DevelopmentProcess.launch(data, folder.resolve("log of the second"))) {
            assertThat(second.process().awaitEnd(STOP)).isEqualTo(1);
            assertThat(second.process().output()).contains("Another server runs on " + data);
        }
    }

    @Test
    void stopsCleanlyOnCtrlCAndFindsItsKeysAndObjectsAgain(@TempDir Path own) throws Exception {
        Map<String, String> first;
        try (DevelopmentProcess before =
                        DevelopmentProcess.start(own.resolve("data"), own.resolve("log of the first"));
                S3Connection connection = before.connect()) {
            first = before.environment();
            put(connection, "/kept", "");
            put(connection, "/kept/it", "here");
            assertThat(before.process().interrupt(STOP)).isEqualTo(INTERRUPTED);
            // MariaDB removes it at the end of a clean stop.
            assertThat(own.resolve("data/mariadb/pid")).doesNotExist();
            assertThat(own.resolve("data/environment"))
                    .as("of a server that does not run")
                    .doesNotExist();
        }
        try (DevelopmentProcess after =
                        DevelopmentProcess.start(own.resolve("data"), own.resolve("log of the second"));
                S3Connection connection = after.connect()) {
            assertThat(after.environment())
                    .containsEntry("AWS_ACCESS_KEY_ID", first.get("AWS_ACCESS_KEY_ID"))
                    .containsEntry("AWS_SECRET_ACCESS_KEY", first.get("AWS_SECRET_ACCESS_KEY"))
                    .containsEntry("AWS_CA_BUNDLE", first.get("AWS_CA_BUNDLE"));
            assertThat(connection.call("GET", "/kept/it").text()).isEqualTo("here");
        }
    }

    /** A new boto3 warns about an old urllib3 and goes on. If the server closed the connection meanwhile, the answer would be lost. */
    @Test
    void readsTheBodyOfAClientThatDoesNotWaitForTheContinue() throws Exception {
        int length = 4 << 20;
        try (Socket client = secureSocket()) {
            OutputStream out = client.getOutputStream();
            out.write(("PUT /missing/key HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: "
                            + length + "\r\n\r\n")
                    .getBytes(UTF_8));
            StringBuilder reply = new StringBuilder();
            while (reply.indexOf("</Error>") < 0) {
                reply.append((char) client.getInputStream().read());
            }
            for (int sent = 0; sent < length; sent += 1 << 16) {
                out.write(new byte[1 << 16]);
            }
            assertThat(reply).startsWith("HTTP/1.1 404 ").contains("Connection: close");
        }
    }

    private static Socket secureSocket() throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream certificate = Files.newInputStream(data.resolve("cert.pem"))) {
            trusted.setCertificateEntry(
                    "server", CertificateFactory.getInstance("X.509").generateCertificate(certificate));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        URI endpoint = URI.create(server.environment().get("AWS_ENDPOINT_URL"));
        Socket socket = context.getSocketFactory().createSocket(endpoint.getHost(), endpoint.getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void put(S3Connection connection, String path, String content) throws IOException {
        assertThat(connection
                        .call("PUT", path, Map.of(), Body.of(content.getBytes(UTF_8)))
                        .status())
                .as("PUT %s", path)
                .isEqualTo(200);
    }
}
