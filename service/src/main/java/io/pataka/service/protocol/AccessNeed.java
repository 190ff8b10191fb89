package io.pataka.service.protocol;

import java.util.Objects;
import java.util.Optional;

/**
 * What a caller must be allowed for an operation to be done.
 *
 * @param action the policy action, {@code s3:GetObject}
 * @param versionAction the action asked instead when the request names a version
 * @param acl the ACL permission that also opens the door, and on what; empty where only the owner and policies do
 * @param open anyone may ask, and the operation itself looks after what may be seen: a CORS preflight
 * @param keysInBody the objects are named in the body, and the operation asks about each: DeleteObjects
 * @param administrative only the administrators of the account may
 */
public record AccessNeed(
        String action,
        Optional<String> versionAction,
        Optional<AclNeed> acl,
        boolean open,
        boolean keysInBody,
        boolean administrative) {

    /** The permissions of an ACL grant. */
    public enum Permission {
        READ,
        WRITE,
        READ_ACP,
        WRITE_ACP
    }

    /** Whose ACL is asked for the permission. */
    public record AclNeed(Permission permission, boolean onBucket) {
        public AclNeed {
            Objects.requireNonNull(permission);
        }
    }

    /** What GetObjectAttributes needs beside what reading the object does. */
    public static final AccessNeed OBJECT_ATTRIBUTES = may("s3:GetObjectAttributes")
            .onVersion("s3:GetObjectVersionAttributes")
            .acl(Permission.READ);

    public AccessNeed {
        Objects.requireNonNull(action);
        Objects.requireNonNull(versionAction);
        Objects.requireNonNull(acl);
    }

    /** The action that a request with or without a version needs. */
    public String actionFor(boolean namesVersion) {
        return namesVersion ? versionAction.orElse(action) : action;
    }

    /** Whether the action changes nothing: S3's reading actions begin with {@code Get} or {@code List}. */
    public boolean isReading() {
        String name = action.substring(action.indexOf(':') + 1);
        return name.startsWith("Get") || name.startsWith("List");
    }

    static AccessNeed may(String action) {
        return new AccessNeed(action, Optional.empty(), Optional.empty(), false, false, false);
    }

    AccessNeed onVersion(String action) {
        return new AccessNeed(this.action, Optional.of(action), acl, open, keysInBody, administrative);
    }

    /** The object's own ACL opens, too. */
    AccessNeed acl(Permission permission) {
        return new AccessNeed(
                action, versionAction, Optional.of(new AclNeed(permission, false)), open, keysInBody, administrative);
    }

    /** The bucket's ACL opens, too. */
    AccessNeed bucketAcl(Permission permission) {
        return new AccessNeed(
                action, versionAction, Optional.of(new AclNeed(permission, true)), open, keysInBody, administrative);
    }

    AccessNeed anyone() {
        return new AccessNeed(action, versionAction, acl, true, keysInBody, administrative);
    }

    AccessNeed keyByKey() {
        return new AccessNeed(action, versionAction, acl, open, true, administrative);
    }

    AccessNeed administrators() {
        return new AccessNeed(action, versionAction, acl, open, keysInBody, true);
    }
}
