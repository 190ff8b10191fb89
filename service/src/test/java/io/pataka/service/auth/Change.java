package io.pataka.service.auth;

import io.pataka.service.protocol.S3Error;
import java.util.Set;

/**
 * A signed request of which one thing was changed after it was signed.
 *
 * @param what the change in words, for the failure of the test
 * @param answers how it may be refused
 */
record Change(String what, WireRequest request, Set<S3Error> answers) {

    static Change of(String what, WireRequest request, S3Error... answers) {
        return new Change(what, request, Set.of(answers));
    }

    /** Refused by the router if the changed request makes no sense, otherwise for the signature. */
    static Change routed(String what, WireRequest request) {
        return of(what, request, request.misrouted().orElse(S3Error.SIGNATURE_DOES_NOT_MATCH));
    }
}
