package io.pataka.service.access;

import io.pataka.service.protocol.S3Error;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Why a request is admitted or refused, for an operator.
 *
 * @param facts what was looked at: the bucket's settings, and what each statement of its policy says
 * @param rules the rules in their order; the last one decided
 * @param refusal the error that the client would get; empty for a request that is admitted
 */
public record AccessExplanation(List<String> facts, List<String> rules, Optional<S3Error> refusal) {

    public AccessExplanation {
        facts = List.copyOf(facts);
        rules = List.copyOf(rules);
        Objects.requireNonNull(refusal);
    }
}
