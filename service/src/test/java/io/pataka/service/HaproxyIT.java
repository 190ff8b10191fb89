package io.pataka.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dropwizard.testing.DropwizardTestSupport;
import io.pataka.service.development.SelfSignedCertificate;
import io.pataka.service.metadata.DatabaseSettings;
import io.pataka.service.testing.AccessKeys;
import io.pataka.service.testing.EmbeddedMariaDb;
import io.pataka.service.testing.HaProxy;
import io.pataka.service.testing.KeyFile;
import io.pataka.service.testing.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real HAProxy with etc/haproxy.cfg before two nodes with etc/pataka.yml; only addresses, paths and secrets are replaced. */
@Timeout(180)
final class HaproxyIT {

    private static final AccessKeys KEYS = new AccessKeys("PATAKATEST", "not-a-secret");
    private static final Path SHIPPED = Path.of("../etc");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The only address on the proxy's list of own addresses. The limits hold for all others of 127.0.0.0/8. */
    private static final String OWN = "127.0.0.1";

    private static final String CLIENT = "127.0.0.2";

    /** The connections that etc/haproxy.cfg allows an address at the same time. */
    private static final int CONNECTIONS = 256;

    /** Requests in ten seconds. The number in etc/haproxy.cfg would make the test send thousands. */
    private static final int REQUESTS = 10;

    private static final int CURL_TIMED_OUT = 28;

    @TempDir
    private Path folder;

    private int port;
    private SelfSignedCertificate certificate;
    private EmbeddedMariaDb server;
    private DropwizardTestSupport<PatakaConfiguration> first;
    private DropwizardTestSupport<PatakaConfiguration> second;
    private HaProxy proxy;

    @BeforeEach
    void start() throws Exception {
        certificate = SelfSignedCertificate.in(folder);
        KeyFile.write(folder.resolve("credentials"), KEYS);
        Files.createDirectory(folder.resolve("volume1"));
        server = EmbeddedMariaDb.separate();
        DatabaseSettings database = server.freshSchema();
        first = node("first", database);
        second = node("second", database);
        port = ServerProcess.freePort();
        proxy = HaProxy.start(configuration(), port);
        await("200");
    }

    @AfterEach
    void stop() throws Exception {
        server.thaw();
        if (proxy != null) {
            proxy.close();
        }
        if (first != null) {
            first.after();
        }
        if (second != null) {
            second.after();
        }
        server.close();
    }

    /** The server asks Keystone for keys that the file does not have, and no process listens at Keystone's address. */
    private DropwizardTestSupport<PatakaConfiguration> node(String name, DatabaseSettings database) throws Exception {
        Path settings = folder.resolve(name + ".yml");
        String text = Files.readString(SHIPPED.resolve("pataka.yml"), UTF_8)
                .replace("jdbc:mariadb://127.0.0.1:3306/pataka", database.url())
                .replace("${PATAKA_DATABASE_PASSWORD:-pataka}", "'" + database.password() + "'")
                .replace("/var/lib/pataka/volume1", folder.resolve("volume1").toString())
                .replace(
                        "/etc/pataka/credentials", folder.resolve("credentials").toString())
                .replace("/var/log/pataka", folder.resolve(name).toString())
                .replace("# order: [local]", "order: [local, keystone]")
                .replace("port: 8080", "port: 0")
                .replace("port: 8081", "port: 0");
        String keystone = "keystone: {auth_url: 'http://127.0.0.1:" + ServerProcess.freePort()
                + "/v3', username: pataka, password: none, project_name: service, timeout: 1s}\n";
        Files.writeString(settings, text + keystone);
        DropwizardTestSupport<PatakaConfiguration> node =
                new DropwizardTestSupport<>(PatakaApplication.class, settings.toString());
        node.before();
        return node;
    }

    private Path configuration() throws IOException {
        Path pem = folder.resolve("pataka.pem");
        Files.writeString(pem, Files.readString(certificate.certificate()) + Files.readString(certificate.key()));
        Path file = folder.resolve("haproxy.cfg");
        String shipped = Files.readString(SHIPPED.resolve("haproxy.cfg"), UTF_8);
        assertThat(shipped)
                .contains("acl own src 127.0.0.0/8", "sc0_conn_cur gt " + CONNECTIONS, "sc0_http_req_rate gt 5000");
        Files.writeString(
                file,
                shipped.replace("bind :443", "bind 127.0.0.1:" + port)
                        .replace("/etc/haproxy/pataka.pem", pem.toString())
                        .replace("acl own src 127.0.0.0/8", "acl own src " + OWN)
                        .replace("sc0_http_req_rate gt 5000", "sc0_http_req_rate gt " + REQUESTS)
                        .replace("192.0.2.11:8080", "127.0.0.1:" + first.getLocalPort())
                        .replace("192.0.2.12:8080", "127.0.0.1:" + second.getLocalPort()));
        return file;
    }

