package io.pataka.service.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.metadata.DatabaseSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Settings for a server process of a test: plain HTTP on 127.0.0.1, one volume, one key pair. */
public final class ServerSettings {

    private ServerSettings() {}

    /** Replaces a text that a file of settings must have. */
    public static void replace(Path file, String old, String text) throws IOException {
        String before = Files.readString(file, UTF_8);
        assertThat(before).contains(old);
        Files.writeString(file, before.replace(old, text), UTF_8);
    }

    /**
     * Makes settings, keys, a key ring and an empty volume in a folder.
     *
     * @return the settings file, readable by its owner only because the database's password is in it
     */
    public static Path forTests(Path folder, int port, DatabaseSettings database, AccessKeys keys) throws IOException {
        Path credentials = folder.resolve("credentials.yml");
        KeyFile.write(credentials, keys);
        Path ring = folder.resolve("keyring.yml");
        KeyRings.readOrCreate(ring);
        Path volume = Files.createDirectory(folder.resolve("volume"));
        Path file = folder.resolve("pataka.yml");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        String text = """
                database: {url: '%s', user: '%s', password: '%s'}
                volumes:
                  - {number: 1, path: '%s', storageClasses: [STANDARD, STANDARD_IA]}
                limits: {reserve: 64MiB}
                credentials: {localFile: '%s'}
                encryption: {keyRing: '%s', requireTls: false}
                server:
                  applicationConnectors:
                    - {type: http, bindHost: 127.0.0.1, port: %d}
                  adminConnectors:
                    - {type: http, bindHost: 127.0.0.1, port: %d}
                logging:
                  level: WARN
                """.formatted(
                        database.url(),
                        database.user(),
                        database.password(),
                        volume,
                        credentials,
                        ring,
                        port,
                        ServerProcess.freePort());
        Files.writeString(file, text, UTF_8);
        return file;
    }
}
