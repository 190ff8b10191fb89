package io.pataka.keystone.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.keystone.KeystoneSettings;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A throw-away Keystone of Debian's packages: its own directory, sqlite, uwsgi on a free port of the loopback address, no systemd.
 * Started by root it runs as user {@code keystone}. It ends with this JVM.
 *
 * <p>{@link #cloud()} makes users, projects and credentials in it. It holds, in domain {@code acceptance}, projects alpha and beta;
 * users alice (member of both), bob (reader of alpha) and carol (member of beta); and service user {@code pataka}.
 */
public final class RealKeystone implements AutoCloseable {

    private static final List<String> NEEDED = List.of(
            "/usr/bin/keystone-manage",
            "/usr/bin/keystone-wsgi-public",
            "/usr/bin/uwsgi_python3",
            "/usr/bin/sqlite3",
            "/usr/bin/openstack");
    private static final String MEND = "apt-get install keystone python3-openstackclient uwsgi-plugin-python3";

    private static RealKeystone shared;

    private final Path directory;
    private final int port;
    private final boolean asRoot = "root".equals(System.getProperty("user.name"));
    private Process keeper;
    private RealCloud cloud;

    private RealKeystone() throws IOException {
        directory = Files.createTempDirectory("keystone-");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
    }

    /** One for all tests of this JVM, started by the first who asks. */
    public static synchronized RealKeystone shared() {
        if (shared == null) {
            shared = start();
        }
        return shared;
    }

    /**
     * Takes some 10 seconds.
     *
     * @throws IllegalStateException with the command that mends it, if a package is missing
     */
    public static RealKeystone start() {
        List<String> absent = NEEDED.stream()
                .filter(file -> !Files.isExecutable(Path.of(file)))
                .toList();
        if (!absent.isEmpty()) {
            throw new IllegalStateException(
                    "the tests need a real Keystone, and " + absent + " is missing; mend it with: " + MEND);
        }
        try {
            RealKeystone keystone = new RealKeystone();
            Runtime.getRuntime().addShutdownHook(new Thread(keystone::close, "keystone-end"));
            keystone.install();
            keystone.restart();
            keystone.cloud = RealCloud.seed(keystone.authUrl());
            return keystone;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public String authUrl() {
        return "http://127.0.0.1:" + port + "/v3";
    }

    public RealCloud cloud() {
        return cloud;
    }

    /** For the service user, with a timeout that a busy machine keeps. */
    public KeystoneSettings.Builder settings() {
        return KeystoneSettings.builder()
                .authUrl(authUrl())
                .username(RealCloud.SERVICE_USER)
                .password(RealCloud.PASSWORD)
                .userDomainName("Default")
                .projectName("service")
                .projectDomainName("Default")
                .regionName(RealCloud.REGION)
                .timeout(Duration.ofSeconds(30));
    }

    private void install() throws IOException {
        writeKeys("fernet-keys");
        writeKeys("credential-keys");
        Files.createDirectories(directory.resolve("policy.d"));
        Files.writeString(directory.resolve("keystone.conf"), configuration());
        if (asRoot) {
            run(List.of("chown", "-R", "keystone:keystone", directory.toString()));
        }
        // Without a write-ahead log one worker's reader makes the other's writer fail: "database is locked".
        run(asKeystone("sqlite3", directory.resolve("keystone.db").toString(), "PRAGMA journal_mode=WAL"));
        run(manage("db_sync"));
        run(manage(
                "bootstrap",
                "--bootstrap-password",
                RealCloud.PASSWORD,
                "--bootstrap-region-id",
                RealCloud.REGION,
                "--bootstrap-public-url",
                authUrl(),
                "--bootstrap-internal-url",
                authUrl(),
                "--bootstrap-admin-url",
                authUrl()));
    }

    /** What fernet_setup and credential_setup would write; two starts of Python saved. */
    private void writeKeys(String name) throws IOException {
        Path keys = Files.createDirectories(directory.resolve(name));
        SecureRandom random = new SecureRandom();
        for (String number : List.of("0", "1")) {
            byte[] key = new byte[32];
            random.nextBytes(key);
            Files.write(keys.resolve(number), Base64.getUrlEncoder().encode(key));
        }
    }

    private String configuration() {
        return """
            [DEFAULT]
            use_stderr = true
            public_endpoint = http://127.0.0.1:%d
            [database]
            connection = sqlite:///%s/keystone.db
            [fernet_tokens]
            key_repository = %s/fernet-keys
            [fernet_receipts]
            key_repository = %s/fernet-keys
            [credential]
            key_repository = %s/credential-keys
            [identity]
            password_hash_rounds = 4
            [oslo_policy]
            policy_dirs = %s/policy.d
            """.formatted(port, directory, directory, directory, directory, directory);
    }

    private List<String> manage(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of("/usr/bin/keystone-manage", "--config-file", directory.resolve("keystone.conf") + ""));
        command.addAll(List.of(arguments));
        return asKeystone(command.toArray(String[]::new));
    }

    private List<String> asKeystone(String... command) {
        List<String> whole = new ArrayList<>();
        if (asRoot) {
            whole.addAll(List.of(
                    "setpriv", "--reuid", "keystone", "--regid", "keystone", "--init-groups", "--inh-caps=-all", "--"));
        }
        whole.addAll(List.of("env", "HOME=" + directory, "LC_ALL=C.UTF-8"));
        whole.addAll(List.of(command));
        return whole;
    }

    private void run(List<String> command) throws IOException {
        File log = directory.resolve("install.log").toFile();
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + " failed:\n" + Files.readString(log.toPath()));
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    /** Stops it if it runs, starts it, and waits until it answers. */
    public void restart() {
        kill();
        // The shell ends uwsgi when its standard input ends, that is with this JVM, however it ends.
        List<String> command = new ArrayList<>(
                List.of("sh", "-c", "\"$@\" </dev/null & pid=$!; cat >/dev/null; kill -KILL $pid", "keystone-keeper"));
        command.addAll(asKeystone(
                "OS_KEYSTONE_CONFIG_FILES=" + directory.resolve("keystone.conf"),
                "/usr/bin/uwsgi_python3",
                "--http-socket",
                "127.0.0.1:" + port,
                "--wsgi-file",
                "/usr/bin/keystone-wsgi-public",
                "--need-app",
                "--master",
                "--processes",
                "2",
                // A connection of sqlite must not change its thread.
                "--threads",
                "1",
                "--lazy-apps",
                "--thunder-lock",
                "--buffer-size",
                "65535",
                "--listen",
                "100",
                "--die-on-term",
                "--no-orphans",
                "--add-header",
                "Connection: close"));
        try {
            keeper = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                    .start();
            awaitAnswer();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Path log() {
        return directory.resolve("keystone.log");
    }

    private void awaitAnswer() throws IOException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create(authUrl()))
                .timeout(Duration.ofSeconds(60))
                .build();
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (System.nanoTime() < end && keeper.isAlive()) {
            try {
                if (client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException notYet) {
                pause();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", interrupted);
            }
        }
        throw new IOException("Keystone does not start:\n" + Files.readString(log(), UTF_8));
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Puts rules over Keystone's own; in force from the next request on. An empty object takes them back. */
    public void overridePolicy(String json) {
        try {
            Files.writeString(directory.resolve("policy.d").resolve("override.json"), json);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** SIGSTOP to all its processes: connections are accepted and nothing is answered. */
    public void freeze() {
        signal("STOP");
    }

    /** SIGCONT. */
    public void thaw() {
        signal("CONT");
    }

    /** SIGKILL to all its processes: connections are refused until {@link #restart()}. */
    public void kill() {
        if (keeper == null) {
            return;
        }
        List<ProcessHandle> processes = keeper.descendants().toList();
        processes.forEach(ProcessHandle::destroyForcibly);
        keeper.destroyForcibly();
        processes.forEach(process -> process.onExit().join());
        keeper = null;
    }

    private void signal(String name) {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        keeper.descendants().filter(process -> !isCat(process)).forEach(process -> command.add("" + process.pid()));
        try {
            run(command);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static boolean isCat(ProcessHandle process) {
        return process.info().command().filter(path -> path.endsWith("/cat")).isPresent();
    }

    @Override
    public void close() {
        kill();
        if (Files.notExists(directory)) {
            return;
        }
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
                    Files.deleteIfExists(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException left) {
            throw new UncheckedIOException(left);
        }
    }
}
