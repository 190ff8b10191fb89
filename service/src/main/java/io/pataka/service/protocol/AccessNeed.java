package io.pataka.service.protocol;

import java.util.Objects;
import java.util.Optional;

/**
 * The permission that a caller needs for an operation.
 *
 * @param action the policy action, {@code s3:GetObject}
 * @param versionAction the action that is needed instead if the request names a version
 * @param acl the ACL permission that is enough as well, and on what; empty if only ownership and policies count
 * @param administrative only administrators of the account have it
 */
public record AccessNeed(String action, Optional<String> versionAction, Optional<AclNeed> acl, boolean administrative) {

    /** The permissions of an ACL grant. */
    public enum Permission {
        READ,
        WRITE,
        READ_ACP,
        WRITE_ACP
    }

    /** The ACL that must grant the permission: the bucket's or the object's. */
    public record AclNeed(Permission permission, boolean onBucket) {
        public AclNeed {
            Objects.requireNonNull(permission);
        }
    }

    /** What GetObjectAttributes needs in addition to reading the object. */
    public static final AccessNeed OBJECT_ATTRIBUTES = may("s3:GetObjectAttributes")
            .onVersion("s3:GetObjectVersionAttributes")
            .acl(Permission.READ);

    /** What changing or deleting a version that is retained in governance mode needs in addition. */
    public static final AccessNeed BYPASS_GOVERNANCE = may("s3:BypassGovernanceRetention");

    /** What a notification of a bucket needs of the topic that it names. */
    public static final AccessNeed PUBLISH = may("sns:Publish");

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
        return new AccessNeed(action, Optional.empty(), Optional.empty(), false);
    }

    AccessNeed onVersion(String action) {
        return new AccessNeed(this.action, Optional.of(action), acl, administrative);
    }

    /** The object's ACL may grant it, too. */
    AccessNeed acl(Permission permission) {
        return new AccessNeed(action, versionAction, Optional.of(new AclNeed(permission, false)), administrative);
    }

    /** The bucket's ACL may grant it, too. */
    AccessNeed bucketAcl(Permission permission) {
        return new AccessNeed(action, versionAction, Optional.of(new AclNeed(permission, true)), administrative);
    }

    /** Only administrators of the account have it. */
    AccessNeed administrators() {
        return new AccessNeed(action, versionAction, acl, true);
    }
}
