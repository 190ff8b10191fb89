package io.pataka.service.access.policy;

import java.util.Set;

/** Whether a value of the request compares with one of the values that a condition lists. */
interface ValueTest {

    boolean matches(String value, PolicyQuestion question);

    /** The condition keys whose values come in for variables. */
    default Set<String> variables() {
        return Set.of();
    }

    /**
     * Whether it lets but a few values through, each of which the policy spells out: no wildcard, no variable, no block of
     * addresses as large as a continent.
     */
    default boolean isNarrow() {
        return false;
    }
}
