package io.pataka.service.notification;

import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.ObjectChange;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The events that a notification can name: Amazon's, and those that Ceph Gateway adds. Names of events that do not happen here, such as a
 * restoration or a replication, are accepted as well, so that a configuration that was written for another service can be used.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html">AWS: event
 *     types</a>
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/s3-notification-compatibility/">Ceph: event types</a>
 */
public enum EventName {
    CREATED_BY_PUT("ObjectCreated:Put"),
    CREATED_BY_POST("ObjectCreated:Post"),
    CREATED_BY_COPY("ObjectCreated:Copy"),
    CREATED_BY_COMPLETION("ObjectCreated:CompleteMultipartUpload"),
    REMOVED("ObjectRemoved:Delete"),
    MARKED("ObjectRemoved:DeleteMarkerCreated"),
    EXPIRED("LifecycleExpiration:Delete"),
    EXPIRED_BY_MARKER("LifecycleExpiration:DeleteMarkerCreated"),
    TRANSITION("LifecycleTransition"),
    TAGGED("ObjectTagging:Put"),
    UNTAGGED("ObjectTagging:Delete"),
    ACL_SET("ObjectAcl:Put"),

    CEPH_EXPIRED_CURRENT("ObjectLifecycle:Expiration:Current"),
    CEPH_EXPIRED_NONCURRENT("ObjectLifecycle:Expiration:NonCurrent"),
    CEPH_EXPIRED_MARKER("ObjectLifecycle:Expiration:DeleteMarker"),
    CEPH_EXPIRED_UPLOAD("ObjectLifecycle:Expiration:AbortMultipartUpload"),
    CEPH_TRANSITION_OF_CURRENT("ObjectLifecycle:Transition:Current"),
    CEPH_TRANSITION_OF_NONCURRENT("ObjectLifecycle:Transition:NonCurrent"),

    // What follows does not happen here.
    RESTORE_REQUESTED("ObjectRestore:Post"),
    RESTORED("ObjectRestore:Completed"),
    RESTORE_ENDED("ObjectRestore:Delete"),
    LOST("ReducedRedundancyLostObject"),
    REPLICATION_FAILED("Replication:OperationFailedReplication"),
    REPLICATION_LATE("Replication:OperationMissedThreshold"),
    REPLICATION_DONE_LATE("Replication:OperationReplicatedAfterThreshold"),
    REPLICATION_NOT_TRACKED("Replication:OperationNotTracked"),
    TIERED("IntelligentTiering"),
    ANNOTATED("ObjectAnnotation:Put"),
    ANNOTATION_REMOVED("ObjectAnnotation:Delete"),
    CEPH_SYNCED("ObjectSynced:Create"),
    CEPH_REMOVAL_SYNCED("ObjectSynced:Delete"),
    CEPH_MARKER_SYNCED("ObjectSynced:DeletionMarkerCreated");

    /** The events by which a version is removed, or hidden by a delete marker. */
    static final Set<EventName> REMOVALS = Collections.unmodifiableSet(EnumSet.of(
            REMOVED,
            MARKED,
            EXPIRED,
            EXPIRED_BY_MARKER,
            CEPH_EXPIRED_CURRENT,
            CEPH_EXPIRED_NONCURRENT,
            CEPH_EXPIRED_MARKER));

    private final String text;

    EventName(String text) {
        this.text = text;
    }

    /** As in the record of an event; configurations have {@code s3:} before it. */
    public String text() {
        return text;
    }

    /**
     * The names of a change, Amazon's before Ceph's; empty for a change that is no event. A write over an object, and an append to it,
     * create an object. A renaming creates an object under the new key and removes one under the old key. The beginning of an upload is no event:
     * Ceph Gateway says {@code ObjectCreated:Post} there, before there is an object.
     */
    public static List<EventName> of(ObjectChange change) {
        return switch (change.effect()) {
            case CREATED -> created(change);
            case CHANGED -> changed(change, CEPH_TRANSITION_OF_CURRENT);
            case CHANGED_NONCURRENT -> changed(change, CEPH_TRANSITION_OF_NONCURRENT);
            case REMOVED_CURRENT -> removed(change, CEPH_EXPIRED_CURRENT);
            case REMOVED_NONCURRENT -> removed(change, CEPH_EXPIRED_NONCURRENT);
            case REMOVED_MARKER -> removed(change, CEPH_EXPIRED_MARKER);
            case MARKED -> isExpiration(change) ? List.of(EXPIRED_BY_MARKER, CEPH_EXPIRED_CURRENT) : List.of(MARKED);
            case UPLOAD_BEGUN -> List.of();
            case UPLOAD_ABORTED -> isExpiration(change) ? List.of(CEPH_EXPIRED_UPLOAD) : List.of();
        };
    }

    private static List<EventName> created(ObjectChange change) {
        return switch (change.context().kind()) {
            case PUT, APPEND -> List.of(CREATED_BY_PUT);
            case POST -> List.of(CREATED_BY_POST);
            case COPY, RENAME -> List.of(CREATED_BY_COPY);
            case COMPLETE_MULTIPART_UPLOAD -> List.of(CREATED_BY_COMPLETION);
            default -> List.of();
        };
    }

    private static List<EventName> changed(ObjectChange change, EventName transition) {
        return switch (change.context().kind()) {
            case PUT_TAGGING -> List.of(TAGGED);
            case DELETE_TAGGING -> List.of(UNTAGGED);
            case PUT_ACL -> List.of(ACL_SET);
            case LIFECYCLE_TRANSITION -> List.of(TRANSITION, transition);
            default -> List.of();
        };
    }

    private static List<EventName> removed(ObjectChange change, EventName expired) {
        return isExpiration(change) ? List.of(EXPIRED, expired) : List.of(REMOVED);
    }

    private static boolean isExpiration(ObjectChange change) {
        return change.context().kind() == Kind.LIFECYCLE_EXPIRATION;
    }
}
