package io.pataka.service.auth;

import java.time.Instant;
import java.util.List;

/** A form of authentication, and the changes of a request that it must not allow. */
interface SignatureForm {

    /** Whether an operation can be asked for in this form. */
    boolean fits(OperationExample example);

    WireRequest sign(OperationExample example, Instant now);

    /** Signed requests, each with one thing changed. */
    List<Change> changes(OperationExample example, Instant now);
}
