package io.pataka.keystone.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Users, projects, roles and credentials of a real Keystone, made and changed over its REST API as its administrator. Ids are
 * Keystone's. The seeded ones are shared by all tests: what a test changes it makes for itself.
 */
public final class RealCloud {

    /** The password of every user. */
    public static final String PASSWORD = "acceptance";

    /** In domain Default; role {@code service} on project {@code service}, {@code reader} on the system. */
    public static final String SERVICE_USER = "pataka";

    public static final String REGION = "RegionOne";
    public static final String DOMAIN = "acceptance";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String authUrl;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, String> roles = new ConcurrentHashMap<>();
    private final Map<String, String> users = new ConcurrentHashMap<>();
    private final Map<String, String> projects = new ConcurrentHashMap<>();
    private final Map<String, Ec2Key> seeded = new ConcurrentHashMap<>();
    private final String admin;
    private String domain;

    private RealCloud(String authUrl) {
        this.authUrl = authUrl;
        this.admin = logIn("admin", "Default", "admin", "Default");
    }

    static RealCloud seed(String authUrl) {
        RealCloud cloud = new RealCloud(authUrl);
        cloud.post("/roles", JSON.createObjectNode().put("name", "service"));
        cloud.get("/roles", cloud.admin)
                .path("roles")
                .forEach(role -> cloud.roles.put(
                        role.path("name").asText(), role.path("id").asText()));
        cloud.domain = cloud.post("/domains", JSON.createObjectNode().put("name", DOMAIN))
                .at("/domain/id")
                .asText();
        cloud.projects.put("service", cloud.create("project", "service", "default"));
        cloud.grantOnSystem(cloud.newServiceUser(SERVICE_USER), "reader");
        cloud.newProject("alpha");
        cloud.newProject("beta");
        cloud.newUser("alice");
        cloud.newUser("bob");
        cloud.newUser("carol");
        cloud.seedKey("alice", "alpha", "member");
        cloud.seedKey("alice", "beta", "member");
        cloud.seedKey("bob", "alpha", "reader");
        cloud.seedKey("carol", "beta", "member");
        return cloud;
    }

    /** In domain Default, with role {@code service} on project {@code service}; returns its id. */
    String newServiceUser(String name) {
        String user = create("user", name, "default");
        users.put(name, user);
        grant(user, project("service"), "service");
        return user;
    }

    /** Enters a service into the catalog; returns the id of its public endpoint. */
    String register(String type, String url) {
        String service = post(
                        "/services", JSON.createObjectNode().put("name", type).put("type", type))
                .at("/service/id")
                .asText();
        return post(
                        "/endpoints",
                        JSON.createObjectNode()
                                .put("service_id", service)
                                .put("interface", "public")
                                .put("region_id", REGION)
                                .put("url", url))
                .at("/endpoint/id")
                .asText();
    }

    private void seedKey(String user, String project, String role) {
        grant(user(user), project(project), role);
        seeded.put(user + "@" + project, newKey(user(user), project(project)));
    }

    /** A seeded user, or one that was made: its id. */
    public String user(String name) {
        return users.get(name);
    }

    /** A seeded project, or one that was made: its id. */
    public String project(String name) {
        return projects.get(name);
    }

    /** The seeded credential of a user for a project. */
    public Ec2Key key(String user, String project) {
        return seeded.get(user + "@" + project);
    }

    /** In domain acceptance; returns its id. */
    public String newProject(String name) {
        String id = create("project", name, domain);
        projects.put(name, id);
        return id;
    }

    /** In domain acceptance; returns its id. */
    public String newUser(String name) {
        String id = create("user", name, domain);
        users.put(name, id);
        return id;
    }

    private String create(String kind, String name, String domainId) {
        ObjectNode body = JSON.createObjectNode().put("name", name).put("domain_id", domainId);
        if ("user".equals(kind)) {
            body.put("password", PASSWORD);
        }
        return post("/" + kind + "s", body).at("/" + kind + "/id").asText();
    }

    public void grant(String user, String project, String role) {
        call("PUT", "/projects/" + project + "/users/" + user + "/roles/" + roles.get(role), admin, null);
    }

