package io.pataka.keystone;

import java.time.Duration;
import java.util.Objects;

/** The result for a {@link SignedProof}. */
public sealed interface Resolution {

    /** The signature is right and the caller is authorised. */
    record Granted(Ec2Credential credential) implements Resolution {
        public Granted {
            Objects.requireNonNull(credential);
        }
    }

    /**
     * The caller is refused. The same proof will be refused again.
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
     * There is no answer: the authority is down, slow, overloaded or misconfigured. This is not a refusal.
     *
     * @param retryAfter when to try again; at least one second
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
        /** The signature is right, but user, project, domain, role, trust or application credential is no longer valid. */
        NOT_AUTHORISED,
        /** The form of the proof needs the secret, or an algorithm, that this resolver is set not to use. */
        FORM_NOT_SUPPORTED
    }

    /** What kind of outage. */
    enum Outage {
        /** Down, unreachable, timing out, failing, or misconfigured. */
        DOWN,
        /** The authority answered 429, or the limit of concurrent calls to it is reached. */
        OVERLOADED
    }
}
