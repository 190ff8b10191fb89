package io.pataka.service.logging;

import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.ObjectChange;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Which changes of a bucket's objects are in its journal, and how. Beyond Ceph's ten operations, a journal has what lifecycle rules remove,
 * so that a reader who follows it knows which objects there are.
 *
 * @param bucket that is logged
 */
public record BucketJournal(LoggingConfiguration configuration, Bucket bucket) {

    public BucketJournal {
        Objects.requireNonNull(configuration);
        Objects.requireNonNull(bucket);
    }

    /** The line of a change; empty if the journal does not have it. */
    public Optional<byte[]> line(ObjectChange change, Instant time) {
        return operation(change)
                .filter(operation -> configuration.filter().matches(change.key()))
                .map(operation -> new JournalLine(
                                bucket.owner().id(),
                                bucket.name(),
                                time,
                                operation,
                                change.key(),
                                change.size(),
                                version(change),
                                change.etag())
                        .line());
    }

    private Optional<String> version(ObjectChange change) {
        return bucket.versioning() == Versioning.OFF
                ? Optional.empty()
                : Optional.of(change.version().text());
    }

    /** Names are those of access logs. */
    private static Optional<String> operation(ObjectChange change) {
        Kind kind = change.context().kind();
        return switch (change.effect()) {
            case CREATED -> created(kind);
            case CHANGED, CHANGED_NONCURRENT -> changed(kind);
            case REMOVED_CURRENT, REMOVED_NONCURRENT, REMOVED_MARKER -> Optional.of(removed(kind, "S3.EXPIRE.OBJECT"));
            case MARKED -> Optional.of(removed(kind, "S3.CREATE.DELETEMARKER"));
            case UPLOAD_BEGUN, UPLOAD_ABORTED -> Optional.empty();
        };
    }

    private static Optional<String> created(Kind kind) {
        return switch (kind) {
            case PUT, APPEND, COPY, RENAME -> Optional.of("REST.PUT.OBJECT");
            case POST -> Optional.of("REST.POST.OBJECT");
            case COMPLETE_MULTIPART_UPLOAD -> Optional.of("REST.POST.UPLOAD");
            default -> Optional.empty();
        };
    }

    /** Of an object that keeps its bytes. That it moved to another storage class or has another data key is in no journal. */
    private static Optional<String> changed(Kind kind) {
        return switch (kind) {
            case PUT_TAGGING -> Optional.of("REST.PUT.OBJECT_TAGGING");
            case DELETE_TAGGING -> Optional.of("REST.DELETE.OBJECT_TAGGING");
            case PUT_ACL -> Optional.of("REST.PUT.ACL");
            case PUT_RETENTION -> Optional.of("REST.PUT.RETENTION");
            case PUT_LEGAL_HOLD -> Optional.of("REST.PUT.LEGAL_HOLD");
            default -> Optional.empty();
        };
    }

    private static String removed(Kind kind, String expired) {
        return switch (kind) {
            case LIFECYCLE_EXPIRATION -> expired;
            case DELETE_OBJECTS -> "REST.POST.DELETE_MULTI_OBJECT";
            default -> "REST.DELETE.OBJECT";
        };
    }
}