    public void revoke(String user, String project, String role) {
        call("DELETE", "/projects/" + project + "/users/" + user + "/roles/" + roles.get(role), admin, null);
    }

    public void grantOnSystem(String user, String role) {
        call("PUT", "/system/users/" + user + "/roles/" + roles.get(role), admin, null);
    }

    public void enableUser(String user, boolean enabled) {
        call(
                "PATCH",
                "/users/" + user,
                admin,
                wrapped("user", JSON.createObjectNode().put("enabled", enabled)));
    }

    public void enableProject(String project, boolean enabled) {
        call(
                "PATCH",
                "/projects/" + project,
                admin,
                wrapped("project", JSON.createObjectNode().put("enabled", enabled)));
    }

    /** An attribute of a user, {@code email} or {@code default_project_id} for instance. */
    public void describeUser(String user, String attribute, String value) {
        call(
                "PATCH",
                "/users/" + user,
                admin,
                wrapped("user", JSON.createObjectNode().put(attribute, value)));
    }

    public void deleteUser(String user) {
        call("DELETE", "/users/" + user, admin, null);
    }

    /** With a random access key and secret; the user need not have a role on the project. */
    public Ec2Key newKey(String user, String project) {
        JsonNode made = call(
                        "POST",
                        "/users/" + user + "/credentials/OS-EC2",
                        admin,
                        JSON.createObjectNode().put("tenant_id", project))
                .path("credential");
        return new Ec2Key(made.path("access").asText(), made.path("secret").asText(), user, project);
    }

    /** A credential with any blob, so that access key, secret and delegation are the user's own choice. */
    public void storeBlob(String token, String user, String project, String blob) {
        call(
                "POST",
                "/credentials",
                token,
                wrapped(
                        "credential",
                        JSON.createObjectNode()
                                .put("type", "ec2")
                                .put("user_id", user)
                                .put("project_id", project)
                                .put("blob", blob)));
    }

    public void deleteKey(Ec2Key key) {
        call("DELETE", "/credentials/" + id(key), admin, null);
    }

    /** The same access key with another secret. */
    public Ec2Key changeSecret(Ec2Key key, String secret) {
        String blob = JSON.createObjectNode()
                .put("access", key.access())
                .put("secret", secret)
                .toString();
        call(
                "PATCH",
                "/credentials/" + id(key),
                admin,
                wrapped("credential", JSON.createObjectNode().put("blob", blob)));
        return key.withSecret(secret);
    }

    /**
     * A credential of an application credential of this user with one of the roles, and the application credential's id.
     *
     * @param userName in domain acceptance
     */
    public Delegated newApplicationCredentialKey(String userName, String projectName, String role) {
        String token = logIn(userName, DOMAIN, projectName, DOMAIN);
        ObjectNode body = JSON.createObjectNode().put("name", "app-" + UUID.randomUUID());
        body.putArray("roles").addObject().put("name", role);
        String path = "/users/" + user(userName) + "/application_credentials";
        String id = call("POST", path, token, wrapped("application_credential", body))
                .at("/application_credential/id")
                .asText();
        return delegated(token, user(userName), project(projectName), "app_cred_id", id, path + "/" + id);
    }

    /** A credential of a trust that one user gives another, with impersonation. */
    public Delegated newTrustKey(String trustorName, String trusteeName, String projectName, String role) {
        String token = logIn(trustorName, DOMAIN, projectName, DOMAIN);
        ObjectNode body = JSON.createObjectNode()
                .put("trustor_user_id", user(trustorName))
                .put("trustee_user_id", user(trusteeName))
                .put("project_id", project(projectName))
                .put("impersonation", true);
        ArrayNode delegatedRoles = body.putArray("roles");
        delegatedRoles.addObject().put("name", role);
        String id = call("POST", "/OS-TRUST/trusts", token, wrapped("trust", body))
                .at("/trust/id")
                .asText();
        return delegated(token, user(trustorName), project(projectName), "trust_id", id, "/OS-TRUST/trusts/" + id);
    }

    /** A credential, and an action that revokes the trust or application credential from which it was made. */
    public record Delegated(Ec2Key key, Runnable takeBack) {}

