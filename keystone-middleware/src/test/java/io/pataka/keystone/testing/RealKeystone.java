package io.pataka.keystone.testing;

import io.pataka.keystone.KeystoneSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A throw-away Keystone of Debian's packages, with sqlite, under uwsgi on a free port of the loopback address. It ends with this
 * JVM.
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

    private static RealKeystone shared;

    private final UwsgiServer server;
    private final Path directory;
    private RealCloud cloud;

    private RealKeystone() throws IOException {
        server = new UwsgiServer("Keystone", "keystone");
        directory = server.directory();
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
        UwsgiServer.require("Keystone", NEEDED, "keystone python3-openstackclient uwsgi-plugin-python3");
        try {
            RealKeystone keystone = new RealKeystone();
            keystone.install();
            keystone.restart();
            keystone.cloud = RealCloud.seed(keystone.authUrl());
            return keystone;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public String authUrl() {
        return "http://127.0.0.1:" + server.port() + "/v3";
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
        server.handOverFiles();
        // Without a write-ahead log one worker's reader makes the other's writer fail: "database is locked".
        server.runAsUser("sqlite3", directory.resolve("keystone.db").toString(), "PRAGMA journal_mode=WAL");
        manage("db_sync");
        manage(
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
                authUrl());
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
            """.formatted(server.port(), directory, directory, directory, directory, directory);
    }

    private void manage(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("/usr/bin/keystone-manage", "--config-file", directory.resolve("keystone.conf") + ""));
        command.addAll(List.of(arguments));
        server.runAsUser(command.toArray(String[]::new));
    }

    /** Stops it if it runs, starts it, and waits until it answers. */
    public void restart() {
        server.restart(
                "/usr/bin/keystone-wsgi-public",
                "/v3",
                List.of("OS_KEYSTONE_CONFIG_FILES=" + directory.resolve("keystone.conf")));
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

    @Override
    public void close() {
        server.close();
    }
}
