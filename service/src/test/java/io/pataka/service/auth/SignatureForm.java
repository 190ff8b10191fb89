package io.pataka.service.auth;

import java.time.Instant;
import java.util.List;

/** A way to tell a server who sends a request, and all that must not be changed then. */
interface SignatureForm {

    /** Whether an operation can be asked for in this form. */
    boolean fits(OperationExample example);

    WireRequest sign(OperationExample example, Instant now);

    /** Signed requests, each with one thing changed. */
    List<Change> changes(OperationExample example, Instant now);
}
