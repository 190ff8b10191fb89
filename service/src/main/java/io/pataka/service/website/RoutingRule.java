package io.pataka.service.website;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A rule that redirects some requests.
 *
 * @param keyPrefix with which the key of the request begins; empty for any key
 * @param errorStatus the error that the request would otherwise get, 400 to 599; empty for a rule that is applied before the object is
 *     looked up
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_RoutingRule.html">AWS: RoutingRule</a>
 */
public record RoutingRule(Optional<String> keyPrefix, OptionalInt errorStatus, KeyRedirect redirect) {

    public RoutingRule {
        Objects.requireNonNull(keyPrefix);
        Objects.requireNonNull(errorStatus);
        Objects.requireNonNull(redirect);
    }

    /**
     * @param asked the key that the request names; no bytes for the root of the website
     */
    boolean appliesTo(byte[] asked) {
        byte[] prefix = keyPrefix.orElse("").getBytes(UTF_8);
        return asked.length >= prefix.length && Arrays.equals(asked, 0, prefix.length, prefix, 0, prefix.length);
    }
}
