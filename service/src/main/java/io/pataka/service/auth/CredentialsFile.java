package io.pataka.service.auth;

import io.pataka.keystone.Ec2Credential;
import io.pataka.keystone.KeystoneIdentity;
import io.pataka.keystone.KeystoneIdentity.Named;
import io.pataka.keystone.Secret;
import io.pataka.service.secrets.InvalidSecretFileException;
import io.pataka.service.secrets.SecretYaml;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a file of local credentials: a list in YAML, or in JSON, which is YAML as well.
 *
 * <pre>
 * - accessKey: 0PN5J17HBGZHT7JJ3X82
 *   secretKey: ...
 *   account: {id: alpha, name: Alpha}
 *   user: {id: alice, name: Alice}
 *   email: alpha@example.com
 *   roles: [member]
 * </pre>
 *
 * <p>{@code accessKey}, {@code secretKey}, {@code account.id} and {@code roles} are required. The default of a name is the id,
 * and the default of the user is the account.
 */
final class CredentialsFile {

    private static final String DOMAIN = "local";

    private CredentialsFile() {}

    /**
     * Returns the credentials by access key.
     *
     * @throws InvalidSecretFileException when it cannot be read or is not such a list
     */
    static Map<String, LocalCredential> read(Path file) {
        List<SecretYaml> list =
                SecretYaml.read(file).map(root -> root.list("this")).orElse(List.of());
        Map<String, LocalCredential> credentials = new LinkedHashMap<>();
        for (SecretYaml entry : list) {
            LocalCredential credential = credential(entry);
            if (credentials.putIfAbsent(credential.credential().accessKey(), credential) != null) {
                throw entry.wrong("this accessKey stands in an earlier entry, too");
            }
        }
        return credentials;
    }

    private static LocalCredential credential(SecretYaml entry) {
        Map<String, SecretYaml> fields =
                entry.fields("an entry", "accessKey", "account", "email", "roles", "secretKey", "user");
        String accessKey = entry.required(fields, "accessKey").text("accessKey");
        Secret secret = Secret.of(entry.required(fields, "secretKey").text("secretKey"));
        Named account = named(entry.required(fields, "account"), "account");
        Named user = fields.containsKey("user") ? named(fields.get("user"), "user") : account;
        Optional<String> email = Optional.ofNullable(fields.get("email")).map(value -> value.text("email"));
        KeystoneIdentity identity = new KeystoneIdentity(user, account, roles(entry.required(fields, "roles")), false);
        return new LocalCredential(new Ec2Credential(accessKey, Optional.of(secret), identity), secret, email);
    }

    private static Named named(SecretYaml value, String what) {
        Map<String, SecretYaml> fields = value.fields(what, "id", "name");
        String id = value.required(fields, "id").text("id");
        String name = fields.containsKey("name") ? fields.get("name").text("name") : id;
        return new Named(id, name, DOMAIN, DOMAIN);
    }

    private static Set<String> roles(SecretYaml value) {
        Set<String> roles = new HashSet<>();
        for (SecretYaml role : value.list("roles")) {
            roles.add(role.text("a role"));
        }
        return roles;
    }
}
