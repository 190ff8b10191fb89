package io.pataka.service.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.metadata.DatabaseSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * The settings file of a server on this machine that knows keys from a local file only. Every setting is described in
 * {@code etc/pataka.yml}.
 *
 * @param bindHost address that S3 is served on
 * @param adminPort on 127.0.0.1
 * @param volume the one directory for objects
 * @param credentials the file of keys
 */
public record ServerSettings(
        String bindHost,
        int httpPort,
        Optional<Https> https,
        int adminPort,
        DatabaseSettings database,
        Path volume,
        Path credentials) {

    /** TLS beside plain HTTP: both files PEM. */
    public record Https(int port, Path certificate, Path key) {}

    /**
     * Settings, one key pair and an empty volume in a folder, for a server on a port of its own.
     *
     * @return the settings file
     */
    public static Path forTests(Path folder, int port, DatabaseSettings database, AccessKeys keys) throws IOException {
        Path file = folder.resolve("pataka.yml");
        Path credentials = folder.resolve("credentials.yml");
        KeyFile.write(credentials, keys);
        Path volume = Files.createDirectory(folder.resolve("volume"));
        new ServerSettings("127.0.0.1", port, Optional.empty(), ServerProcess.freePort(), database, volume, credentials)
                .write(file);
        return file;
    }

    /** Writes the file anew, readable by its owner only: the database's password is in it. */
    public void write(Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text(), UTF_8);
    }

    private String text() {
        return """
                database:
                  url: %s
                  user: %s
                  password: %s
                volumes:
                  - number: 1
                    path: %s
                credentials:
                  order: [local]
                  localFile: %s
                server:
                  applicationConnectors:
                    - type: http
                      bindHost: %s
                      port: %d
                %s  adminConnectors:
                    - type: http
                      bindHost: 127.0.0.1
                      port: %d
                logging:
                  level: WARN
                  appenders:
                    - type: console
                """.formatted(
                        quoted(database.url()),
                        quoted(database.user()),
                        quoted(database.password()),
                        quoted(volume),
                        quoted(credentials),
                        bindHost,
                        httpPort,
                        https.map(this::httpsConnector).orElse(""),
                        adminPort);
    }

    private String httpsConnector(Https tls) {
        return """
                    - type: https-pem
                      bindHost: %s
                      port: %d
                      certificate: %s
                      privateKey: %s
                """.formatted(bindHost, tls.port(), quoted(tls.certificate()), quoted(tls.key()))
                .indent(4);
    }

    /** Any text as a YAML scalar. */
    private static String quoted(Object text) {
        return "'" + text.toString().replace("'", "''") + "'";
    }
}
