package io.pataka.keystone.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * A throw-away Barbican of Debian's packages beside {@link RealKeystone#shared()}, in whose catalog it is, with sqlite and
 * {@code simple_crypto}, under uwsgi on a free port of the loopback address. It ends with this JVM. Its policy is the one of newer
 * releases: members of a project may make secrets.
 *
 * <p>The methods about secrets are the calls of a tenant, made with the tenant's token.
 */
public final class RealBarbican implements AutoCloseable {

    private static final List<String> NEEDED = List.of(
            "/usr/bin/barbican-db-manage",
            "/usr/bin/barbican-wsgi-api",
            "/usr/bin/uwsgi_python3",
            "/usr/bin/openstack");

    /** The packaged program reads its configuration from /etc/barbican only. */
    private static final String PROGRAM = """
        from paste import deploy
        application = deploy.loadapp('config:%s')
        """;

    private static final String USER = "barbican";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static RealBarbican shared;

    private final RealKeystone keystone;
    private final UwsgiServer server;
    private final Path directory;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private RealBarbican(RealKeystone keystone) throws IOException {
        this.keystone = keystone;
        this.server = new UwsgiServer("Barbican", USER);
        this.directory = server.directory();
    }

    /** One for all tests of this JVM, started by the first who asks. */
    public static synchronized RealBarbican shared() {
        if (shared == null) {
            shared = start(RealKeystone.shared());
        }
        return shared;
    }

    private static RealBarbican start(RealKeystone keystone) {
        UwsgiServer.require("Barbican", NEEDED, "barbican-api python3-barbicanclient uwsgi-plugin-python3");
        try {
            RealBarbican barbican = new RealBarbican(keystone);
            barbican.install();
            barbican.restart();
            keystone.cloud().newServiceUser(USER);
            keystone.cloud().register("key-manager", barbican.url());
            return barbican;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Without the version. */
    public String url() {
        return "http://127.0.0.1:" + server.port();
    }

    private void install() throws IOException {
        Path paste = directory.resolve("paste.ini");
        Files.copy(Path.of("/usr/share/barbican-common/barbican-api-paste.ini"), paste);
        Files.writeString(program(), PROGRAM.formatted(paste));
        Path settings = Files.createDirectories(directory.resolve(".barbican")).resolve("barbican.conf");
        Files.writeString(settings, configuration());
        server.handOverFiles();
        server.runAsUser("barbican-db-manage", "-d", database(), "upgrade");
    }

    private Path program() {
        return directory.resolve("barbican.wsgi");
    }

    private String database() {
        return "sqlite:///" + directory.resolve("barbican.sqlite");
    }

    private String configuration() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return """
            [DEFAULT]
            host_href = %s
            sql_connection = %s
            db_auto_create = false
            transport_url = fake://
            use_stderr = true
            [secretstore]
            enabled_secretstore_plugins = store_crypto
            [crypto]
            enabled_crypto_plugins = simple_crypto
            [simple_crypto_plugin]
            kek = %s
            [oslo_policy]
            enforce_new_defaults = true
            enforce_scope = true
            [keystone_authtoken]
            auth_url = %s
            auth_type = password
            username = %s
            password = %s
            project_name = service
            user_domain_name = Default
            project_domain_name = Default
            """.formatted(
                        url(),
                        database(),
                        Base64.getEncoder().encodeToString(key),
                        keystone.authUrl(),
                        USER,
                        RealCloud.PASSWORD);
    }

    /** Stops it if it runs, starts it, and waits until it answers. */
    public void restart() {
        server.restart(program().toString(), "/healthcheck", List.of());
    }

    /** SIGSTOP to all its processes: connections are accepted and nothing is answered. */
    public void freeze() {
        server.freeze();
    }

    /** SIGCONT. */
    public void thaw() {
        server.thaw();
    }

    /** SIGKILL to all its processes: connections are refused until {@link #restart()}. */
    public void kill() {
        server.kill();
    }

    /** A secret of the token's project. */
    public UUID newSecret(String token, byte[] payload) {
        return create(token, payload, JSON.createObjectNode());
    }

    /** A secret that ends at a time, to the second. */
    public UUID newSecret(String token, byte[] payload, Instant end) {
        String text = end.truncatedTo(ChronoUnit.SECONDS).toString();
        return create(token, payload, JSON.createObjectNode().put("expiration", text.substring(0, text.length() - 1)));
    }

    private UUID create(String token, byte[] payload, ObjectNode body) {
        body.put("name", "key of a bucket")
                .put("payload", Base64.getEncoder().encodeToString(payload))
                .put("payload_content_type", "application/octet-stream")
                .put("payload_content_encoding", "base64");
        return id(call("POST", "", token, body));
    }

    /** A secret without a payload. */
    public UUID newEmptySecret(String token) {
        return id(call("POST", "", token, JSON.createObjectNode().put("name", "empty")));
    }

    private static UUID id(JsonNode created) {
        String reference = created.path("secret_ref").asText();
        return UUID.fromString(reference.substring(reference.lastIndexOf('/') + 1));
    }

    /** Lets the service user read a secret. */
    public void share(String token, UUID secret) {
        readers(token, secret, keystone.cloud().user(RealCloud.SERVICE_USER));
    }

    /** Lets no user outside the project read a secret. */
    public void withdraw(String token, UUID secret) {
        readers(token, secret);
    }

    private void readers(String token, UUID secret, String... users) {
        ObjectNode acl = JSON.createObjectNode();
        ObjectNode read = acl.putObject("read").put("project-access", true);
        List.of(users).forEach(read.putArray("users")::add);
        call("PUT", "/" + secret + "/acl", token, acl);
    }

    /** Stores user metadata with a secret, in place of what there was. */
    public void describe(String token, UUID secret, String name, String value) {
        ObjectNode body = JSON.createObjectNode();
        body.putObject("metadata").put(name, value);
        call("PUT", "/" + secret + "/metadata", token, body);
    }

    public void delete(String token, UUID secret) {
        call("DELETE", "/" + secret, token, null);
    }

    private JsonNode call(String method, String path, String token, ObjectNode body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "/v1/secrets" + path))
                .header("X-Auth-Token", token)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
            if (response.statusCode() >= 300) {
                throw new IllegalStateException(
                        method + " " + path + " answered " + response.statusCode() + " " + response.body());
            }
            return response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
