package io.pataka.service.traffic;

import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.model.Bucket;
import java.util.Optional;

/** What the configurations of buckets say of access logs. Every method throws {@link MetadataUnavailableException}. */
public interface LogRules {

    /** Where the access log of a bucket goes; empty if it has none. Answered from what is remembered, since every request asks. */
    Optional<LogTarget> target(Bucket source);

    /**
     * Whether the policy of the target, as it is remembered, lets the service write this log. Asked when a line is made, because a policy that
     * is withdrawn later does not concern it. Throws nothing.
     */
    default boolean isKnownToAdmit(LogTarget target) {
        return false;
    }

    /** Whether the policy of the target lets the service write this log now. */
    boolean admits(LogTarget target);
}