    private Delegated delegated(
            String token, String user, String project, String field, String delegation, String path) {
        Ec2Key key = new Ec2Key(unique(), unique(), user, project);
        ObjectNode blob = JSON.createObjectNode();
        blob.put("access", key.access()).put("secret", key.secret()).put(field, delegation);
        storeBlob(token, user, project, blob.toString());
        return new Delegated(key, () -> call("DELETE", path, token, null));
    }

    /** Makes every token of a user worthless that was issued until now, by changing the password and changing it back. */
    public void revokeTokens(String user) {
        for (String password : new String[] {unique(), PASSWORD}) {
            call(
                    "PATCH",
                    "/users/" + user,
                    admin,
                    wrapped("user", JSON.createObjectNode().put("password", password)));
        }
    }

    /** A token of a user of domain acceptance for one of its projects. */
    public String token(String user, String project) {
        return logIn(user, DOMAIN, project, DOMAIN);
    }

    /** A project-scoped token. */
    public String logIn(String user, String userDomain, String project, String projectDomain) {
        ObjectNode body = JSON.createObjectNode();
        ObjectNode auth = body.putObject("auth");
        ObjectNode identity = auth.putObject("identity");
        identity.putArray("methods").add("password");
        ObjectNode who = identity.putObject("password").putObject("user");
        who.put("name", user).put("password", PASSWORD).putObject("domain").put("name", userDomain);
        ObjectNode scope = auth.putObject("scope").putObject("project");
        scope.put("name", project).putObject("domain").put("name", projectDomain);
        return send("POST", "/auth/tokens", null, body)
                .headers()
                .firstValue("X-Subject-Token")
                .orElseThrow();
    }

    /** For the {@code openstack} command, as a seeded user. */
    public Map<String, String> environment(String user, String project) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("OS_AUTH_URL", authUrl);
        variables.put("OS_IDENTITY_API_VERSION", "3");
        variables.put("OS_REGION_NAME", REGION);
        variables.put("OS_USERNAME", user);
        variables.put("OS_USER_DOMAIN_NAME", DOMAIN);
        variables.put("OS_PASSWORD", PASSWORD);
        variables.put("OS_PROJECT_NAME", project);
        variables.put("OS_PROJECT_DOMAIN_NAME", DOMAIN);
        return variables;
    }

    /** A credential made by {@code openstack ec2 credentials create}, as its owner. */
    public Ec2Key newKeyByCommand(String user, String project) {
        ProcessBuilder command = new ProcessBuilder("openstack", "ec2", "credentials", "create", "-f", "json");
        command.environment().keySet().removeIf(name -> name.startsWith("OS_"));
        command.environment().putAll(environment(user, project));
        try {
            Process process = command.start();
            byte[] said = process.getInputStream().readAllBytes();
            String complaint = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command.command() + " failed: " + complaint);
            }
            JsonNode made = JSON.readTree(said);
            return new Ec2Key(
                    made.path("access").asText(),
                    made.path("secret").asText(),
                    made.path("user_id").asText(),
                    made.path("project_id").asText());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Any GET as the administrator. */
    public JsonNode get(String path) {
        return get(path, admin);
    }

    private JsonNode get(String path, String token) {
        return call("GET", path, token, null);
    }

    private JsonNode post(String path, ObjectNode inner) {
        String kind = path.substring(1, path.length() - 1);
        return call("POST", path, admin, wrapped(kind, inner));
    }

    private static ObjectNode wrapped(String kind, ObjectNode inner) {
        ObjectNode outer = JSON.createObjectNode();
        outer.set(kind, inner);
        return outer;
    }

    private JsonNode call(String method, String path, String token, ObjectNode body) {
        try {
            String text = send(method, path, token, body).body();
            return text.isEmpty() ? JSON.createObjectNode() : JSON.readTree(text);
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    private HttpResponse<String> send(String method, String path, String token, ObjectNode body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(authUrl + path))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.toString()));
        if (token != null) {
            request.header("X-Auth-Token", token);
        }
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() >= 300) {
                throw new IllegalStateException(
                        method + " " + path + " answered " + response.statusCode() + " " + response.body());
            }
            return response;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static String id(Ec2Key key) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(key.access().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException(absent);
        }
    }

    /** A name that no other test uses. */
    public static String unique() {
        return UUID.randomUUID().toString().replace("-", "");
    }
}
