package io.pataka.service.encryption;

import io.pataka.service.encryption.RingKey.Place;
import io.pataka.service.secrets.InvalidSecretFileException;
import io.pataka.service.secrets.PrivateFile;
import io.pataka.service.secrets.SecretYaml;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads and writes files with a {@link Ring}, in YAML. Only the owner of the file may read it.
 *
 * <pre>
 * active: 2026-11-28-1f3a9c
 * keys:
 *   2025-06-01-77d201: {key: Base64 of 32 bytes}
 *   2026-11-28-1f3a9c: {barbican: 6fe1fd2e-24cf-4bd5-8ab1-6b5d3ca1b4a5}
 * </pre>
 */
public final class KeyRingFile {

    private static final String HEAD = """
            # The keys of SSE-S3. Without a key, all objects whose data keys it wraps are lost: keep a copy elsewhere.
            # "java -jar pataka.jar keys" adds keys, makes one active, and finds out which are not needed any more.
            """;

    private KeyRingFile() {}

    /**
     * Reads a file.
     *
     * @throws InvalidSecretFileException when it is no such file, or others than its owner may use it
     */
    public static Ring read(Path file) {
        PrivateFile.require(file);
        SecretYaml root =
                SecretYaml.read(file).orElseThrow(() -> new InvalidSecretFileException(file + " has no keys"));
        Map<String, SecretYaml> fields = root.fields("a key ring", "active", "keys");
        Map<String, RingKey> keys = new LinkedHashMap<>();
        root.required(fields, "keys").entries("keys").forEach((id, entry) -> keys.put(id, key(entry)));
        SecretYaml active = root.required(fields, "active");
        try {
            return new Ring(active.text("active"), keys);
        } catch (IllegalArgumentException unfit) {
            throw active.wrong(unfit.getMessage());
        }
    }

    private static RingKey key(SecretYaml entry) {
        Map<String, SecretYaml> fields = entry.fields("a key", "barbican", "key");
        if (fields.size() != 1) {
            throw entry.wrong("a key has either the field barbican or the field key");
        }
        Place place = fields.containsKey("key") ? Place.FILE : Place.BARBICAN;
        SecretYaml value = fields.values().iterator().next();
        try {
            return new RingKey(place, value.text("it"));
        } catch (InvalidSecretFileException wrong) {
            throw wrong;
        } catch (IllegalArgumentException unfit) {
            throw value.wrong(unfit.getMessage());
        }
    }

    /**
     * Makes a file.
     *
     * @throws FileAlreadyExistsException when there is one
     */
    public static void create(Path file, Ring ring) throws IOException {
        PrivateFile.create(file, text(ring));
    }

    /** Replaces a file by another with the same owner. Comments in it are lost. */
    public static void replace(Path file, Ring ring) throws IOException {
        PrivateFile.replace(file, text(ring));
    }

    private static String text(Ring ring) {
        StringBuilder text = new StringBuilder(HEAD);
        text.append("active: '").append(ring.active()).append("'\nkeys:\n");
        ring.keys()
                .forEach((id, key) -> text.append("  '")
                        .append(id)
                        .append(key.place() == Place.FILE ? "': {key: '" : "': {barbican: '")
                        .append(key.text())
                        .append("'}\n"));
        return text.toString();
    }
}
