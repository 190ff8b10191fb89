package io.pataka.keystone;

import java.util.Objects;

/** Barbican's answer about a secret. */
public sealed interface SecretReading {

    record Found(BarbicanSecret secret) implements SecretReading {
        public Found {
            Objects.requireNonNull(secret);
        }
    }

    /** @param detail for the operator's log */
    record Refused(Reason reason, String detail) implements SecretReading {
        public Refused {
            Objects.requireNonNull(reason);
            Objects.requireNonNull(detail);
        }
    }

    /** Why there is no payload. */
    enum Reason {
        /** Barbican does not let the service user read it: its owner has not put the service user into its ACL. */
        NOT_SHARED,
        /** There is no such secret: it never existed, was deleted, has expired, or has no payload. */
        UNKNOWN
    }
}
