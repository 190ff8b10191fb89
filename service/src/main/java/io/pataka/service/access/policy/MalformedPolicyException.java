package io.pataka.service.access.policy;

import java.util.Objects;

/** A text that is no policy for the bucket. Its message is AWS's where AWS has one; where the fault is, stands beside it. */
public final class MalformedPolicyException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String fault;

    /**
     * @param fault where in the document, and what stands there: {@code statement 2, Action: s3:GetObjekt}
     */
    public MalformedPolicyException(String message, String fault) {
        // An answer, not a fault of ours: the stack is never printed, so it is not taken.
        super(Objects.requireNonNull(message), null, false, false);
        this.fault = Objects.requireNonNull(fault);
    }

    /** Where in the document, and what stands there. */
    public String fault() {
        return fault;
    }
}
