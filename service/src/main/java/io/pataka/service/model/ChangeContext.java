package io.pataka.service.model;

import java.util.Objects;
import java.util.Optional;

/**
 * Who changes objects, buckets or the documents of accounts, how, and by which request. Every change of metadata takes it; a bucket
 * that records its changes ({@link Bucket#recordsChanges}) keeps it with them. Only {@code access.WritePermit} makes one.
 *
 * @param requestId what {@code x-amz-request-id} says; empty for a job
 * @param address the client's IP address as text; empty for a job
 */
public record ChangeContext(Actor actor, Optional<String> requestId, Optional<String> address, Kind kind) {

    /** What is done, in the words of S3's event names where there is one. */
    public enum Kind {
        PUT,
        POST,
        COPY,
        CREATE_MULTIPART_UPLOAD,
        UPLOAD_PART,
        COMPLETE_MULTIPART_UPLOAD,
        ABORT_MULTIPART_UPLOAD,
        APPEND,
        RENAME,
        DELETE,
        /** By a request that names many objects. */
        DELETE_OBJECTS,
        PUT_TAGGING,
        DELETE_TAGGING,
        PUT_ACL,
        PUT_RETENTION,
        PUT_LEGAL_HOLD,
        UPDATE_ENCRYPTION,
        CREATE_BUCKET,
        DELETE_BUCKET,
        PUT_CONFIGURATION,
        DELETE_CONFIGURATION,
        LIFECYCLE_EXPIRATION,
        LIFECYCLE_TRANSITION
    }

    public ChangeContext {
        Objects.requireNonNull(actor);
        Objects.requireNonNull(requestId);
        Objects.requireNonNull(address);
        Objects.requireNonNull(kind);
    }
}
