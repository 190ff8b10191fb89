package io.pataka.service.access.cors;

import java.util.List;
import java.util.Optional;

/**
 * The CORS configuration of a bucket.
 *
 * @param rules at most {@value #MAX_RULES}; of those that a request fits, the first counts
 */
public record CorsRules(List<CorsRule> rules) {

    /** The most rules that a bucket may have. */
    public static final int MAX_RULES = 100;

    /** No page of another origin may do anything. */
    public static final CorsRules NONE = new CorsRules(List.of());

    public CorsRules {
        rules = List.copyOf(rules);
    }

    /** What the rules grant; empty where none fits. */
    public Optional<CorsGrant> judge(CorsRequest request) {
        if (request.isBeyondAnyRule()) {
            return Optional.empty();
        }
        return rules.stream().flatMap(rule -> rule.judge(request).stream()).findFirst();
    }
}
