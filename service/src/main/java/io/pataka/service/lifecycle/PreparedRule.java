package io.pataka.service.lifecycle;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.model.ObjectKey;
import java.util.List;
import java.util.Map;

/** An enabled rule, with its prefix in the form in which keys are compared. */
record PreparedRule(LifecycleRule rule, byte[] prefix) {

    static List<PreparedRule> enabled(LifecycleConfiguration configuration) {
        return configuration.rules().stream()
                .filter(LifecycleRule::enabled)
                .map(rule ->
                        new PreparedRule(rule, rule.filter().prefix().orElse("").getBytes(UTF_8)))
                .toList();
    }

    boolean matches(ObjectKey key) {
        return key.startsWith(prefix);
    }

    boolean matches(ObjectKey key, long size, Map<String, String> tags) {
        return matches(key) && rule.filter().matchesSize(size) && rule.filter().matchesTags(tags);
    }
}
