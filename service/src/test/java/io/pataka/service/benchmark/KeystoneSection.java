package io.pataka.service.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.keystone.testing.Ec2Key;
import io.pataka.keystone.testing.RealCloud;
import io.pataka.keystone.testing.RealKeystone;
import io.pataka.service.metadata.DatabaseSettings;
import io.pataka.service.testing.AccessKeys;
import io.pataka.service.testing.EmbeddedMariaDb;
import io.pataka.service.testing.KeyFile;
import io.pataka.service.testing.LinuxProcess;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The same small GET with a key of the local file, with one that Keystone knows and the server has cached, and with Keystone asked
 * every time; and how often Keystone is called. Keystone is Debian's, with two processes, sqlite and no cache of its own.
 */
final class KeystoneSection {

    private static final int CONNECTIONS = 16;
    private static final int COLD_KEYS = 20;
    private static final Duration LIFETIME = Duration.ofSeconds(60);
    private static final byte[] CONTENT = new byte[4 << 10];

    private final Report report;
    private final Path folder;
    private final Duration warmUp;
    private final Duration measured;

    KeystoneSection(Report report, Path folder, Duration warmUp, Duration measured) {
        this.report = report;
        this.folder = folder;
        this.warmUp = warmUp;
        this.measured = measured;
    }

    /** @param full for three lifetimes as well, how often keys in constant use are asked about */
    void measure(boolean full) throws Exception {
        report.section("Keystone: GET 4 KiB by where the key comes from");
        try (RealKeystone keystone = RealKeystone.start();
                EmbeddedMariaDb database = EmbeddedMariaDb.separate()) {
            RealCloud cloud = keystone.cloud();
            report.header();
            Measurement local;
            Measurement cached;
            try (Beside server = new Beside(folder.resolve("cached"), database.schema("cached"), keystone, "cached")) {
                local = load(server, "local file", Stage.KEYS);
                cached = load(server, "cached", keys(cloud.key("alice", "alpha")));
                count(server, cloud);
                if (full) {
                    countForLifetimes(server, cloud);
                }
            }
            Measurement asked;
            try (Beside server = new Beside(folder.resolve("ask"), database.schema("ask"), keystone, "ask")) {
                asked = load(server, "ask", keys(cloud.key("alice", "alpha")));
            }
            report.fact("cached / local file", cached.perSecond() / local.perSecond(), "times");
            report.fact("cached / ask", cached.perSecond() / asked.perSecond(), "times");
            report.atLeast(
                    "Keystone: cached / local file, requests per second", 0.9, cached.perSecond() / local.perSecond());
        }
    }

    private Measurement load(Beside server, String name, AccessKeys keys) throws Exception {
        String object = server.storeObject(keys);
        long before = server.keystoneCalls();
        Measurement made = new Load(server.port, keys, CONNECTIONS, warmUp, measured)
                .run(
                        (connection, worker, turn) -> check(connection.discard("GET", object, Map.of(), Body.NONE)),
                        CONTENT.length,
                        () -> new Consumption(server.process.cpu(), Duration.ZERO, 0));
        report.row("GET 4 KiB, " + name, CONNECTIONS, made);
        report.fact("calls to Keystone meanwhile, " + name, server.keystoneCalls() - before, "calls");
        return made;
    }

    private void count(Beside server, RealCloud cloud) throws Exception {
        List<AccessKeys> cold = newKeys(cloud);
        long before = server.keystoneCalls();
        server.useAll(cold);
        report.atMost("Keystone: calls for a cold key", 3, (double) (server.keystoneCalls() - before) / COLD_KEYS);
        long warm = server.keystoneCalls();
        server.useAll(cold);
        report.atMost(
                "Keystone: calls for a request with a warm key",
                0,
                (double) (server.keystoneCalls() - warm) / COLD_KEYS);
    }

    private void countForLifetimes(Beside server, RealCloud cloud) throws Exception {
        List<AccessKeys> keys = newKeys(cloud);
        server.useAll(keys);
        // The first renewal comes early, to keep keys apart.
        server.useFor(LIFETIME, keys);
        long before = server.keystoneCalls();
        int lifetimes = 3;
        server.useFor(LIFETIME.multipliedBy(lifetimes), keys);
        report.atMost(
                "Keystone: calls for a key in constant use and lifetime",
                1.02,
                (double) (server.keystoneCalls() - before) / COLD_KEYS / lifetimes);
    }