    /** The status of a signed request through the proxy. */
    private String list() throws Exception {
        return list(OWN);
    }

    /** @return 000 where the connection was closed without an answer */
    private String list(String from) throws Exception {
        return curl(
                from,
                "-o",
                folder.resolve("reply").toString(),
                "--aws-sigv4",
                "aws:amz:us-east-1:s3",
                "--user",
                KEYS.access() + ":" + KEYS.secret(),
                "-H",
                "x-amz-content-sha256: UNSIGNED-PAYLOAD",
                "https://127.0.0.1:" + port + "/");
    }

    /** The status of each answer, on a line each. */
    private String curl(String from, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("curl", "-s", "--interface", from, "--max-time", Long.toString(PATIENCE.toSeconds())));
        command.addAll(List.of("--cacert", certificate.certificate().toString(), "-w", "%{http_code}\n"));
        command.addAll(List.of(arguments));
        Process curl = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String statuses = new String(curl.getInputStream().readAllBytes(), UTF_8);
        assertThat(curl.waitFor()).as("it hangs").isNotEqualTo(CURL_TIMED_OUT);
        return statuses.strip();
    }

    private void await(String status) throws Exception {
        await(OWN, status);
    }

    private void await(String from, String status) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String last = list(from);
        while (!last.equals(status) && System.nanoTime() < end) {
            Thread.sleep(200);
            last = list(from);
        }
        assertThat(last).as(proxy.output()).isEqualTo(status);
    }

    private static int ready(DropwizardTestSupport<PatakaConfiguration> node) throws Exception {
        URI asked = URI.create("http://127.0.0.1:" + node.getLocalPort() + "/-/ready");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(asked).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void servesWhileKeystoneIsAwayAndWhenANodeStops() throws Exception {
        assertThat(ready(first)).isEqualTo(200);
        assertThat(ready(second)).isEqualTo(200);
        for (int i = 0; i < 10; i++) {
            assertThat(list()).isEqualTo("200");
        }

        first.after();

        for (int i = 0; i < 10; i++) {
            assertThat(list()).isEqualTo("200");
        }
    }

    /** One address is refused at once, without waiting, and the others are served. */
    @Test
    void refusesAnAddressThatTakesMoreThanItsShare() throws Exception {
        List<Socket> held = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                held.add(new Socket(OWN, port, InetAddress.getByName(CLIENT), 0));
            }
            await(CLIENT, "000");
            assertThat(list()).isEqualTo("200");
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
        await(CLIENT, "200");

        // Over one connection. The fragment numbers the answers and is not sent.
        String other = "127.0.0.3";
        List<String> statuses = curl(
                        other,
                        "-D",
                        folder.resolve("heads").toString(),
                        "-o",
                        folder.resolve("answer#1").toString(),
                        "https://127.0.0.1:" + port + "/-/ready#[1-" + 2 * REQUESTS + "]")
                .lines()
                .toList();
        assertThat(statuses).hasSize(2 * REQUESTS);
        assertThat(statuses.subList(0, REQUESTS)).containsOnly("200");
        assertThat(statuses.subList(REQUESTS, 2 * REQUESTS)).containsOnly("503");
        assertThat(Files.readString(folder.resolve("heads"))).containsIgnoringCase("\nretry-after: 1");
        assertThat(Files.readString(folder.resolve("answer" + 2 * REQUESTS))).contains("<Code>SlowDown</Code>");
        assertThat(list()).isEqualTo("200");
    }

    /** All nodes share the database. If the proxy took them out, clients would get the proxy's own error page. */
    @Test
    void passesOnWhatTheNodesAnswerWhileTheDatabaseIsAway() throws Exception {
        server.kill();
        Thread.sleep(6_000);

        assertThat(list()).isEqualTo("503");
        assertThat(Files.readString(folder.resolve("reply"))).contains("<Code>ServiceUnavailable</Code>");
        server.start();
        await("200");
    }
}
