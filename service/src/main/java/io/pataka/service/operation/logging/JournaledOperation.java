package io.pataka.service.operation.logging;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.changes.BucketLogs;
import io.pataka.service.metadata.JournalRefusedException;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation.Trait;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;

/**
 * An operation that is refused if the journal of the bucket cannot record what it changes: before it reads a body, and at the latest in the
 * transaction of the change.
 */
final class JournaledOperation implements Operation {

    private final Operation operation;
    private final BucketLogs logs;

    JournaledOperation(Operation operation, BucketLogs logs) {
        this.operation = operation;
        this.logs = logs;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        boolean recorded = call.request().operation().is(Trait.RECORDED);
        if (recorded && call.bucket().recordsChanges() && call.isAuthorised()) {
            logs.refusal(call.bucket(), System.nanoTime()).ifPresent(refusal -> {
                throw denied(refusal);
            });
        }
        try {
            return operation.perform(call);
        } catch (JournalRefusedException refusal) {
            throw denied(refusal);
        }
    }

    private static S3Exception denied(JournalRefusedException refusal) {
        return new S3Exception(S3Error.ACCESS_DENIED, refusal.getMessage()).because("the journal of the bucket");
    }
}
