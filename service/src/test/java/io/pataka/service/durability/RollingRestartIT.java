package io.pataka.service.durability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.PatakaApplication;
import io.pataka.service.testing.AccessKeys;
import io.pataka.service.testing.EmbeddedMariaDb;
import io.pataka.service.testing.Eventually;
import io.pataka.service.testing.HaProxy;
import io.pataka.service.testing.ServerProcess;
import io.pataka.service.testing.ServerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Three nodes on one volume and one database behind HAProxy with {@code etc/haproxy.cfg}, of which only the addresses and TLS are changed.
 * Each node is stopped and started again, and then one is killed, under clients that write and read. No call of Amazon's client, with its
 * usual retries, fails.
 */
@Timeout(300)
final class RollingRestartIT {

    private static final AccessKeys KEYS = new AccessKeys("PATAKATEST", "not-a-secret");
    private static final int NODES = 3;
    private static final int CLIENTS = 4;
    private static final String BUCKET = "rolling";
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final List<String> JVM = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx192m");

    @TempDir
    private Path folder;

    private final int proxyPort = freePort();
    private final List<Integer> ports = new ArrayList<>();
    private final List<ServerProcess> nodes = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final List<AtomicInteger> calls = new ArrayList<>();
    private HaProxy proxy;

    private static int freePort() {
        try {
            return ServerProcess.freePort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void start() throws Exception {
        String first = null;
        for (int i = 0; i < NODES; i++) {
            int port = freePort();
            ports.add(port);
            if (first == null) {
                Path settings = ServerSettings.forTests(
                        folder, port, EmbeddedMariaDb.shared().freshSchema(), KEYS);
                first = Files.readString(settings, UTF_8);
            }
            String text = first.replace("port: " + ports.get(0) + "}", "port: " + port + "}")
                    .replaceFirst("(adminConnectors:\\R.*port: )[0-9]+", "$1" + freePort());
            Files.writeString(settings(i), text, UTF_8);
            nodes.add(node(i));
        }
        for (int i = 0; i < NODES; i++) {
            awaitReady(i);
        }
        proxy = HaProxy.start(configuration(), proxyPort);
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        if (proxy != null) {
            proxy.close();
        }
        nodes.forEach(ServerProcess::close);
    }

    private Path settings(int node) {
        return folder.resolve("node-" + node + ".yml");
    }

    private ServerProcess node(int number) throws Exception {
        return ServerProcess.start(
                JVM,
                List.of(
                        PatakaApplication.class.getName(),
                        "server",
                        settings(number).toString()),
                folder.resolve("node-" + number + ".log"));
    }

    private void awaitReady(int node) throws Exception {
        URI ready = URI.create("http://127.0.0.1:" + ports.get(node) + "/-/ready");
        nodes.get(node).awaitListening(ports.get(node), PATIENCE);
        HttpClient client = HttpClient.newHttpClient();
        Eventually.holds(
                "node " + node + " is ready",
                () -> client.send(HttpRequest.newBuilder(ready).build(), HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 200);
    }

    private Path configuration() throws Exception {
        String shipped = Files.readString(Path.of("../etc/haproxy.cfg"), UTF_8);
        String bind = "bind :443 ssl crt /etc/haproxy/pataka.pem alpn http/1.1";
        String servers = shipped.substring(shipped.indexOf("    server node1"));
        assertThat(shipped).contains(bind);
        StringBuilder own = new StringBuilder();
        for (int i = 0; i < NODES; i++) {
            own.append("    server node%d 127.0.0.1:%d%n".formatted(i, ports.get(i)));
        }
        String text = shipped.replace(bind, "bind 127.0.0.1:" + proxyPort).replace(servers, own);
        return Files.writeString(folder.resolve("haproxy.cfg"), text, UTF_8);
    }

    private S3Client client() {
        return S3Client.builder()
                .endpointOverride(URI.create("http://127.0.0.1:" + proxyPort))
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(KEYS.access(), KEYS.secret())))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    private Void writeAndRead(int number) {
        String key = "client-" + number;
        try (S3Client client = client()) {
            while (!stopped.get()) {
                String content = "%d of client %d".formatted(calls.get(number).incrementAndGet(), number);
                client.putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromString(content));
                assertThat(client.getObjectAsBytes(
                                        request -> request.bucket(BUCKET).key(key))
                                .asUtf8String())
                        .isEqualTo(content);
                assertThat(client.listObjectsV2(
                                        request -> request.bucket(BUCKET).prefix(key))
                                .contents())
                        .hasSize(1);
            }
        }
        return null;
    }

    /** The clients go on, through whichever nodes are there. */
    private void awaitCalls(String when) throws Exception {
        List<Integer> before = calls.stream().map(AtomicInteger::get).toList();
        Eventually.holds("all clients go on " + when, () -> {
            for (int i = 0; i < CLIENTS; i++) {
                if (calls.get(i).get() < before.get(i) + 20) {
                    return false;
                }
            }
            return true;
        });
    }

    @Test
    void noCallFailsWhileNodesAreStoppedStartedAndKilled() throws Exception {
        try (S3Client client = client()) {
            client.createBucket(request -> request.bucket(BUCKET));
        }
        List<Future<Void>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int number = i;
            calls.add(new AtomicInteger());
            clients.add(threads.submit(() -> writeAndRead(number)));
        }
        awaitCalls("at the beginning");
        for (int i = 0; i < NODES; i++) {
            assertThat(nodes.get(i).stop(PATIENCE)).isEqualTo(143);
            awaitCalls("without node " + i);
            nodes.set(i, node(i));
            awaitReady(i);
        }
        nodes.get(1).kill();
        awaitCalls("after a node was killed");
        stopped.set(true);
        for (Future<Void> end : clients) {
            end.get(60, TimeUnit.SECONDS);
        }
    }
}
