package io.pataka.keystone;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.pataka.keystone.KeystoneMetrics.Call;
import io.pataka.keystone.SecretReading.Found;
import io.pataka.keystone.SecretReading.Reason;
import io.pataka.keystone.SecretReading.Refused;
import io.pataka.keystone.ServiceHttp.Reply;
import io.pataka.keystone.ServiceHttp.Request;
import io.pataka.keystone.ServiceToken.Scope;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.openstack4j.api.exceptions.ResponseException;
import org.openstack4j.model.barbican.Secret;

/**
 * Reads secrets of tenants in Barbican as the service user, who may read those whose ACL names it. Thread-safe.
 *
 * <p>A secret is cached for its lifetime, and read again in the background in the last fifth of it if it is in use. A refusal is
 * cached for its own lifetime. All requests for one secret share one reading. While Barbican is unavailable, a cached secret is
 * used beyond its lifetime, for the grace of the settings, and its readers do not wait; for any other secret the caller is told that Barbican is unavailable,
 * and Barbican is asked again after a pause of 1 to 1.5 seconds.
 */
public final class BarbicanSecrets implements AutoCloseable {

    private static final String SERVICE = "Barbican";
    private static final int MAX_REFUSALS = 10_000;

    /** Bytes that cached secrets take; enough for some 10,000 keys. Tenants choose the size of their secrets. */
    private static final long MAX_BYTES = 4 << 20;

    private static final int READERS = 6;
    private static final int RENEWERS = 2;

    /** That run or wait at a time. The queue has places for many more, so the readings of other projects wait only for these. */
    private static final int READINGS_OF_A_PROJECT = 16;

    /** How much longer than a reading its caller waits, so that a reading that ran out of time begins the pause first. */
    private static final Duration SLACK = Duration.ofMillis(100);

    /** Pause before the next reading of a secret for which Barbican failed, while it answers for others. */
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final ServiceHttp http;
    private final ServiceSession session;
    private final OpenStack4jCalls openStack;
    private final KeystoneSettings keystone;
    private final BarbicanSettings settings;
    private final KeystoneMetrics metrics;
    private final PacedLog log;
    private final Ticker clock;
    private final OutageGate gate;
    private final KeystoneWorkers readers;

    /** Threads of their own, so that a flood of made-up ids cannot stop the renewal of secrets in use. */
    private final KeystoneWorkers renewers;

    private final ProjectShares shares = new ProjectShares(READINGS_OF_A_PROJECT);
    private final SingleFlight<UUID, SecretReading> readings;
    private final SingleFlight<UUID, SecretReading> renewals;
    private final Cache<UUID, Known> known;
    private final Cache<UUID, Refused> refused;
    private final Cache<UUID, KeystoneUnavailableException> failed;

    BarbicanSecrets(
            ServiceSession session,
            KeystoneSettings keystone,
            BarbicanSettings settings,
            KeystoneMetrics metrics,
            PacedLog log,
            Ticker clock) {
        this.http = new ServiceHttp(
                SERVICE,
                settings.url().map(List::of).orElse(List.of()),
                KeystoneTls.context(keystone),
                READERS + RENEWERS,
                metrics);
        this.session = session;
        this.openStack = OpenStack4jCalls.ofBarbican(http, session, keystone, log);
        this.keystone = keystone;
        this.settings = settings;
        this.metrics = metrics;
        this.log = log;
        this.clock = clock;
        this.gate = new OutageGate(SERVICE, settings.timeout(), log, clock);
        this.readers = new KeystoneWorkers(SERVICE, "barbican-reader", READERS);
        this.renewers = new KeystoneWorkers(SERVICE, "barbican-renewer", RENEWERS);
        this.readings = new SingleFlight<>(readers);
        this.renewals = new SingleFlight<>(renewers);
        this.known = Caffeine.newBuilder()
                .ticker(clock)
                .maximumWeight(MAX_BYTES)
                .weigher((UUID id, Known cached) -> cached.secret().weight())
                .expireAfterWrite(settings.cacheLifetime().plus(settings.outageGrace()))
                .build();
        this.refused = cache(settings.refusalLifetime());
        this.failed = cache(AFTER_FAILURE);
    }

    private <V> Cache<UUID, V> cache(Duration lifetime) {
        return Caffeine.newBuilder()
                .ticker(clock)
                .maximumSize(MAX_REFUSALS)
                .expireAfterWrite(lifetime)
                .build();
    }

