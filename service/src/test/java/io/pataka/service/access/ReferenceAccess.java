package io.pataka.service.access;

import io.pataka.service.access.AccessMatrixTest.Block;
import io.pataka.service.access.AccessMatrixTest.Cell;
import io.pataka.service.access.AccessMatrixTest.Listed;
import io.pataka.service.access.AccessMatrixTest.Policy;
import io.pataka.service.access.AccessMatrixTest.Who;
import java.util.Set;

/**
 * Decides access by the names of the operations, and not by the table of operations. It is written from Amazon's "Access control
 * list overview" (its tables of what a permission allows) and "How Amazon S3 authorizes a request". It may be slow.
 */
final class ReferenceAccess {

    private static final Set<String> BUCKET_READ =
            Set.of("HeadBucket", "ListObjects", "ListObjectsV2", "ListObjectVersions", "ListMultipartUploads");
    private static final Set<String> BUCKET_WRITE = Set.of(
            "PutObject",
            "PostObject",
            "CopyObject",
            "AppendObject",
            "RenameObject",
            "CreateMultipartUpload",
            "UploadPart",
            "UploadPartCopy",
            "CompleteMultipartUpload",
            "AbortMultipartUpload",
            "DeleteObject",
            "DeleteObjects");
    private static final Set<String> OBJECT_READ =
            Set.of("GetObject", "HeadObject", "GetObjectAttributes", "GetObjectTorrent", "SelectObjectContent");

    private ReferenceAccess() {}

    static boolean allows(Cell cell) {
        String name = cell.operation().amazonName();
        if (name.startsWith("Preflight")) {
            return true;
        }
        if (ofTheAccount(name)) {
            return cell.who() != Who.ANONYMOUS && roleReaches(cell.who(), name);
        }
        if (cell.who() != Who.ANONYMOUS && !roleReaches(cell.who(), name)) {
            return false;
        }
        // CreateSession is an action of another service, which policies with actions of S3 do not name.
        boolean spokenOf = !name.equals("CreateSession");
        if (spokenOf && denied(cell) && !mends(cell, name)) {
            return false;
        }
        boolean ofAnObjectWithAList =
                OBJECT_READ.contains(name) || name.equals("GetObjectAcl") || name.equals("PutObjectAcl");
        boolean listsCount = cell.ownership() != ObjectOwnership.BUCKET_OWNER_ENFORCED;
        boolean anothers = ofAnObjectWithAList && listsCount && cell.othersObject();
        if (ownersCaller(cell.who()) && !anothers) {
            return true;
        }
        if (spokenOf && policyAllows(cell) && !anothers) {
            return true;
        }
        return listsCount && listAllows(cell, name);
    }

    private static boolean ofTheAccount(String name) {
        return name.endsWith("AccountPublicAccessBlock")
                || name.contains("Topic")
                || Set.of("ListBuckets", "ListDirectoryBuckets", "GetUsage", "CreateBucket", "WriteGetObjectResponse")
                        .contains(name);
    }

    private static boolean roleReaches(Who who, String name) {
        if (Set.of("PutAccountPublicAccessBlock", "DeleteAccountPublicAccessBlock")
                .contains(name)) {
            return who == Who.OWNERS_ADMIN;
        }
        return switch (who) {
            case OWNERS_ADMIN, OWNERS_MEMBER, OTHERS_MEMBER -> true;
            case OWNERS_READER, OTHERS_READER -> readsOnly(name);
            case OWNERS_VISITOR, ANONYMOUS -> false;
        };
    }

    private static boolean readsOnly(String name) {
        // The names show which operations read, except for one that reads by POST.
        return name.startsWith("Get")
                || name.startsWith("List")
                || name.startsWith("Head")
                || name.equals("SelectObjectContent");
    }

    private static boolean ownersCaller(Who who) {
        return who == Who.OWNERS_ADMIN || who == Who.OWNERS_MEMBER || who == Who.OWNERS_READER;
    }

    private static boolean othersCaller(Who who) {
        return who == Who.OTHERS_MEMBER || who == Who.OTHERS_READER;
    }

    private static boolean denied(Cell cell) {
        return cell.policy() == Policy.DENIES_ALL
                || cell.policy() == Policy.DENIES_OTHER_ALLOWS_ALL && othersCaller(cell.who());
    }

    private static boolean mends(Cell cell, String name) {
        return cell.who() == Who.OWNERS_ADMIN
                && Set.of("GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy")
                        .contains(name);
    }

    private static boolean policyAllows(Cell cell) {
        return switch (cell.policy()) {
            case NONE, DENIES_ALL -> false;
            case ALLOWS_OTHER -> othersCaller(cell.who());
            case ALLOWS_ALL, DENIES_OTHER_ALLOWS_ALL ->
                cell.block() != Block.RESTRICTS && cell.block() != Block.ACCOUNT_RESTRICTS;
        };
    }

    private static boolean listAllows(Cell cell, String name) {
        boolean publicCounts = cell.block() != Block.IGNORES_ACLS && cell.block() != Block.ACCOUNT_IGNORES_ACLS;
        boolean full = cell.listed() == Listed.OTHER_FULL && othersCaller(cell.who());
        boolean writers = cell.othersObject() && othersCaller(cell.who());
        if (BUCKET_READ.contains(name)) {
            return full || cell.listed() == Listed.PUBLIC_READ && publicCounts;
        }
        if (BUCKET_WRITE.contains(name)) {
            return full || cell.listed() == Listed.PUBLIC_WRITE && publicCounts;
        }
        boolean acp = full || cell.listed() == Listed.OTHER_ACP && othersCaller(cell.who());
        return switch (name) {
            case "GetBucketAcl", "PutBucketAcl" -> acp;
            case "GetObjectAcl", "PutObjectAcl" -> acp || writers;
            default ->
                OBJECT_READ.contains(name) && (full || writers || cell.listed() == Listed.PUBLIC_READ && publicCounts);
        };
    }
}
