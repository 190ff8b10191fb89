package io.pataka.keystone;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A token of the service user. Its age is measured on this machine's monotonic clock from the lifetime that Keystone gave it,
 * so that different clocks do not matter.
 */
final class ServiceToken {

    /** What a token may be used for. */
    enum Scope {
        /** {@code s3tokens}: role {@code service} on the service project. */
        PROJECT,
        /** Reading secrets, users and projects: role {@code reader} on the system. */
        SYSTEM
    }

    private final String id;
    private final JsonNode description;
    private final Ticker clock;
    private final long madeAt;
    private final Duration lifetime;
    private volatile long confirmedAt = Long.MIN_VALUE;

    private ServiceToken(String id, JsonNode description, long madeAt, Duration lifetime, Ticker clock) {
        this.clock = clock;
        this.id = id;
        this.description = description;
        this.madeAt = madeAt;
        this.lifetime = lifetime;
    }

    /**
     * @param login the answer to {@code POST /v3/auth/tokens}
     * @param askedAt when it was requested, on the clock
     * @param clock monotonic
     */
    static ServiceToken of(String id, JsonNode login, long askedAt, Ticker clock) throws KeystoneUnavailableException {
        JsonNode token = login.path("token");
        try {
            Instant issued =
                    OffsetDateTime.parse(token.path("issued_at").asText()).toInstant();
            Instant expires =
                    OffsetDateTime.parse(token.path("expires_at").asText()).toInstant();
            return new ServiceToken(id, token, askedAt, Duration.between(issued, expires), clock);
        } catch (DateTimeParseException malformed) {
            throw KeystoneUnavailableException.failed("Keystone's token has no issued_at and expires_at", malformed);
        }
    }

    String id() {
        return id;
    }

    boolean isExpired() {
        return age() >= lifetime.toNanos();
    }

    /** Whether it is in the last fifth of its life, but at most five minutes before its end. */
    boolean isDueForRenewal() {
        long ahead = Math.min(lifetime.toNanos() / 5, Duration.ofMinutes(5).toNanos());
        return age() >= lifetime.toNanos() - ahead;
    }

    private long age() {
        return clock.read() - madeAt;
    }

    /** Records that Keystone has just confirmed it. */
    void confirmed() {
        confirmedAt = clock.read();
    }

    boolean wasConfirmedWithin(Duration time) {
        return confirmedAt != Long.MIN_VALUE && clock.read() - confirmedAt < time.toNanos();
    }

    Set<String> roles() {
        Set<String> names = new LinkedHashSet<>();
        description.path("roles").forEach(role -> names.add(role.path("name").asText()));
        return names;
    }

    /** An address from the service catalog. */
    Optional<String> endpoint(String type, String interfaceName, Optional<String> region) {
        for (JsonNode service : description.path("catalog")) {
            if (!type.equals(service.path("type").asText())) {
                continue;
            }
            for (JsonNode endpoint : service.path("endpoints")) {
                boolean inRegion = region.isEmpty()
                        || region.get().equals(endpoint.path("region_id").asText());
                if (inRegion && interfaceName.equals(endpoint.path("interface").asText())) {
                    return Optional.of(endpoint.path("url").asText());
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return "ServiceToken[hidden]";
    }
}
