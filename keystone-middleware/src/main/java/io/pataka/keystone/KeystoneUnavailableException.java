package io.pataka.keystone;

import io.pataka.keystone.Resolution.Outage;
import java.time.Duration;
import java.util.Objects;

/**
 * Keystone, or Barbican if it was asked, gave no answer: it is down, slow or overloaded, its answer is malformed, or the service user lacks a role. This says
 * nothing about the caller. The message names the cause and contains no secret.
 */
public final class KeystoneUnavailableException extends Exception {

    private static final Duration AT_LEAST = Duration.ofSeconds(1);
    private static final Duration AT_MOST = Duration.ofMinutes(1);

    private final Outage outage;
    private final Duration retryAfter;
    private final boolean everywhere;
    private final boolean misconfiguration;

    private KeystoneUnavailableException(
            Outage outage,
            Duration retryAfter,
            boolean everywhere,
            boolean misconfiguration,
            String message,
            Throwable cause) {
        super(Objects.requireNonNull(message), cause);
        this.outage = outage;
        this.retryAfter = clamp(retryAfter);
        this.everywhere = everywhere;
        this.misconfiguration = misconfiguration;
    }

    /** All calls will fail for a while: unreachable, timing out, or misconfigured. */
    static KeystoneUnavailableException down(String message, Throwable cause) {
        return new KeystoneUnavailableException(Outage.DOWN, AT_LEAST, true, false, message, cause);
    }

    /** The service user lacks a permission; an operator must grant it. */
    static KeystoneUnavailableException misconfigured(String message) {
        return new KeystoneUnavailableException(Outage.DOWN, Duration.ofSeconds(5), true, true, message, null);
    }

    /**
     * This call failed, but others may succeed. A credential that a user stored can make Keystone fail, and that must not stop
     * the service for all.
     */
    static KeystoneUnavailableException failed(String message, Throwable cause) {
        return new KeystoneUnavailableException(Outage.DOWN, AT_LEAST, false, false, message, cause);
    }

    /** HTTP 429. */
    static KeystoneUnavailableException overloaded(Duration retryAfter, String message) {
        return new KeystoneUnavailableException(Outage.OVERLOADED, retryAfter, true, false, message, null);
    }

    /** The limit of concurrent calls to Keystone is reached. */
    static KeystoneUnavailableException crowded(String message) {
        return new KeystoneUnavailableException(Outage.OVERLOADED, AT_LEAST, false, false, message, null);
    }

    public Outage outage() {
        return outage;
    }

    /** When to try again: after one second to one minute. */
    public Duration retryAfter() {
        return retryAfter;
    }

    /** Whether other calls would fail as well. */
    boolean everywhere() {
        return everywhere;
    }

    /** Whether only an operator can correct it. */
    boolean isMisconfiguration() {
        return misconfiguration;
    }

    public Resolution.Unavailable toResolution() {
        return new Resolution.Unavailable(outage, retryAfter, getMessage());
    }

    private static Duration clamp(Duration asked) {
        if (asked.compareTo(AT_LEAST) < 0) {
            return AT_LEAST;
        }
        return asked.compareTo(AT_MOST) > 0 ? AT_MOST : asked;
    }
}
