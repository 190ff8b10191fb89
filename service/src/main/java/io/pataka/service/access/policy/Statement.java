package io.pataka.service.access.policy;

import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One statement of a policy.
 *
 * @param label its Sid, or {@code statement 3}
 */
record Statement(
        String label,
        boolean denies,
        PrincipalSet principals,
        ActionSet actions,
        ResourceSet resources,
        List<Condition> conditions) {

    Statement {
        Objects.requireNonNull(label);
        Objects.requireNonNull(principals);
        Objects.requireNonNull(actions);
        Objects.requireNonNull(resources);
        conditions = List.copyOf(conditions);
    }

    /**
     * Whether it speaks of the question. What costs least is asked first.
     *
     * @param action folded
     * @param number of the action in {@link PolicyActions}
     */
    boolean speaksOf(PolicyQuestion question, String action, int number) {
        if (!actions.contains(action, number)
                || !principals.contains(question.principal())
                || !resources.contains(question)) {
            return false;
        }
        for (Condition condition : conditions) {
            if (!condition.holds(question)) {
                return false;
            }
        }
        return true;
    }

    /** What keeps it from speaking of a question, in words for an operator; empty where it does. */
    Optional<String> silence(PolicyQuestion question, String action, int number) {
        if (!actions.contains(action, number)) {
            return Optional.of("it is about other actions");
        }
        if (!principals.contains(question.principal())) {
            return Optional.of("it names others");
        }
        if (!resources.contains(question)) {
            return Optional.of("it is about other resources");
        }
        return conditions.stream()
                .filter(condition -> !condition.holds(question))
                .findFirst()
                .map(condition -> "its condition on " + String.join(", ", condition.keys()) + " does not hold");
    }

    /** Whether it allows something to callers whom the policy does not name. */
    boolean isPublic() {
        return !denies && principals.isOpen() && conditions.stream().noneMatch(Condition::keepsThePublicOut);
    }

    /** Whether some action that it speaks of can have a request with each of its keys. */
    boolean canHold() {
        return conditions.stream().allMatch(condition -> {
            BitSet both = (BitSet) actions.known().clone();
            both.and(condition.key().actions());
            return !both.isEmpty();
        });
    }

    Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>(resources.variables());
        conditions.forEach(condition -> keys.addAll(condition.keys()));
        return keys;
    }
}
