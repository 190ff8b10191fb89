package io.pataka.service.operation.policy;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;

/** A policy may let others do much, but what it says stays with the owner of the bucket. */
final class PolicyOwner {

    private PolicyOwner() {}

    /**
     * @throws S3Exception MethodNotAllowed for a caller of another project, which is AWS's answer
     */
    static void require(AdmittedCall call) {
        if (!call.caller().owns(call.bucket())) {
            throw new S3Exception(S3Error.METHOD_NOT_ALLOWED);
        }
    }
}