    /** @param renewAt when it is read again in the background, if it is in use then */
    private record Known(BarbicanSecret secret, long readAt, AtomicLong renewAt) {
        boolean isExpired() {
            return secret.expires()
                    .filter(end -> !end.isAfter(Clock.systemUTC().instant()))
                    .isPresent();
        }
    }

    /**
     * Reads a secret, from the cache if it is there.
     *
     * @param project for which it is read. Readings for one project take only a part of the queue
     * @param suits whether the secret is of use to the caller. One that is not is cached no longer than a refusal, so that a
     *     correction by its owner counts soon
     * @throws KeystoneUnavailableException if Barbican or Keystone gives no answer within the timeout; this says nothing about
     *     the secret
     */
    public SecretReading read(UUID id, String project, Predicate<BarbicanSecret> suits)
            throws KeystoneUnavailableException {
        long now = clock.read();
        Known cached = known.getIfPresent(id);
        if (cached != null && cached.isExpired()) {
            cached = null;
        }
        boolean suited = cached != null && suits.test(cached.secret());
        long age = cached == null ? 0 : now - cached.readAt();
        Duration lifetime = suited ? settings.cacheLifetime() : settings.refusalLifetime();
        boolean fresh = cached != null && age < lifetime.toNanos();
        if (fresh || suited && gate.isInTrouble()) {
            metrics.hit(Duration.ofNanos(age));
            renewIfDue(id, cached, now);
            return new Found(cached.secret());
        }
        Refused refusal = cached == null ? refused.getIfPresent(id) : null;
        if (refusal != null) {
            metrics.hit(Duration.ZERO);
            return refusal;
        }
        try {
            metrics.missed();
            return asked(id, project);
        } catch (KeystoneUnavailableException unavailable) {
            if (suited) {
                // Within the grace: the cache has forgotten it afterwards.
                return new Found(cached.secret());
            }
            metrics.unavailable(unavailable.outage());
            throw unavailable;
        }
    }

    private SecretReading asked(UUID id, String project) throws KeystoneUnavailableException {
        KeystoneUnavailableException before = failed.getIfPresent(id);
        if (before != null) {
            throw before;
        }
        gate.enter();
        Deadline deadline = Deadline.in(settings.timeout());
        return KeystoneWorkers.await(
                SERVICE,
                readings.join(id, project, shares, gate.watched(() -> remembered(id, deadline))),
                Deadline.in(settings.timeout().plus(SLACK)));
    }

    private void renewIfDue(UUID id, Known cached, long now) {
        long due = cached.renewAt().get();
        long next = now + settings.timeout().plus(AFTER_FAILURE).toNanos();
        if (now - due < 0 || !cached.renewAt().compareAndSet(due, next)) {
            return;
        }
        try {
            gate.enter();
        } catch (KeystoneUnavailableException later) {
            return;
        }
        Deadline deadline = Deadline.in(settings.timeout());
        CompletableFuture<SecretReading> unused = renewals.join(id, gate.watched(() -> remembered(id, deadline)));
    }

    private SecretReading remembered(UUID id, Deadline deadline) throws KeystoneUnavailableException {
        long now = clock.read();
        try {
            SecretReading reading = ask(id, deadline);
            if (reading instanceof Found found) {
                long renewAt = now + settings.cacheLifetime().toNanos() / 5 * 4;
                known.put(id, new Known(found.secret(), now, new AtomicLong(renewAt)));
                refused.invalidate(id);
            } else {
                refused.put(id, (Refused) reading);
                known.invalidate(id);
            }
            return reading;
        } catch (KeystoneUnavailableException unavailable) {
            if (!unavailable.everywhere()) {
                failed.put(id, unavailable);
            }
            throw unavailable;
        }
    }

    private SecretReading ask(UUID id, Deadline deadline) throws KeystoneUnavailableException {
        ServiceToken token = session.token(Scope.PROJECT, deadline);
        Reply payload = payload(id, token, deadline);
        if (payload.status() == 401) {
            token = newToken(token, deadline);
            payload = payload(id, token, deadline);
        }
        return switch (payload.status()) {
            case 200 ->
                new Found(new BarbicanSecret(
                        payload.body(), metadata(id, token, deadline), expiration(id, token, deadline)));
            case 403 ->
                new Refused(
                        Reason.NOT_SHARED,
                        "Barbican does not let service user '" + keystone.username() + "' read secret " + id
                                + ": its owner must name the service user in the secret's ACL");
            case 404 ->
                new Refused(
                        Reason.UNKNOWN,
                        "Barbican has no secret " + id
                                + ", or it has no payload: it never existed, was deleted, or has expired");
            default -> throw unexpected(payload);
        };
    }

