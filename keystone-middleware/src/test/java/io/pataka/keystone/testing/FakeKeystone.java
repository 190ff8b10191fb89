package io.pataka.keystone.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.pataka.keystone.KeystoneSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/**
 * A Keystone in this JVM with as much of it as the middleware uses: logins of one service user, {@code s3tokens}, credentials,
 * users, projects and the domain {@code Default}. It answers as Debian's 22.0.2 does, and fails in the ways that a real one
 * cannot be made to. Thread-safe.
 */
public final class FakeKeystone implements AutoCloseable {

    /** The service user and its password; it logs in to project {@code service}. */
    public static final String SERVICE_USER = "pataka";

    public static final String SERVICE_PASSWORD = "service-password";

    private static final ObjectMapper JSON = new ObjectMapper();

    static {
        // The JDK's server writes head and body apart; with Nagle's algorithm each answer would take 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final SSLContext tls;
    private final int port;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "fake-keystone");
        thread.setDaemon(true);
        return thread;
    });
    private HttpServer server;

    private final FakeDirectory directory = new FakeDirectory();
    private final Map<String, Token> tokens = new ConcurrentHashMap<>();
    private final Set<String> serviceRoles = ConcurrentHashMap.newKeySet();
    private final Map<Endpoint, AtomicInteger> calls = new ConcurrentHashMap<>();

    private volatile boolean systemReader = true;
    private volatile Duration tokenLifetime = Duration.ofHours(1);
    private volatile String region = "RegionOne";
    private volatile Fault fault = Fault.NONE;
    private volatile CountDownLatch healed = new CountDownLatch(0);

    /** The kinds of calls. */
    public enum Endpoint {
        LOGIN,
        TOKEN_CHECK,
        S3TOKENS,
        CREDENTIAL,
        LOOK_UP
    }

    private record Token(boolean system, Instant expires) {}

    /** What to do with requests instead of answering them. */
    public record Fault(int status, boolean hang, boolean close, Map<String, String> headers, AtomicInteger times) {
        static final Fault NONE = new Fault(0, false, false, Map.of(), new AtomicInteger());

        /** Answer this status. */
        public static Fault answering(int status) {
            return new Fault(status, false, false, Map.of(), new AtomicInteger(Integer.MAX_VALUE));
        }

        /** Answer nothing until healed. */
        public static Fault hanging() {
            return new Fault(0, true, false, Map.of(), new AtomicInteger(Integer.MAX_VALUE));
        }

        /** Close the connection without an answer. */
        public static Fault closing() {
            return new Fault(0, false, true, Map.of(), new AtomicInteger(Integer.MAX_VALUE));
        }

        /** Only for the next so many requests. */
        public Fault times(int number) {
            return new Fault(status, hang, close, headers, new AtomicInteger(number));
        }

        public Fault header(String name, String value) {
            return new Fault(status, hang, close, Map.of(name, value), times);
        }
    }

    private FakeKeystone(SSLContext tls) {
        this.tls = tls;
        server = bound(0);
        port = server.getAddress().getPort();
        directory.addProject("service-id", "service");
        directory.addUser("pataka-id", SERVICE_USER);
        serviceRoles.add("service");
        listen();
    }

    /** On a free port of the loopback address. */
    public static FakeKeystone start() {
        return new FakeKeystone(null);
    }

    /** The same over https. */
    public static FakeKeystone start(SSLContext tls) {
        return new FakeKeystone(tls);
    }

    private HttpServer bound(int wanted) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted);
        try {
            if (tls == null) {
                return HttpServer.create(address, 1024);
            }
            HttpsServer secured = HttpsServer.create(address, 1024);
            secured.setHttpsConfigurator(new HttpsConfigurator(tls));
            return secured;
        } catch (IOException unbound) {
            throw new UncheckedIOException(unbound);
        }
    }

    private void listen() {
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    public String authUrl() {
        return (tls == null ? "http" : "https") + "://127.0.0.1:" + port + "/v3";
    }

    /** For the service user, with a timeout that a busy machine keeps. */
    public KeystoneSettings.Builder settings() {
        return KeystoneSettings.builder()
                .authUrl(authUrl())
                .username(SERVICE_USER)
                .password(SERVICE_PASSWORD)
                .userDomainName("Default")
                .projectName("service")
                .projectDomainName("Default")
                .timeout(Duration.ofSeconds(20));
    }

    /** Makes a project; returns its id. */
    public String project(String name) {
        return directory.addProject(id(), name);
    }

    /** What {@code [identity] list_limit} does. */
    public void cutListsOfUsers(boolean cut) {
        directory.cutListsOfUsers(cut);
    }

    /** Makes a user; returns its id. */
    public String user(String name) {
        return directory.addUser(id(), name);
    }

    public void grant(String userId, String projectId, String role) {
        directory.grant(userId, projectId, role);
    }

    public void revoke(String userId, String projectId) {
        directory.revoke(userId, projectId);
    }

    /** A user or a project. */
    public void disable(String id) {
        directory.disable(id);
    }

    public void enable(String id) {
        directory.enable(id);
    }

    /** With a random access key and secret. */
    public Ec2Key ec2Key(String userId, String projectId) {
        return ec2Key(id(), id(), userId, projectId);
    }

    /** With an access key and a secret of the user's choice; replaces one with this access key. */
    public Ec2Key ec2Key(String access, String secret, String userId, String projectId) {
        ObjectNode blob = JSON.createObjectNode().put("access", access).put("secret", secret);
        storeBlob(access, userId, projectId, blob.toString());
        return new Ec2Key(access, secret, userId, projectId);
    }

    /** Stores any text where the access key and secret should be. */
    public void storeBlob(String access, String userId, String projectId, String blob) {
        directory.store(access, userId, projectId, blob);
    }

    public void deleteEc2Key(String access) {
        directory.remove(access);
    }

    /** Roles of the service user on its project; {@code service} unless changed. */
    public void serviceUserHasRoles(String... names) {
        serviceRoles.clear();
        serviceRoles.addAll(Set.of(names));
    }

    /** Whether the service user is reader on the system; it is unless changed. */
    public void serviceUserReadsTheSystem(boolean reads) {
        systemReader = reads;
    }

    /** Of tokens issued from now on. */
    public void tokenLifetime(Duration lifetime) {
        tokenLifetime = lifetime;
    }

    /** The region named in the catalog. */
    public void region(String name) {
        region = name;
    }

    public void revokeServiceTokens() {
        tokens.clear();
    }

    public void fail(Fault how) {
        healed.countDown();
        healed = new CountDownLatch(1);
        fault = how;
    }

    public void heal() {
        fault = Fault.NONE;
        healed.countDown();
    }

    /** Nothing listens on the port until {@link #resume()}. */
    public void stop() {
        server.stop(0);
    }

    public void resume() {
        server = bound(port);
        listen();
    }

    /** How many requests have come for this, failed ones included. */
    public int calls(Endpoint endpoint) {
        AtomicInteger count = calls.get(endpoint);
        return count == null ? 0 : count.get();
    }

    public int allCalls() {
        return calls.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    @Override
    public void close() {
        heal();
        server.stop(0);
        threads.shutdownNow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] body = exchange.getRequestBody().readAllBytes();
        Endpoint endpoint = endpoint(exchange.getRequestMethod(), path);
        calls.computeIfAbsent(endpoint, first -> new AtomicInteger()).incrementAndGet();
        Fault now = fault;
        if (now != Fault.NONE && now.times().getAndDecrement() > 0) {
            misbehave(exchange, now);
            return;
        }
        String token = exchange.getRequestHeaders().getFirst("X-Auth-Token");
        switch (endpoint) {
            case LOGIN -> logIn(exchange, JSON.readTree(body));
            case TOKEN_CHECK -> answer(exchange, valid(token) ? 200 : 401, "{}");
            case S3TOKENS -> s3tokens(exchange, token, JSON.readTree(body));
            case CREDENTIAL -> credential(exchange, token, path.substring(path.lastIndexOf('/') + 1));
            case LOOK_UP -> lookUp(exchange, token, path);
        }
    }

    private void misbehave(HttpExchange exchange, Fault how) throws IOException {
        if (how.hang()) {
            try {
                healed.await();
            } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        } else if (how.close()) {
            exchange.close();
        } else {
            how.headers().forEach(exchange.getResponseHeaders()::set);
            answer(exchange, how.status(), "{\"error\":{}}");
        }
    }

    private static Endpoint endpoint(String method, String path) {
        return switch (path) {
            case "/v3/auth/tokens" -> "POST".equals(method) ? Endpoint.LOGIN : Endpoint.TOKEN_CHECK;
            case "/v3/s3tokens" -> Endpoint.S3TOKENS;
            default -> path.startsWith("/v3/credentials/") ? Endpoint.CREDENTIAL : Endpoint.LOOK_UP;
        };
    }

    private void logIn(HttpExchange exchange, JsonNode body) throws IOException {
        JsonNode user = body.at("/auth/identity/password/user");
        boolean system = body.at("/auth/scope/system/all").asBoolean();
        boolean known = SERVICE_USER.equals(user.path("name").asText())
                && SERVICE_PASSWORD.equals(user.path("password").asText())
                && "Default".equals(user.at("/domain/name").asText());
        boolean scoped = system
                ? systemReader
                : !serviceRoles.isEmpty()
                        && "service".equals(body.at("/auth/scope/project/name").asText());
        if (!known || !scoped) {
            answer(exchange, 401, "{\"error\":{\"code\":401}}");
            return;
        }
        Instant now = Instant.now();
        String id = id();
        tokens.put(id, new Token(system, now.plus(tokenLifetime)));
        ObjectNode token = JSON.createObjectNode();
        token.put("issued_at", now.toString())
                .put("expires_at", now.plus(tokenLifetime).toString());
        ArrayNode names = token.putArray("roles");
        (system ? Set.of("reader") : serviceRoles)
                .forEach(role -> names.addObject().put("id", role).put("name", role));
        ObjectNode identity = token.putArray("catalog").addObject().put("type", "identity");
        ArrayNode endpoints = identity.putArray("endpoints");
        for (String name : Set.of("public", "internal", "admin")) {
            endpoints
                    .addObject()
                    .put("interface", name)
                    .put("region_id", region)
                    .put("url", authUrl());
        }
        exchange.getResponseHeaders().set("X-Subject-Token", id);
        answer(exchange, 201, JSON.createObjectNode().set("token", token).toString());
    }

    private boolean valid(String token) {
        Token known = token == null ? null : tokens.get(token);
        return known != null && Instant.now().isBefore(known.expires());
    }

    private void s3tokens(HttpExchange exchange, String token, JsonNode body) throws IOException {
        if (!valid(token)) {
            answer(exchange, 401, "{}");
            return;
        }
        if (tokens.get(token).system() || !serviceRoles.contains("service")) {
            answer(exchange, 403, "{}");
            return;
        }
        JsonNode proof = body.path("credentials");
        if (!directory.hasCredential(proof.path("access").asText())) {
            answer(exchange, 404, "{}");
            return;
        }
        Optional<ObjectNode> owner = directory.ownerProvedBy(proof);
        answer(
                exchange,
                owner.isPresent() ? 200 : 401,
                owner.map(described ->
                                JSON.createObjectNode().set("token", described).toString())
                        .orElse("{}"));
    }

    private void credential(HttpExchange exchange, String token, String id) throws IOException {
        if (refusesToRead(exchange, token)) {
            return;
        }
        Optional<ObjectNode> credential = directory.credential(id);
        answer(
                exchange,
                credential.isPresent() ? 200 : 404,
                credential
                        .map(ObjectNode::toString)
                        .orElse("{\"error\":{\"code\":404,\"message\":\"Could not find credential\"}}"));
    }

    private boolean refusesToRead(HttpExchange exchange, String token) throws IOException {
        if (!valid(token)) {
            answer(exchange, 401, "{\"error\":{\"code\":401,\"message\":\"Unauthorized\"}}");
            return true;
        }
        if (!tokens.get(token).system()) {
            answer(exchange, 403, "{\"error\":{\"code\":403,\"message\":\"Forbidden\"}}");
            return true;
        }
        return false;
    }

    private void lookUp(HttpExchange exchange, String token, String path) throws IOException {
        if (refusesToRead(exchange, token)) {
            return;
        }
        Optional<ObjectNode> found = directory.lookUp(path);
        answer(
                exchange,
                found.isPresent() ? 200 : 404,
                found.map(ObjectNode::toString).orElse("{\"error\":{\"code\":404,\"message\":\"Not found\"}}"));
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String id() {
        return UUID.randomUUID().toString().replace("-", "");
    }
}
