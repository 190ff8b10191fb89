package io.pataka.keystone;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How to reach Barbican and how long its answers are cached. The service user, and the certificates to trust, are those of
 * {@link KeystoneSettings}.
 *
 * @param url the address of Barbican, with or without {@code /v1}; empty: the endpoint of type {@code key-manager} in Keystone's
 *     catalog, of the interface ({@code public} if not set) and region of {@link KeystoneSettings}
 * @param timeout the longest time that one request waits for Barbican, all calls together
 * @param cacheLifetime how long a secret is used before Barbican is asked again: the longest that a secret works after its owner
 *     withdrew it. A secret in use is read again in the background before that
 * @param refusalLifetime how long a refusal is remembered, and how long a secret that did not suit its reader
 * @param outageGrace how much longer than its lifetime a secret is used while Barbican is unavailable
 */
public record BarbicanSettings(
        Optional<URI> url, Duration timeout, Duration cacheLifetime, Duration refusalLifetime, Duration outageGrace) {

    /** An address from the catalog, a timeout of 5 s, lifetimes of 5 min and 30 s, a grace of one hour. */
    public static final BarbicanSettings STANDARD = new BarbicanSettings(
            Optional.empty(),
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofSeconds(30),
            Duration.ofHours(1));

    /** @throws IllegalArgumentException if the address is no http or https address, or a time is out of range */
    public BarbicanSettings {
        url = url.map(address -> versioned(address.toString()));
        require(timeout, Duration.ofMillis(100), "timeout");
        require(cacheLifetime, Duration.ofSeconds(1), "cacheLifetime");
        require(refusalLifetime, Duration.ZERO, "refusalLifetime");
        require(outageGrace, Duration.ZERO, "outageGrace");
    }

    private static void require(Duration time, Duration least, String name) {
        if (Objects.requireNonNull(time).compareTo(least) < 0) {
            throw new IllegalArgumentException(
                    name + " is " + time.toMillis() + " ms, must be " + least.toMillis() + " ms or more");
        }
    }

    /** The address, ending in {@code /v1} without a slash. */
    static URI versioned(String text) {
        URI url = KeystoneUrl.web(text);
        return url.getPath().endsWith("/v1") ? url : URI.create(url + "/v1");
    }
}
