package io.pataka.service.lifecycle;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A rule, with at least one action.
 *
 * @param id unique in its configuration
 * @param legacyPrefix whether the document has the prefix in the rule and not in a {@code Filter}, as before 2016
 * @param abortDays days after which an upload that is not complete is aborted; positive
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html">AWS: LifecycleRule</a>
 */
public record LifecycleRule(
        String id,
        boolean enabled,
        LifecycleFilter filter,
        boolean legacyPrefix,
        Optional<Expiration> expiration,
        List<Transition> transitions,
        Optional<NoncurrentExpiration> noncurrentExpiration,
        List<NoncurrentTransition> noncurrentTransitions,
        OptionalInt abortDays) {

    public LifecycleRule {
        Objects.requireNonNull(id);
        Objects.requireNonNull(filter);
        Objects.requireNonNull(expiration);
        transitions = List.copyOf(transitions);
        Objects.requireNonNull(noncurrentExpiration);
        noncurrentTransitions = List.copyOf(noncurrentTransitions);
        Objects.requireNonNull(abortDays);
    }
}
