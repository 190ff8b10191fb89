package io.pataka.keystone;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pataka.keystone.KeystoneIdentity.Named;
import io.pataka.keystone.KeystoneMetrics.Call;
import io.pataka.keystone.ServiceHttp.Reply;
import io.pataka.keystone.ServiceHttp.Request;
import io.pataka.keystone.ServiceToken.Scope;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.openstack4j.model.identity.v3.Credential;

/** Reads secrets with OpenStack4j's credential service, and verifies proofs by {@code s3tokens}, which OpenStack4j lacks. */
final class OpenStack4jKeystoneGateway implements KeystoneGateway {

    private static final List<String> DELEGATION_IN_BLOB = List.of("trust_id", "app_cred_id", "access_token_id");
    private static final List<String> DELEGATION_IN_TOKEN =
            List.of("OS-TRUST:trust", "application_credential", "OS-OAUTH1");

    private final ServiceHttp http;
    private final ServiceSession session;
    private final OpenStack4jCalls openStack;
    private final KeystoneSettings settings;
    private final PacedLog log;

    OpenStack4jKeystoneGateway(
            ServiceHttp http,
            ServiceSession session,
            OpenStack4jCalls openStack,
            KeystoneSettings settings,
            PacedLog log) {
        this.http = http;
        this.session = session;
        this.openStack = openStack;
        this.settings = settings;
        this.log = log;
    }

    /** The id under which Keystone stores an EC2 credential: SHA-256 of the access key in hex. */
    static String credentialId(String accessKey) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(accessKey.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java platform has SHA-256", absent);
        }
    }

    @Override
    public Reading secretOf(String accessKey) throws KeystoneUnavailableException {
        String id = credentialId(accessKey);
        Credential credential = openStack.read(
                Call.CREDENTIAL,
                Deadline.in(settings.timeout()),
                client -> client.identity().credentials().get(id));
        if (credential == null || !"ec2".equals(credential.getType())) {
            return new Reading.Unknown();
        }
        return parsed(accessKey, id, credential.getBlob());
    }

    private Reading parsed(String accessKey, String id, String blob) {
        String cause;
        try {
            JsonNode json = ServiceHttp.JSON.readTree(blob == null ? "" : blob);
            if (!json.isObject()) {
                cause = "its blob is no JSON object";
            } else if (!json.path("secret").isTextual()) {
                cause = "its blob has no text field 'secret'";
            } else {
                boolean delegated = DELEGATION_IN_BLOB.stream().anyMatch(json::hasNonNull);
                return new Reading.Found(new StoredCredential(
                        accessKey, Secret.of(json.get("secret").textValue()), delegated));
            }
        } catch (JsonProcessingException malformed) {
            cause = "its blob is not JSON";
        }
        String line = "EC2 credential " + id + " in Keystone cannot be used: " + cause;
        log.warn("blob", line);
        return new Reading.Unusable(line);
    }

    @Override
    public Verdict prove(SignedProof proof) throws KeystoneUnavailableException {
        Deadline deadline = Deadline.in(settings.timeout());
        byte[] question = question(proof);
        ServiceToken token = session.token(Scope.PROJECT, deadline);
        Reply reply = ask(question, token, deadline);
        if (reply.status() == 401 && !session.stands(token, deadline)) {
            token = session.replace(Scope.PROJECT, token, deadline);
            reply = ask(question, token, deadline);
            if (reply.status() == 401 && !session.stands(token, deadline)) {
                throw KeystoneUnavailableException.down(
                        "Keystone refuses a service token that it has just issued", null);
            }
        }
        return switch (reply.status()) {
            case 200 -> new Verdict.Proved(identity(reply.json().path("token")));
            case 401 -> new Verdict.NotProved();
            case 404 -> new Verdict.Gone();
            case 403 -> throw mayNotAsk();
            default ->
                throw KeystoneUnavailableException.failed("Keystone answered " + reply.status() + " to s3tokens", null);
        };
    }

    private Reply ask(byte[] question, ServiceToken token, Deadline deadline) throws KeystoneUnavailableException {
        return http.send(
                new Request(Call.S3TOKENS, "POST", "/s3tokens", Map.of("X-Auth-Token", token.id()), question),
                deadline);
    }

    private KeystoneUnavailableException mayNotAsk() {
        String refusal = "Keystone does not let service user '" + settings.username()
                + "' call s3tokens; mend it with: " + ServiceUserCheck.grantService(settings);
        log.error("s3tokens", refusal);
        return KeystoneUnavailableException.misconfigured(refusal);
    }

    private static byte[] question(SignedProof proof) {
        ObjectNode credentials = ServiceHttp.JSON.createObjectNode();
        credentials
                .putObject("credentials")
                .put("access", proof.accessKey())
                .put(
                        "token",
                        Base64.getEncoder().encodeToString(proof.stringToSign().getBytes(ISO_8859_1)))
                .put("signature", proof.signature());
        try {
            return ServiceHttp.JSON.writeValueAsBytes(credentials);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static KeystoneIdentity identity(JsonNode token) throws KeystoneUnavailableException {
        Set<String> roles = new HashSet<>();
        token.path("roles").forEach(role -> roles.add(role.path("name").asText()));
        return new KeystoneIdentity(
                named(token.path("user")),
                named(token.path("project")),
                roles,
                DELEGATION_IN_TOKEN.stream().anyMatch(token::hasNonNull));
    }

    private static Named named(JsonNode thing) throws KeystoneUnavailableException {
        JsonNode domain = thing.path("domain");
        for (JsonNode text : List.of(thing.path("id"), thing.path("name"), domain.path("id"), domain.path("name"))) {
            if (!text.isTextual()) {
                throw KeystoneUnavailableException.failed(
                        "Keystone's answer to s3tokens does not name user, project and domains", null);
            }
        }
        return new Named(
                thing.get("id").textValue(),
                thing.get("name").textValue(),
                domain.get("id").textValue(),
                domain.get("name").textValue());
    }

    /** The error if Keystone does not let the service user read secrets. */
    static KeystoneUnavailableException mayNotRead(KeystoneSettings settings, PacedLog log) {
        String refusal = "Keystone does not let service user '" + settings.username()
                + "' read EC2 secrets, users and projects; mend it with: " + ServiceUserCheck.grantReader(settings);
        log.error("credentials", refusal);
        return KeystoneUnavailableException.misconfigured(refusal);
    }
}
