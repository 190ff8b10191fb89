package io.pataka.service.access;

import java.util.List;
import java.util.Objects;

/**
 * What was decided of a request, and why.
 *
 * @param steps the rules that were looked at, in their order, in words that an operator understands; the last one decided. They
 *     name no secret.
 */
record Decision(Basis basis, List<String> steps) {

    /** What a decision rests on. */
    enum Basis {
        /** The caller acts for the owner and has a role that suffices. */
        OWNER,
        /** The bucket's policy allows it. */
        POLICY,
        /** An ACL grants it. */
        ACL,
        /** Refused. */
        NOTHING,
        /** The object itself must be looked at: it may be another's, with a list of its own. */
        OBJECT
    }

    Decision {
        Objects.requireNonNull(basis);
        steps = List.copyOf(steps);
    }

    static Decision refused(String... steps) {
        return new Decision(Basis.NOTHING, List.of(steps));
    }

    boolean isRefusal() {
        return basis == Basis.NOTHING;
    }

    boolean needsTheObject() {
        return basis == Basis.OBJECT;
    }

    /** The rule that decided. */
    String rule() {
        return steps.get(steps.size() - 1);
    }

    /** All that was looked at, on one line. */
    String explanation() {
        return String.join("; ", steps);
    }
}
