package io.pataka.service.access.policy;

import java.util.HashMap;
import java.util.Map;

/**
 * Remembers which conditions hold for a request that names many objects, DeleteObjects. A condition that asks about nothing but the
 * request is judged once, and not once for each object: to compare one with a long header takes up to a tenth of a second of a
 * processor. For one thread, and for one request to one bucket.
 */
public final class ConditionMemory {

    private final Map<Condition, Boolean> outcomes = new HashMap<>();

    /**
     * @throws io.pataka.service.protocol.S3Exception as {@link RequestQuestion#values}; it is not remembered, and costs nothing
     */
    boolean holds(Condition condition, PolicyQuestion question) {
        if (!condition.asksOfRequestAlone()) {
            return condition.isMetBy(question);
        }
        Boolean known = outcomes.get(condition);
        if (known == null) {
            known = condition.isMetBy(question);
            outcomes.put(condition, known);
        }
        return known;
    }
}
