package io.pataka.service.operation;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.ObjectIndex.Publication;
import io.pataka.service.metadata.ObjectIndex.Publication.BucketChanged;
import io.pataka.service.metadata.ObjectIndex.Publication.ConditionUnmet;
import io.pataka.service.metadata.ObjectIndex.Publication.Conflict;
import io.pataka.service.metadata.ObjectIndex.Publication.NothingToMatch;
import io.pataka.service.metadata.ObjectIndex.Publication.Published;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.WriteConditions;

/** What clients are told of a publication. */
public final class Publications {

    private Publications() {}

    /**
     * @throws S3Exception PreconditionFailed, NoSuchKey, ConditionalRequestConflict or OperationAborted when
     *     nothing was published
     */
    public static Published require(Publication outcome, AdmittedCall call, WriteCondition condition) {
        if (outcome instanceof Published published) {
            return published;
        }
        throw refusal(outcome, call, condition);
    }

    private static S3Exception refusal(Publication outcome, AdmittedCall call, WriteCondition condition) {
        if (outcome instanceof ConditionUnmet) {
            return WriteConditions.unmet(condition);
        }
        if (outcome instanceof NothingToMatch) {
            return ObjectLookup.noSuchKey(call);
        }
        if (outcome instanceof Conflict) {
            return new S3Exception(S3Error.CONDITIONAL_REQUEST_CONFLICT)
                    .with("Condition", WriteConditions.header(condition).orElse(""))
                    .with("Key", call.key().toString());
        }
        if (outcome instanceof BucketChanged) {
            return new S3Exception(S3Error.OPERATION_ABORTED);
        }
        throw new IllegalStateException("no answer for " + outcome);
    }
}
