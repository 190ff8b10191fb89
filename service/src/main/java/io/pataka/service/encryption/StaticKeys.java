package io.pataka.service.encryption;

import io.pataka.service.secrets.InvalidSecretFileException;
import io.pataka.service.secrets.PrivateFile;
import io.pataka.service.secrets.RereadFile;
import io.pataka.service.secrets.SecretYaml;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Keys of SSE-KMS from a file on this machine, for tests and laboratories: every project may use every key. A change of the file applies
 * to requests that begin a second later. The file is a mapping of ids to 32 bytes in Base64:
 *
 * <pre>
 * testkey-1: YmluZGVyaW5hIHNwaW5lcyBvZiBsb25nIGJvb2tzISE=
 * testkey-2: ...
 * </pre>
 *
 * A request names a key by its id, or by an ARN with the id, which SDKs require for UpdateObjectEncryption:
 * {@code arn:aws:kms:us-east-1:project:key/testkey-1}.
 */
public final class StaticKeys implements KeySource {

    private static final Pattern ARN = Pattern.compile("^arn:[^:/]+:kms:[^:/]*:[^:/]*:key/");

    private final RereadFile<Map<String, WrappingKey>> keys;
    private final KeySource others;

    private StaticKeys(RereadFile<Map<String, WrappingKey>> keys, KeySource others) {
        this.keys = keys;
        this.others = Objects.requireNonNull(others);
    }

    /**
     * Reads the file.
     *
     * @param others finds the keys that are not in the file
     * @throws InvalidSecretFileException when the file cannot be read, is not such a file, or others than its owner may use it
     */
    public static StaticKeys read(Path file, KeySource others, Clock clock) {
        return new StaticKeys(RereadFile.open(file, (path, before) -> parsed(path), clock), others);
    }

    private static Map<String, WrappingKey> parsed(Path file) {
        PrivateFile.require(file);
        Map<String, WrappingKey> keys = new HashMap<>();
        SecretYaml.read(file)
                .map(root -> root.entries("this"))
                .orElse(Map.of())
                .forEach((id, secret) -> keys.put(id, key(secret)));
        return Map.copyOf(keys);
    }

    private static WrappingKey key(SecretYaml secret) {
        try {
            return new WrappingKey(Base64.getDecoder().decode(secret.text("a key")));
        } catch (IllegalArgumentException malformed) {
            throw malformed instanceof InvalidSecretFileException known
                    ? known
                    : secret.wrong("this key is not " + WrappingKey.LENGTH + " bytes in Base64");
        }
    }

    @Override
    public WrappingKey key(String keyId, String project) throws KeyRefusedException {
        Optional<WrappingKey> key = find(keys.content(), keyId).or(() -> find(keys.refreshed(), keyId));
        return key.isPresent() ? key.get() : others.key(keyId, project);
    }

    private static Optional<WrappingKey> find(Map<String, WrappingKey> keys, String keyId) {
        return Optional.ofNullable(keys.get(keyId))
                .or(() -> Optional.ofNullable(keys.get(ARN.matcher(keyId).replaceFirst(""))));
    }

    /** Why the file cannot be used now; empty if it can. The keys that were read last are used meanwhile. */
    public Optional<String> fault() {
        return keys.fault();
    }
}
