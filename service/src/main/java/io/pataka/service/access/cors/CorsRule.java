package io.pataka.service.access.cors;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Which pages of other origins may send which requests, and what they may see of the answers. One {@code *} in an origin or a
 * header stands for any text, also none.
 *
 * @param id at most 255 characters; means nothing
 * @param methods of {@link #METHODS}
 * @param origins compared letter by letter
 * @param headers that a request may have, compared without regard to case; none are allowed where none are named
 * @param exposed headers of the answer that the page may read
 * @param maxAge seconds for which a browser may remember the answer to a preflight
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_CORSRule.html">AWS: CORSRule</a>
 */
public record CorsRule(
        Optional<String> id,
        List<String> methods,
        List<String> origins,
        List<String> headers,
        List<String> exposed,
        Optional<Integer> maxAge) {

    /** The methods that a rule may name. */
    public static final List<String> METHODS = List.of("GET", "PUT", "POST", "DELETE", "HEAD");

    private static final String ANY = "*";

    public CorsRule {
        Objects.requireNonNull(id);
        methods = List.copyOf(methods);
        origins = List.copyOf(origins);
        headers = List.copyOf(headers);
        exposed = List.copyOf(exposed);
        Objects.requireNonNull(maxAge);
    }

    /** What the rule grants to a request; empty where it says nothing of it. */
    Optional<CorsGrant> judge(CorsRequest request) {
        if (!methods.contains(request.method())
                || !request.headers().stream().allMatch(name -> matchesAny(headers, name))) {
            return Optional.empty();
        }
        return origins.stream()
                .filter(origin -> matches(origin, request.origin(), false))
                .findFirst()
                .map(origin -> new CorsGrant(
                        origin.equals(ANY) ? ANY : request.origin(), methods, request.headers(), exposed, maxAge));
    }

    private static boolean matchesAny(List<String> patterns, String name) {
        return patterns.stream().anyMatch(pattern -> matches(pattern, name, true));
    }

    private static boolean matches(String pattern, String text, boolean ignoresCase) {
        int wildcard = pattern.indexOf(ANY);
        if (wildcard < 0) {
            return pattern.length() == text.length()
                    && pattern.regionMatches(ignoresCase, 0, text, 0, pattern.length());
        }
        int after = pattern.length() - wildcard - 1;
        return text.length() >= pattern.length() - 1
                && pattern.regionMatches(ignoresCase, 0, text, 0, wildcard)
                && pattern.regionMatches(ignoresCase, wildcard + 1, text, text.length() - after, after);
    }
}
