package io.pataka.service.access.policy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A question made up for a test. */
record Asked(PolicyPrincipal principal, String action, String resource, Map<String, List<String>> context)
        implements PolicyQuestion {

    static Asked by(String project, String user) {
        return new Asked(new PolicyPrincipal(project, user), "s3:GetObject", "arn:aws:s3:::bucket/key", Map.of());
    }

    static Asked anonymously() {
        return new Asked(PolicyPrincipal.ANONYMOUS, "s3:GetObject", "arn:aws:s3:::bucket/key", Map.of());
    }

    Asked to(String otherAction) {
        return new Asked(principal, otherAction, resource, context);
    }

    /** The bucket itself, or a key in it after a slash. */
    Asked on(String otherResource) {
        return new Asked(principal, action, "arn:aws:s3:::" + otherResource, context);
    }

    Asked with(String key, String... values) {
        Map<String, List<String>> more = new HashMap<>(context);
        more.put(key, List.of(values));
        return new Asked(principal, action, resource, more);
    }

    @Override
    public List<String> values(String conditionKey) {
        return context.getOrDefault(conditionKey, List.of());
    }
}
