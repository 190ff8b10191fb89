package io.pataka.service.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** A file of local credentials, as {@code io.pataka.service.auth.CredentialsFile} describes it, with one key pair to begin with. */
public final class KeyFile {

    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final SecureRandom RANDOM = new SecureRandom();

    private KeyFile() {}

    /** Writes a new file, readable by its owner only, whose one key may do everything in its account. */
    public static void write(Path file, AccessKeys keys) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, """
                # Users listed here may sign requests. The server reads a changed file at once; it needs no restart.
                - accessKey: '%s'
                  secretKey: '%s'
                  account: {id: development, name: Development}
                  user: {id: developer, name: Developer}
                  email: developer@example.com
                  roles: [member]
                """.formatted(keys.access(), keys.secret()), UTF_8);
    }

    /** Adds the key of a user of another account. */
    public static void append(Path file, AccessKeys keys, String account, String user) throws IOException {
        Files.writeString(
                file,
                """
                - accessKey: '%s'
                  secretKey: '%s'
                  account: {id: %s, name: %s}
                  user: {id: %s, name: %s}
                  roles: [member]
                """.formatted(keys.access(), keys.secret(), account, account, user, user),
                UTF_8,
                StandardOpenOption.APPEND);
    }

    /** The first key pair of a file; where there is no file, one is made with a random pair. */
    public static AccessKeys readOrCreate(Path file) throws IOException {
        if (Files.notExists(file)) {
            write(file, new AccessKeys("PATAKA" + random(14), random(40)));
        }
        List<Map<String, Object>> entries =
                new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file, UTF_8));
        Map<String, Object> first = entries.get(0);
        return new AccessKeys(
                first.get("accessKey").toString(), first.get("secretKey").toString());
    }

    private static String random(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
        }
        return text.toString();
    }
}
