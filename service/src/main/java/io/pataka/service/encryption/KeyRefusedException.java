package io.pataka.service.encryption;

import java.util.Objects;

/** A key cannot be used, however often the request is repeated. The message is for the operator's log and has no secret. */
public final class KeyRefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    public KeyRefusedException(Reason reason, String message) {
        super(message);
        this.reason = Objects.requireNonNull(reason);
    }

    public Reason reason() {
        return reason;
    }

    /** Why. */
    public enum Reason {
        /** The service has no key manager, or no key ring. */
        NOT_CONFIGURED,
        /** The key manager has no key of this id, or has it no more. */
        NO_SUCH_KEY,
        /** The key manager refuses the service to read the key. */
        DENIED,
        /** The owner of the key does not let the project of the bucket use it. */
        OTHER_PROJECT,
        /** The key is no key of 256 bits. */
        UNUSABLE,
        /** The customer sent another key than the version was encrypted with. */
        OTHER_CUSTOMER_KEY,
        /** The envelope is not what this key wrapped. */
        DAMAGED
    }
}
