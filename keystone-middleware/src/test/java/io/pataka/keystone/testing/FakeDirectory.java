package io.pataka.keystone.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pataka.keystone.Secret;
import io.pataka.keystone.SignedProof;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** The users, projects, roles and credentials of {@link FakeKeystone}, with its answers about them. Thread-safe. */
final class FakeDirectory {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, String> projects = new ConcurrentHashMap<>();
    private final Map<String, String> users = new ConcurrentHashMap<>();
    private final Set<String> disabled = ConcurrentHashMap.newKeySet();
    private final Map<String, Set<String>> roles = new ConcurrentHashMap<>();
    private final Map<String, StoredBlob> credentials = new ConcurrentHashMap<>();
    private volatile boolean listsOfUsersAreCut;

    private record StoredBlob(String userId, String projectId, String blob) {}

    String addProject(String id, String name) {
        projects.put(id, name);
        return id;
    }

    String addUser(String id, String name) {
        users.put(id, name);
        return id;
    }

    void cutListsOfUsers(boolean cut) {
        listsOfUsersAreCut = cut;
    }

    void grant(String userId, String projectId, String role) {
        roles.computeIfAbsent(userId + "/" + projectId, first -> ConcurrentHashMap.newKeySet())
                .add(role);
    }

    void revoke(String userId, String projectId) {
        roles.remove(userId + "/" + projectId);
    }

    void disable(String id) {
        disabled.add(id);
    }

    void enable(String id) {
        disabled.remove(id);
    }

    void store(String access, String userId, String projectId, String blob) {
        credentials.put(credentialId(access), new StoredBlob(userId, projectId, blob));
    }

    void remove(String access) {
        credentials.remove(credentialId(access));
    }

    boolean hasCredential(String access) {
        return credentials.containsKey(credentialId(access));
    }

    /** The credential as {@code GET /v3/credentials/<id>} describes it. */
    Optional<ObjectNode> credential(String id) {
        return Optional.ofNullable(credentials.get(id)).map(stored -> {
            ObjectNode answer = JSON.createObjectNode();
            answer.putObject("credential")
                    .put("id", id)
                    .put("type", "ec2")
                    .put("user_id", stored.userId())
                    .put("project_id", stored.projectId())
                    .put("blob", stored.blob());
            return answer;
        });
    }

    /** The user, project and roles behind an {@code s3tokens} request; empty if it is refused. */
    Optional<ObjectNode> ownerProvedBy(JsonNode request) throws IOException {
        StoredBlob stored = credentials.get(credentialId(request.path("access").asText()));
        Secret secret = Secret.of(JSON.readTree(stored.blob()).path("secret").asText());
        Set<String> granted = roles.get(stored.userId() + "/" + stored.projectId());
        if (!proof(request).isSignedWith(secret)
                || granted == null
                || disabled.contains(stored.userId())
                || disabled.contains(stored.projectId())) {
            return Optional.empty();
        }
        ObjectNode description = JSON.createObjectNode();
        description.set("user", named(stored.userId(), users.get(stored.userId())));
        description.set("project", named(stored.projectId(), projects.get(stored.projectId())));
        ArrayNode names = description.putArray("roles");
        new TreeSet<>(granted).forEach(role -> names.addObject().put("id", role).put("name", role));
        return Optional.of(description);
    }

    private static SignedProof proof(JsonNode credentials) {
        String access = credentials.path("access").asText();
        String text =
                new String(Base64.getDecoder().decode(credentials.path("token").asText()), ISO_8859_1);
        String signature = credentials.path("signature").asText();
        if (!text.startsWith("AWS4")) {
            return new SignedProof.V2(access, text, signature);
        }
        String[] scope = text.split("\n", -1)[2].split("/", -1);
        return new SignedProof.V4(access, new SignedProof.Scope(scope[0], scope[1], scope[2]), text, signature);
    }

    /** The list of users, or the user, project or domain at a path. */
    Optional<ObjectNode> lookUp(String path) {
        String id = path.substring(path.lastIndexOf('/') + 1);
        ObjectNode found = JSON.createObjectNode();
        if (path.equals("/v3/users")) {
            ArrayNode listed = found.putArray("users");
            users.forEach((user, name) ->
                    listed.addObject().put("id", user).put("name", name).put("domain_id", "default"));
            found.putObject("links").putNull("next");
            if (listsOfUsersAreCut) {
                found.put("truncated", true);
            }
        } else if (path.startsWith("/v3/users/") && users.containsKey(id)) {
            found.putObject("user").put("id", id).put("name", users.get(id)).put("domain_id", "default");
        } else if (path.startsWith("/v3/projects/") && projects.containsKey(id)) {
            found.putObject("project")
                    .put("id", id)
                    .put("name", projects.get(id))
                    .put("domain_id", "default");
        } else if ("/v3/domains/default".equals(path)) {
            found.putObject("domain").put("id", "default").put("name", "Default");
        } else {
            return Optional.empty();
        }
        return Optional.of(found);
    }

    private static ObjectNode named(String id, String name) {
        ObjectNode thing = JSON.createObjectNode().put("id", id).put("name", name);
        thing.putObject("domain").put("id", "default").put("name", "Default");
        return thing;
    }

    private static String credentialId(String access) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(access.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException(absent);
        }
    }
}
