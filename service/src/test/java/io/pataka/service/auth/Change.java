package io.pataka.service.auth;

import io.pataka.service.protocol.S3Error;
import java.util.Set;

/**
 * A signed request of which one thing was changed after it was signed.
 *
 * @param what for whoever reads that it was let in
 * @param answers how it may be refused
 */
record Change(String what, WireRequest request, Set<S3Error> answers) {

    static Change of(String what, WireRequest request, S3Error... answers) {
        return new Change(what, request, Set.of(answers));
    }

    /** Refused by the router, where it makes no sense any more, and for the signature otherwise. */
    static Change routed(String what, WireRequest request) {
        return of(what, request, request.misrouted().orElse(S3Error.SIGNATURE_DOES_NOT_MATCH));
    }
}
