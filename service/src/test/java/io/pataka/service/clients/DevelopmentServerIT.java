package io.pataka.service.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The newcomer's first command. */
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
        assertThat(server.process().output()).contains(environment.values());
    }

    @Test
    void showsOperatorsItsMetrics() throws Exception {
        HttpResponse<String> metrics = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + server.adminPort() + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString(UTF_8));

        assertThat(metrics.body()).contains("jvm_memory_heap_used", "pataka_requests_running", "database");
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

    private static void put(S3Connection connection, String path, String content) throws IOException {
        assertThat(connection
                        .call("PUT", path, Map.of(), Body.of(content.getBytes(UTF_8)))
                        .status())
                .as("PUT %s", path)
                .isEqualTo(200);
    }
}
