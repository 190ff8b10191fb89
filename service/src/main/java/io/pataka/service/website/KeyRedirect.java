package io.pataka.service.website;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Where a routing rule leads. At least one part is present, and not both replacements.
 *
 * @param scheme empty for that of the request
 * @param host empty for that of the request
 * @param keyPrefix what replaces the prefix of the rule's condition
 * @param key what replaces the whole key
 * @param status of {@link #STATUSES}; empty for 301
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_Redirect.html">AWS: Redirect</a>
 */
public record KeyRedirect(
        Optional<Scheme> scheme,
        Optional<String> host,
        Optional<String> keyPrefix,
        Optional<String> key,
        OptionalInt status) {

    /** The statuses that Amazon accepts. */
    static final Set<Integer> STATUSES = Set.of(301, 302, 303, 304, 305, 307, 308);

    private static final int MOVED_PERMANENTLY = 301;

    public KeyRedirect {
        Objects.requireNonNull(scheme);
        Objects.requireNonNull(host);
        Objects.requireNonNull(keyPrefix);
        Objects.requireNonNull(key);
        Objects.requireNonNull(status);
    }

    int statusToSend() {
        return status.orElse(MOVED_PERMANENTLY);
    }

    /**
     * The value of the Location header.
     *
     * @param prefix of the rule's condition, with which the key begins; empty if it has none
     * @param asked the key that the request names; no bytes for the root of the website
     */
    String location(WebsiteOrigin origin, Optional<String> prefix, byte[] asked) {
        return Locations.of(
                scheme.orElse(origin.scheme()), host.orElse(origin.authority()), path(prefix.orElse(""), asked));
    }

    private String path(String prefix, byte[] asked) {
        if (key.isPresent()) {
            return Locations.chosen(key.get());
        }
        if (keyPrefix.isEmpty()) {
            return Locations.ofKey(asked);
        }
        byte[] rest = Arrays.copyOfRange(asked, prefix.getBytes(UTF_8).length, asked.length);
        return Locations.chosen(keyPrefix.get()) + Locations.ofKey(rest);
    }
}