    private Reply payload(UUID id, ServiceToken token, Deadline deadline) throws KeystoneUnavailableException {
        Map<String, String> headers = Map.of("X-Auth-Token", token.id(), "Accept", "application/octet-stream");
        return send(new Request(Call.SECRET_PAYLOAD, "GET", path(id) + "/payload", headers, null), token, deadline);
    }

    private Map<String, String> metadata(UUID id, ServiceToken token, Deadline deadline)
            throws KeystoneUnavailableException {
        Map<String, String> headers = Map.of("X-Auth-Token", token.id());
        Reply reply =
                send(new Request(Call.SECRET_METADATA, "GET", path(id) + "/metadata", headers, null), token, deadline);
        if (reply.status() != 200) {
            throw unexpected(reply);
        }
        JsonNode stored = reply.json().path("metadata");
        Map<String, String> texts = new HashMap<>();
        stored.fields()
                .forEachRemaining(
                        text -> texts.put(text.getKey(), text.getValue().asText()));
        return texts;
    }

    /** Not known where Barbican does not describe the secret to the service user. */
    private Optional<Instant> expiration(UUID id, ServiceToken token, Deadline deadline)
            throws KeystoneUnavailableException {
        try {
            Secret described = openStack.once(
                    token,
                    Call.SECRET_METADATA,
                    deadline,
                    client -> client.barbican().secrets().get(id.toString()));
            return Optional.ofNullable(described).map(Secret::getExpiration).map(Date::toInstant);
        } catch (ResponseException refusal) {
            return Optional.empty();
        }
    }

    private static String path(UUID id) {
        return "/secrets/" + Objects.requireNonNull(id);
    }

    private Reply send(Request request, ServiceToken token, Deadline deadline) throws KeystoneUnavailableException {
        if (settings.url().isEmpty()) {
            http.prefer(endpoint(token));
        }
        return http.send(request, deadline);
    }

    private URI endpoint(ServiceToken token) throws KeystoneUnavailableException {
        String interfaceName = keystone.interfaceName().orElse("public");
        Optional<String> url = token.endpoint("key-manager", interfaceName, keystone.regionName());
        try {
            if (url.isPresent()) {
                return BarbicanSettings.versioned(url.get());
            }
        } catch (IllegalArgumentException malformed) {
            throw misconfigured("the address of Barbican in Keystone's catalog: " + malformed.getMessage());
        }
        throw misconfigured("Keystone's catalog has no " + interfaceName + " endpoint of type key-manager"
                + keystone.regionName()
                        .map(region -> " in region '" + region + "'")
                        .orElse(""));
    }

    /** After a 401, which may concern the token or Barbican itself. */
    private ServiceToken newToken(ServiceToken refusedToken, Deadline deadline) throws KeystoneUnavailableException {
        if (session.stands(refusedToken, deadline)) {
            throw misconfigured("Barbican refuses a service token that Keystone accepts: does it ask the same Keystone"
                    + " ([keystone_authtoken] in barbican.conf)?");
        }
        return session.replace(Scope.PROJECT, refusedToken, deadline);
    }

    private KeystoneUnavailableException misconfigured(String fault) {
        log.error("barbican", fault);
        return KeystoneUnavailableException.misconfigured(fault);
    }

    private static KeystoneUnavailableException unexpected(Reply reply) {
        return KeystoneUnavailableException.failed("Barbican answered " + reply.status() + " to a reading", null);
    }

    /** The number of cached secrets. */
    public long held() {
        known.cleanUp();
        return known.estimatedSize();
    }

    /**
     * For a health check: the fault of Barbican or of the service user, if there is one. Makes no call if the last one was
     * answered. Otherwise it makes one, within the timeout of the settings.
     */
    public Optional<String> trouble() {
        return gate.isInTrouble() ? probe() : Optional.empty();
    }

    /** Asks for a secret that does not exist; empty if Barbican answers. */
    public Optional<String> probe() {
        Deadline deadline = Deadline.in(settings.timeout());
        try {
            gate.enter();
            SecretReading unused = KeystoneWorkers.await(
                    SERVICE, renewers.submit(gate.watched(() -> ask(UUID.randomUUID(), deadline))), deadline);
            return Optional.empty();
        } catch (KeystoneUnavailableException unavailable) {
            return Optional.of(unavailable.getMessage());
        }
    }

    /** Stops the threads. Waiting readings fail as unavailable, at the latest at their timeout. */
    @Override
    public void close() {
        readers.close();
        renewers.close();
    }
}
