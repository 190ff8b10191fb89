package io.pataka.service.auth;

import io.pataka.keystone.Ec2Credential;
import io.pataka.keystone.KeystoneIdentity;
import io.pataka.keystone.KeystoneIdentity.Named;
import io.pataka.keystone.Secret;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

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
    private static final Set<String> FIELDS = Set.of("accessKey", "secretKey", "account", "user", "email", "roles");
    private static final Set<String> NAMED_FIELDS = Set.of("id", "name");

    private final Path file;

    CredentialsFile(Path file) {
        this.file = file;
    }

    /**
     * Returns the credentials by access key.
     *
     * @throws InvalidCredentialsFileException when it cannot be read or is not such a list
     */
    Map<String, LocalCredential> read() {
        Node root;
        try (Reader text = Files.newBufferedReader(file)) {
            root = new Yaml(new SafeConstructor(new LoaderOptions())).compose(text);
        } catch (MarkedYAMLException notYaml) {
            int line = notYaml.getProblemMark() == null
                    ? 1
                    : notYaml.getProblemMark().getLine() + 1;
            throw new InvalidCredentialsFileException(file + ", line " + line + ": this is not YAML");
        } catch (YAMLException | CharacterCodingException notYaml) {
            throw new InvalidCredentialsFileException(file + ": this is not YAML in UTF-8");
        } catch (NoSuchFileException absent) {
            throw new InvalidCredentialsFileException(file + " does not exist");
        } catch (AccessDeniedException denied) {
            throw new InvalidCredentialsFileException(file + " may not be read by the user of the service");
        } catch (IOException unreadable) {
            throw new InvalidCredentialsFileException(
                    file + " cannot be read: " + unreadable.getClass().getSimpleName());
        }
        if (root == null) {
            return Map.of();
        }
        if (!(root instanceof SequenceNode list)) {
            throw new InvalidCredentialsFileException(file + ": this is not a list");
        }
        Map<String, LocalCredential> credentials = new LinkedHashMap<>();
        for (Node node : list.getValue()) {
            Entry entry = new Entry(credentials.size() + 1, node);
            LocalCredential credential = entry.read();
            if (credentials.putIfAbsent(credential.credential().accessKey(), credential) != null) {
                throw entry.wrong(node, "this accessKey stands in an earlier entry, too");
            }
        }
        return credentials;
    }

    /** Reads one entry. Errors name its line. */
    private final class Entry {
        private final int number;
        private final Node node;

        Entry(int number, Node node) {
            this.number = number;
            this.node = node;
        }

        LocalCredential read() {
            Map<String, Node> fields = fields(node, FIELDS, "an entry");
            String accessKey = text(fields, "accessKey");
            Secret secret = Secret.of(text(fields, "secretKey"));
            Named account = named(required(fields, "account"), "account");
            Named user = fields.containsKey("user") ? named(fields.get("user"), "user") : account;
            Optional<String> email =
                    fields.containsKey("email") ? Optional.of(text(fields, "email")) : Optional.empty();
            KeystoneIdentity identity = new KeystoneIdentity(user, account, roles(required(fields, "roles")), false);
            return new LocalCredential(new Ec2Credential(accessKey, Optional.of(secret), identity), secret, email);
        }

        private Named named(Node value, String what) {
            Map<String, Node> fields = fields(value, NAMED_FIELDS, what);
            String id = text(fields, "id");
            String name = fields.containsKey("name") ? text(fields, "name") : id;
            return new Named(id, name, DOMAIN, DOMAIN);
        }

        private Set<String> roles(Node value) {
            if (!(value instanceof SequenceNode list)) {
                throw wrong(value, "roles is not a list");
            }
            Set<String> roles = new HashSet<>();
            for (Node role : list.getValue()) {
                roles.add(text(role, "a role"));
            }
            return roles;
        }

        private Map<String, Node> fields(Node value, Set<String> known, String what) {
            if (!(value instanceof MappingNode mapping)) {
                throw wrong(value, what + " is not a mapping");
            }
            Map<String, Node> fields = new LinkedHashMap<>();
            for (NodeTuple tuple : mapping.getValue()) {
                // The error does not quote an unknown name, which may be a misplaced secret.
                String name = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
                if (!known.contains(name)) {
                    throw wrong(tuple.getKeyNode(), what + " has the fields " + inOrder(known) + " and no others");
                }
                if (fields.put(name, tuple.getValueNode()) != null) {
                    throw wrong(tuple.getKeyNode(), name + " stands here twice");
                }
            }
            return fields;
        }

        private Node required(Map<String, Node> fields, String name) {
            Node value = fields.get(name);
            if (value == null) {
                throw wrong(node, name + " is missing");
            }
            return value;
        }

        private String text(Map<String, Node> fields, String name) {
            return text(required(fields, name), name);
        }

        private String text(Node value, String name) {
            if (!(value instanceof ScalarNode scalar) || scalar.getValue().isEmpty()) {
                throw wrong(value, name + " is not a text or is empty");
            }
            return scalar.getValue();
        }

        InvalidCredentialsFileException wrong(Node where, String why) {
            int line = where.getStartMark().getLine() + 1;
            return new InvalidCredentialsFileException(file + ", line " + line + ", entry " + number + ": " + why);
        }

        private static List<String> inOrder(Set<String> names) {
            List<String> sorted = new ArrayList<>(names);
            sorted.sort(null);
            return sorted;
        }
    }
}
