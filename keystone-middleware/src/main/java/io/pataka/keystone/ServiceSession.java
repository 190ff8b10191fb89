package io.pataka.keystone;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Ticker;
import io.pataka.keystone.KeystoneMetrics.Call;
import io.pataka.keystone.ServiceHttp.Reply;
import io.pataka.keystone.ServiceHttp.Request;
import io.pataka.keystone.ServiceToken.Scope;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps the service user logged in: one token per scope, renewed before it expires. If several threads need a token, one logs
 * in and the others wait for it, within their deadlines. After a failed login the next attempt is after one second, after a
 * refused one after ten, since a cloud may lock out a user after many wrong passwords.
 */
final class ServiceSession {

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_REFUSAL = Duration.ofSeconds(10);
    private static final Duration PAUSE_BETWEEN_REPLACEMENTS = Duration.ofSeconds(5);
    private static final Duration CONFIRMATION_HOLDS = Duration.ofSeconds(5);

    private final ServiceHttp http;
    private final KeystoneSettings settings;
    private final PacedLog log;
    private final Ticker clock;
    private final Map<Scope, Slot> slots = new EnumMap<>(Scope.class);

    ServiceSession(ServiceHttp http, KeystoneSettings settings, PacedLog log, Ticker clock) {
        this.clock = clock;
        this.http = http;
        this.settings = settings;
        this.log = log;
        for (Scope scope : Scope.values()) {
            slots.put(scope, new Slot(scope));
        }
    }

    /** A token that has not expired; Keystone may still have revoked it. */
    ServiceToken token(Scope scope, Deadline deadline) throws KeystoneUnavailableException {
        return slots.get(scope).token(deadline);
    }

    /** The scope of the token that reads secrets, users and projects. */
    Scope readingScope() {
        return settings.systemScope() ? Scope.SYSTEM : Scope.PROJECT;
    }

    /** A newer token than one that Keystone has refused. */
    ServiceToken replace(Scope scope, ServiceToken refused, Deadline deadline) throws KeystoneUnavailableException {
        return slots.get(scope).replace(refused, deadline);
    }

    /**
     * Whether Keystone still accepts this token. Called after a 401, which may concern the token or the caller; Keystone does
     * not say which. A positive answer is cached for five seconds, so that wrong signatures do not multiply calls.
     */
    boolean stands(ServiceToken token, Deadline deadline) throws KeystoneUnavailableException {
        if (token.wasConfirmedWithin(CONFIRMATION_HOLDS)) {
            return true;
        }
        Reply reply = http.send(
                new Request(
                        Call.TOKEN_CHECK,
                        "GET",
                        "/auth/tokens?nocatalog",
                        Map.of("X-Auth-Token", token.id(), "X-Subject-Token", token.id()),
                        null),
                deadline);
        return switch (reply.status()) {
            case 200 -> {
                token.confirmed();
                yield true;
            }
            case 401, 404 -> false;
            default ->
                throw KeystoneUnavailableException.failed(
                        "Keystone answered " + reply.status() + " to a check of the service token", null);
        };
    }

    private ServiceToken logIn(Scope scope, Deadline deadline) throws KeystoneUnavailableException {
        long askedAt = clock.read();
        Reply reply = http.send(new Request(Call.LOGIN, "POST", "/auth/tokens", Map.of(), loginBody(scope)), deadline);
        Optional<String> id = reply.header("X-Subject-Token");
        if (reply.status() == 201 && id.isPresent()) {
            ServiceToken token = ServiceToken.of(id.get(), reply.json(), askedAt, clock);
            if (scope == Scope.PROJECT) {
                chooseEndpoint(token);
            }
            return token;
        }
        String refusal = refusal(scope, reply.status());
        log.error("login " + scope, refusal);
        throw KeystoneUnavailableException.misconfigured(refusal);
    }

    private String refusal(Scope scope, int status) {
        if (status != 401) {
            return "Keystone answered " + status + " to the login of " + who() + ": is auth_url " + settings.authUrls()
                    + " the address of Keystone's version 3 API?";
        }
        return switch (scope) {
            case PROJECT ->
                "Keystone refused to log in " + who() + " to project '" + settings.projectName()
                        + "': wrong user name or password, user or project disabled, or no role on the project";
            case SYSTEM ->
                "Keystone refused to log in " + who()
                        + " to the system: no role on the system (wanted: reader), or wrong user name or password";
        };
    }

