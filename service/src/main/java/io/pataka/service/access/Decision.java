package io.pataka.service.access;

import java.util.Objects;

/**
 * What was decided of a request, and why.
 *
 * @param rule the rule that decided, in words that an operator understands; names no secret
 */
record Decision(Basis basis, String rule) {

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
        Objects.requireNonNull(rule);
    }

    static Decision refused(String rule) {
        return new Decision(Basis.NOTHING, rule);
    }

    boolean isRefusal() {
        return basis == Basis.NOTHING;
    }

    boolean needsTheObject() {
        return basis == Basis.OBJECT;
    }
}
