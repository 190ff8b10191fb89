package io.pataka.service.access.policy;

import java.util.Objects;
import java.util.Optional;

/**
 * What a policy says of a question.
 *
 * @param statement the statement that decided, by its Sid or as {@code statement 3}; empty exactly for {@link Effect#NONE}
 */
public record PolicyJudgement(Effect effect, Optional<String> statement) {

    /** No statement speaks of the question. */
    public static final PolicyJudgement SILENT = new PolicyJudgement(Effect.NONE, Optional.empty());

    public PolicyJudgement {
        Objects.requireNonNull(effect);
        Objects.requireNonNull(statement);
    }

    /** What becomes of the question. */
    public enum Effect {
        ALLOW,
        /** Wins over every Allow, wherever it comes from. */
        DENY,
        /** The policy says nothing, so it is for others to say. */
        NONE
    }
}