    private String who() {
        return "service user '" + settings.username() + "' of domain '" + settings.userDomainName() + "'";
    }

    private void chooseEndpoint(ServiceToken token) {
        if (settings.regionName().isEmpty() && settings.interfaceName().isEmpty()) {
            return;
        }
        String interfaceName = settings.interfaceName().orElse("public");
        Optional<URI> endpoint =
                token.endpoint("identity", interfaceName, settings.regionName()).map(KeystoneUrl::versioned);
        if (endpoint.isPresent()) {
            http.prefer(endpoint.get());
        } else {
            log.warn(
                    "catalog",
                    "Keystone's catalog has no " + interfaceName + " endpoint of type identity"
                            + settings.regionName()
                                    .map(region -> " in region '" + region + "'")
                                    .orElse("")
                            + " (settings interface and region_name): staying with auth_url " + settings.authUrls());
        }
    }

    private byte[] loginBody(Scope scope) {
        ObjectNode auth = ServiceHttp.JSON.createObjectNode();
        ObjectNode identity = auth.putObject("auth").putObject("identity");
        identity.putArray("methods").add("password");
        ObjectNode user = identity.putObject("password").putObject("user");
        user.put("name", settings.username());
        user.putObject("domain").put("name", settings.userDomainName());
        user.put("password", settings.password().reveal());
        ObjectNode target = ((ObjectNode) auth.get("auth")).putObject("scope");
        if (scope == Scope.SYSTEM) {
            target.putObject("system").put("all", true);
        } else {
            ObjectNode project = target.putObject("project");
            project.put("name", settings.projectName());
            project.putObject("domain").put("name", settings.projectDomainName());
        }
        try {
            return ServiceHttp.JSON.writeValueAsBytes(auth);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The token of one scope. */
    private final class Slot {
        private final Scope scope;
        private final ReentrantLock renewing = new ReentrantLock();
        private volatile ServiceToken current;
        private KeystoneUnavailableException failure;
        private long failedAt;
        private long replacedAt;

        private Slot(Scope scope) {
            this.scope = scope;
            this.replacedAt = clock.read() - PAUSE_BETWEEN_REPLACEMENTS.toNanos();
        }

        ServiceToken token(Deadline deadline) throws KeystoneUnavailableException {
            ServiceToken token = current;
            if (token == null || token.isExpired()) {
                lock(deadline);
                try {
                    return current == null || current.isExpired() ? renewed(deadline) : current;
                } finally {
                    renewing.unlock();
                }
            }
            if (token.isDueForRenewal() && renewing.tryLock()) {
                try {
                    return current.isDueForRenewal() ? renewed(deadline) : current;
                } catch (KeystoneUnavailableException later) {
                    return token;
                } finally {
                    renewing.unlock();
                }
            }
            return token;
        }

        ServiceToken replace(ServiceToken refused, Deadline deadline) throws KeystoneUnavailableException {
            lock(deadline);
            try {
                if (current != refused && current != null) {
                    return current;
                }
                if (clock.read() - replacedAt < PAUSE_BETWEEN_REPLACEMENTS.toNanos()) {
                    String refusal = "Keystone refuses a service token that it has just issued to " + who();
                    log.error("replace " + scope, refusal);
                    throw KeystoneUnavailableException.misconfigured(refusal);
                }
                replacedAt = clock.read();
                current = null;
                return renewed(deadline);
            } finally {
                renewing.unlock();
            }
        }

        private void lock(Deadline deadline) throws KeystoneUnavailableException {
            try {
                if (!renewing.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
                    throw KeystoneUnavailableException.down("the service user's login takes too long", null);
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw KeystoneUnavailableException.failed("interrupted", interrupted);
            }
        }

        private ServiceToken renewed(Deadline deadline) throws KeystoneUnavailableException {
            if (failure != null && clock.read() - failedAt < pauseAfter(failure).toNanos()) {
                throw failure;
            }
            try {
                current = logIn(scope, deadline);
                failure = null;
                return current;
            } catch (KeystoneUnavailableException failed) {
                failure = failed;
                failedAt = clock.read();
                throw failed;
            }
        }

        private Duration pauseAfter(KeystoneUnavailableException failed) {
            return failed.isMisconfiguration() ? PAUSE_AFTER_REFUSAL : PAUSE_AFTER_FAILURE;
        }
    }
}
