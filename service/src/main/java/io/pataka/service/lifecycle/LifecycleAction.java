package io.pataka.service.lifecycle;

/** What the rules do with a version or an upload now. */
public sealed interface LifecycleAction {

    /** The id of the rule that decided. */
    String ruleId();

    /** Removes the current version or puts a delete marker on it, as the bucket's versioning says. */
    record DeleteCurrent(String ruleId) implements LifecycleAction {}

    /** Removes a noncurrent version, or a noncurrent delete marker. */
    record DeleteNoncurrent(String ruleId) implements LifecycleAction {}

    /** Removes a delete marker that is the only version of its key. */
    record DeleteLoneMarker(String ruleId) implements LifecycleAction {}

    /** Moves the bytes of a version to another storage class. */
    record Transition(String ruleId, String storageClass) implements LifecycleAction {}

    /** Aborts an upload that is not complete. */
    record AbortUpload(String ruleId) implements LifecycleAction {}
}
