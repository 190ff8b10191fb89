package io.pataka.service.operation;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.Refusal;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.WriteConditions;

/** The errors that clients get for changes that were refused. */
public final class Refusals {

    private Refusals() {}

    /**
     * @param condition of the change
     */
    public static S3Exception error(Refusal refusal, AdmittedCall call, WriteCondition condition) {
        return switch (refusal) {
            case CONDITION_UNMET -> WriteConditions.unmet(condition);
            case NOTHING_TO_MATCH, MARKER_TO_MATCH, NO_SUCH_VERSION -> ObjectLookup.noSuchKey(call);
            case NO_SUCH_UPLOAD ->
                new S3Exception(S3Error.NO_SUCH_UPLOAD)
                        .with("UploadId", call.parameters().first("uploadId").orElse(""));
            case CONFLICT ->
                new S3Exception(S3Error.CONDITIONAL_REQUEST_CONFLICT)
                        .with("Condition", WriteConditions.header(condition).orElse(""))
                        .with("Key", call.key().toString());
            case LOCKED ->
                new S3Exception(S3Error.ACCESS_DENIED, "Access Denied because object protected by object lock.");
            case QUOTA_EXCEEDED -> new S3Exception(S3Error.QUOTA_EXCEEDED);
            case SOURCE_GONE -> sourceGone();
            case BUCKET_CHANGED -> new S3Exception(S3Error.OPERATION_ABORTED);
            case BUCKET_GONE -> S3Exception.noSuchBucket(call.bucketName());
            case BUCKET_REPLACED ->
                new S3Exception(
                                S3Error.SERVICE_UNAVAILABLE,
                                "The bucket was deleted and created again. Please repeat the request.")
                        .header("Retry-After", "1");
        };
    }

    /** The error of a source that was replaced or deleted after it was looked up. */
    public static S3Exception sourceGone() {
        return new S3Exception(S3Error.OPERATION_ABORTED, "The source of the copy was replaced or deleted meanwhile.");
    }
}
