package io.pataka.service.cloud;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dropwizard.testing.DropwizardTestSupport;
import io.pataka.keystone.testing.Ec2Key;
import io.pataka.keystone.testing.RealCloud;
import io.pataka.keystone.testing.RealKeystone;
import io.pataka.service.PatakaApplication;
import io.pataka.service.PatakaConfiguration;
import io.pataka.service.development.SelfSignedCertificate;
import io.pataka.service.metadata.DatabaseSettings;
import io.pataka.service.testing.AccessKeys;
import io.pataka.service.testing.EmbeddedMariaDb;
import io.pataka.service.testing.KeyFile;
import io.pataka.service.testing.KeyRings;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The shipped application, over http and https, with a real database, a volume of its own, and a Keystone. It also has one local
 * key, {@link #LOCAL}.
 */
final class CloudTestBed implements AutoCloseable {

    static final AccessKeys LOCAL = new AccessKeys("PATAKALOCAL", "a local secret");

    private final Store store;
    private final DropwizardTestSupport<PatakaConfiguration> server;
    private final int httpsPort;
    private final Path certificate;
    private final Path log;

    private CloudTestBed(
            Store store, DropwizardTestSupport<PatakaConfiguration> server, int httpsPort, Path certificate, Path log) {
        this.store = store;
        this.server = server;
        this.httpsPort = httpsPort;
        this.certificate = certificate;
        this.log = log;
    }

    /** What the nodes of one cloud share. */
    private record Store(DatabaseSettings database, Path volume, Map<String, String> keystone) {}

    /** The section {@code keystone} for the service user of a real Keystone, with a timeout long enough for a busy machine. */
    static Map<String, String> settingsFor(RealKeystone keystone) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("auth_url", keystone.authUrl());
        settings.put("username", RealCloud.SERVICE_USER);
        settings.put("password", RealCloud.PASSWORD);
        settings.put("user_domain_name", "Default");
        settings.put("project_name", "service");
        settings.put("project_domain_name", "Default");
        settings.put("region_name", RealCloud.REGION);
        settings.put("timeout", "30s");
        return settings;
    }

    /**
     * With a key ring.
     *
     * @param folder empty; gets settings, certificate, key ring and objects
     * @param keystone the section of that name
     */
    static CloudTestBed start(Path folder, Map<String, String> keystone) throws Exception {
        Path ring = folder.resolve("keyring.yml");
        KeyRings.readOrCreate(ring);
        return start(folder, keystone, "encryption: {keyRing: '%s'}".formatted(ring));
    }

    /** @param more sections of the settings */
    static CloudTestBed start(Path folder, Map<String, String> keystone, String more) throws Exception {
        return start(
                folder,
                new Store(
                        EmbeddedMariaDb.shared().freshSchema(),
                        Files.createDirectory(folder.resolve("volume")),
                        keystone),
                more);
    }

    /**
     * Another node with the same database and volume.
     *
     * @param other empty; gets its settings and certificate
     * @param more sections of its settings
     */
    CloudTestBed sibling(Path other, String more) throws Exception {
        return start(other, store, more);
    }

    private static CloudTestBed start(Path folder, Store store, String more) throws Exception {
        DatabaseSettings database = store.database();
        SelfSignedCertificate certificate = SelfSignedCertificate.in(folder);
        KeyFile.write(folder.resolve("local.yml"), LOCAL);
        int httpsPort = ServerProcess.freePort();
        StringBuilder section = new StringBuilder();
        store.keystone()
                .forEach((name, value) -> section.append("  ")
                        .append(name)
                        .append(": '")
                        .append(value)
                        .append("'\n"));
        Path settings = folder.resolve("pataka.yml");
        Files.writeString(
                settings,
                """
                # A thousand clients at once are Keystone's matter here, not the database's.
                database: {url: '%s', user: '%s', password: '%s', connectTimeout: 60s, answerTimeout: 60s}
                volumes:
                  - {number: 1, path: '%s'}
                limits: {reserve: 64MiB}
                notifications: {delivery: {allowedNetworks: [127.0.0.0/8]}}
                credentials:
                  order: [local, keystone]
                  localFile: '%s'
                keystone:
                %s%s
                server:
                  maxThreads: 1100
                  applicationConnectors:
                    - {type: http, bindHost: 127.0.0.1, port: 0, acceptQueueSize: 2000}
                    - {type: https-pem, bindHost: 127.0.0.1, port: %d, certificate: '%s', privateKey: '%s'}
                  adminConnectors:
                    - {type: http, bindHost: 127.0.0.1, port: 0}
                logging:
                  level: WARN
                  loggers: {io.pataka.service.health: INFO}
                  appenders:
                    - {type: file, currentLogFilename: '%s', archive: false, logFormat: '%%-5level %%msg%%n'}
                """.formatted(
                                database.url(),
                                database.user(),
                                database.password(),
                                store.volume(),
                                folder.resolve("local.yml"),
                                section,
                                more,
                                httpsPort,
                                certificate.certificate(),
                                certificate.key(),
                                folder.resolve("log")),
                UTF_8);
        DropwizardTestSupport<PatakaConfiguration> server =
                new DropwizardTestSupport<>(PatakaApplication.class, settings.toString());
        server.before();
        return new CloudTestBed(store, server, httpsPort, certificate.certificate(), folder.resolve("log"));
    }

    /** All that the server has logged. */
    String log() throws IOException {
        return Files.readString(log, UTF_8);
    }

    /** Over plain HTTP, signed with version 4. */
    S3Connection connect(Ec2Key key) throws IOException {
        return connect(new AccessKeys(key.access(), key.secret()));
    }

    S3Connection connect(AccessKeys keys) throws IOException {
        return new S3Connection(server.getLocalPort(), keys);
    }

    /** One request on a connection of its own. */
    S3Connection.Reply call(Ec2Key key, String method, String target) throws IOException {
        return call(key, method, target, "");
    }

    /** One request with a body on a connection of its own. */
    S3Connection.Reply call(Ec2Key key, String method, String target, String body) throws IOException {
        return call(key, method, target, Map.of(), body);
    }

    /** The same with headers. */
    S3Connection.Reply call(Ec2Key key, String method, String target, Map<String, String> headers, String body)
            throws IOException {
        try (S3Connection connection = connect(key)) {
            return connection.call(method, target, headers, S3Connection.Body.of(body.getBytes(UTF_8)));
        }
    }

    URI http() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** What S3 clients take from their environment to act with a key over HTTPS. */
    Map<String, String> environment(Ec2Key key) {
        return Map.of(
                "AWS_ACCESS_KEY_ID", key.access(),
                "AWS_SECRET_ACCESS_KEY", key.secret(),
                "AWS_ENDPOINT_URL", "https://localhost:" + httpsPort,
                "AWS_CA_BUNDLE", certificate.toString());
    }

    /** {@code /metrics} or {@code /healthcheck}. */
    HttpResponse<String> admin(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.getAdminPort() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString(UTF_8));
    }

    /** Exchanges with Keystone up to now, as the operator sees them. */
    long keystoneCalls() throws IOException, InterruptedException {
        return sum("pataka_keystone_call_", "_count");
    }

    /** The sum of all samples whose name, without labels, begins and ends so. */
    long sum(String begin, String end) throws IOException, InterruptedException {
        return admin("/metrics")
                .body()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split(" ", 2))
                .filter(sample -> sample[0].startsWith(begin) && sample[0].endsWith(end))
                .mapToLong(sample -> (long) Double.parseDouble(sample[1]))
                .sum();
    }

    @Override
    public void close() {
        server.after();
    }
}
