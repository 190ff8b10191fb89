package io.pataka.service.access;

import io.pataka.service.model.Bucket;
import io.pataka.service.protocol.S3Exception;
import java.util.Objects;
import java.util.Optional;

/**
 * Whether a request is admitted to its operation.
 *
 * @param step the name of the step that decided
 * @param bucket the bucket of the request, if the steps came so far
 * @param decision of the rules, if they were asked
 * @param authorised whether nothing remains to be decided by the operation
 * @param charged whether the requester pays
 * @param refusal empty for a request that is admitted
 */
record Admission(
        String step,
        Optional<Bucket> bucket,
        Optional<Decision> decision,
        boolean authorised,
        boolean charged,
        Optional<S3Exception> refusal) {

    Admission {
        Objects.requireNonNull(step);
        Objects.requireNonNull(bucket);
        Objects.requireNonNull(decision);
        Objects.requireNonNull(refusal);
    }
}