    private static List<AccessKeys> newKeys(RealCloud cloud) {
        List<AccessKeys> keys = new ArrayList<>();
        for (int i = 0; i < COLD_KEYS; i++) {
            keys.add(keys(cloud.newKey(cloud.user("alice"), cloud.project("alpha"))));
        }
        return keys;
    }

    private static AccessKeys keys(Ec2Key key) {
        return new AccessKeys(key.access(), key.secret());
    }

    private static void check(Reply reply) throws IOException {
        if (reply.status() / 100 != 2) {
            throw new IOException("not what was asked for: " + reply.head());
        }
    }

    /** A server beside Keystone. */
    private static final class Beside implements AutoCloseable {

        private final int port = ServerProcess.freePort();
        private final int adminPort = ServerProcess.freePort();
        private final HttpClient operator = HttpClient.newHttpClient();
        private final ServerProcess server;
        private final LinuxProcess process;

        Beside(Path folder, DatabaseSettings database, RealKeystone keystone, String mode)
                throws IOException, InterruptedException {
            Files.createDirectories(folder.resolve("volume"));
            KeyFile.write(folder.resolve("credentials.yml"), Stage.KEYS);
            Path settings = Files.writeString(
                    folder.resolve("pataka.yml"),
                    """
                    database: {url: '%s', user: '%s', password: '%s'}
                    volumes: [{number: 1, path: '%s'}]
                    limits: {reserve: 64MiB}
                    credentials: {order: [local, keystone], localFile: '%s'}
                    keystone:
                      auth_url: '%s'
                      username: '%s'
                      password: '%s'
                      project_name: service
                      timeout: 60s
                      mode: %s
                      cache_lifetime: %ds
                    server:
                      applicationConnectors: [{type: http, bindHost: 127.0.0.1, port: %d}]
                      adminConnectors: [{type: http, bindHost: 127.0.0.1, port: %d}]
                    logging: {level: WARN}
                    """.formatted(
                                    database.url(),
                                    database.user(),
                                    database.password(),
                                    folder.resolve("volume"),
                                    folder.resolve("credentials.yml"),
                                    keystone.authUrl(),
                                    RealCloud.SERVICE_USER,
                                    RealCloud.PASSWORD,
                                    mode,
                                    LIFETIME.toSeconds(),
                                    port,
                                    adminPort),
                    UTF_8);
            server = ServerProcess.start(
                    List.of("-Xmx512m"),
                    List.of("io.pataka.service.PatakaApplication", "server", settings.toString()),
                    folder.resolve("server.log"));
            server.awaitListening(port, Duration.ofSeconds(60));
            process = new LinuxProcess(server.pid());
        }

        /** @return its path */
        String storeObject(AccessKeys keys) throws IOException {
            String bucket = "/keystone-" + RealCloud.unique();
            try (S3Connection connection = new S3Connection(port, keys)) {
                check(connection.call("PUT", bucket, Map.of(), Body.of(new byte[0])));
                check(connection.call("PUT", bucket + "/object", Map.of(), Body.of(CONTENT)));
            }
            return bucket + "/object";
        }

        void useAll(List<AccessKeys> keys) throws IOException {
            for (AccessKeys each : keys) {
                try (S3Connection connection = new S3Connection(port, each)) {
                    check(connection.call("GET", "/"));
                }
            }
        }

        void useFor(Duration time, List<AccessKeys> keys) throws IOException, InterruptedException {
            long end = System.nanoTime() + time.toNanos();
            while (System.nanoTime() < end) {
                useAll(keys);
                Thread.sleep(100);
            }
        }

        long keystoneCalls() throws IOException, InterruptedException {
            URI metrics = URI.create("http://127.0.0.1:" + adminPort + "/metrics");
            return operator.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString(UTF_8))
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("pataka_keystone_call_") && line.contains("_count "))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                    .sum();
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
