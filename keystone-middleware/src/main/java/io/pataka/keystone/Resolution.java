package io.pataka.keystone;

import java.time.Duration;
import java.util.Objects;

/** What became of a {@link SignedProof}. */
public sealed interface Resolution {

    /** The signature is right and the caller is authorised. */
    record Granted(Ec2Credential credential) implements Resolution {
        public Granted {
            Objects.requireNonNull(credential);
        }
    }

    /**
     * The caller is not to be served; asking again with the same proof will not help.
     *
     * @param detail for the operator's log; never holds a secret
     */
    record Refused(Reason reason, String detail) implements Resolution {
        public Refused {
            Objects.requireNonNull(reason);
            Objects.requireNonNull(detail);
        }
    }

    /**
     * Nobody could tell: the authority is down, slow, overloaded or misconfigured. Never to be shown as a refusal.
     *
     * @param retryAfter when asking again is worth it; at least one second
     * @param detail for the operator's log; never holds a secret
     */
    record Unavailable(Outage outage, Duration retryAfter, String detail) implements Resolution {
        public Unavailable {
            Objects.requireNonNull(outage);
            Objects.requireNonNull(retryAfter);
            Objects.requireNonNull(detail);
        }
    }

    /** Why a caller is refused. */
    enum Reason {
        /** No such access key. */
        UNKNOWN_ACCESS_KEY,
        /** The key exists; the signature was not made with its secret. */
        SIGNATURE_MISMATCH,
        /** The signature is right, but user, project, domain, role, trust or application credential no longer stand. */
        NOT_AUTHORISED,
        /** The form of the proof needs the secret, or an algorithm, that this resolver is set not to use. */
        FORM_NOT_SUPPORTED
    }

    /** What kind of outage. */
    enum Outage {
        /** Down, unreachable, timing out, failing, or misconfigured. */
        DOWN,
        /** Asked to slow down (HTTP 429), or more is being asked at once than is let through to the authority. */
        OVERLOADED
    }
}
