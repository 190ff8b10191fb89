package io.pataka.service.access.policy;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The actions that a policy can speak of, and what each is done to.
 *
 * @see <a href="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html">AWS: actions, resources,
 *     and condition keys for Amazon S3</a>
 */
final class PolicyActions {

    /** What an action is done to. */
    enum Target {
        /** Not to a bucket that has a policy, so no bucket's policy decides it. */
        SERVICE,
        BUCKET,
        OBJECT,
        /** To a topic, whose own policy decides. */
        TOPIC
    }

    private static final List<String> ON_SERVICE = List.of(
            "s3:CreateBucket",
            "s3:GetAccountPublicAccessBlock",
            "s3:GetUsage",
            "s3:ListAllMyBuckets",
            "s3:PutAccountPublicAccessBlock");

    private static final List<String> ON_BUCKET = List.of(
            "s3:CreateBucketMetadataTableConfiguration",
            "s3:DeleteBucket",
            "s3:DeleteBucketMetadataTableConfiguration",
            "s3:DeleteBucketPolicy",
            "s3:DeleteBucketWebsite",
            "s3:GetAccelerateConfiguration",
            "s3:GetAnalyticsConfiguration",
            "s3:GetBucketABAC",
            "s3:GetBucketAcl",
            "s3:GetBucketCORS",
            "s3:GetBucketLocation",
            "s3:GetBucketLogging",
            "s3:GetBucketMetadataTableConfiguration",
            "s3:GetBucketNotification",
            "s3:GetBucketObjectLockConfiguration",
            "s3:GetBucketOwnershipControls",
            "s3:GetBucketPolicy",
            "s3:GetBucketPolicyStatus",
            "s3:GetBucketPublicAccessBlock",
            "s3:GetBucketRequestPayment",
            "s3:GetBucketTagging",
            "s3:GetBucketVersioning",
            "s3:GetBucketWebsite",
            "s3:GetEncryptionConfiguration",
            "s3:GetIntelligentTieringConfiguration",
            "s3:GetInventoryConfiguration",
            "s3:GetLifecycleConfiguration",
            "s3:GetMetricsConfiguration",
            "s3:GetReplicationConfiguration",
            "s3:ListBucket",
            "s3:ListBucketMultipartUploads",
            "s3:ListBucketVersions",
            "s3:ListTagsForResource",
            "s3:PostBucketLogging",
            "s3:PutAccelerateConfiguration",
            "s3:PutAnalyticsConfiguration",
            "s3:PutBucketABAC",
            "s3:PutBucketAcl",
            "s3:PutBucketCORS",
            "s3:PutBucketLogging",
            "s3:PutBucketNotification",
            "s3:PutBucketObjectLockConfiguration",
            "s3:PutBucketOwnershipControls",
            "s3:PutBucketPolicy",
            "s3:PutBucketPublicAccessBlock",
            "s3:PutBucketRequestPayment",
            "s3:PutBucketTagging",
            "s3:PutBucketVersioning",
            "s3:PutBucketWebsite",
            "s3:PutEncryptionConfiguration",
            "s3:PutIntelligentTieringConfiguration",
            "s3:PutInventoryConfiguration",
            "s3:PutLifecycleConfiguration",
            "s3:PutMetricsConfiguration",
            "s3:PutReplicationConfiguration",
            "s3:TagResource",
            "s3:UntagResource",
            "s3:UpdateBucketMetadataAnnotationTableConfiguration",
            "s3:UpdateBucketMetadataInventoryTableConfiguration",
            "s3:UpdateBucketMetadataJournalTableConfiguration");

    private static final List<String> ON_OBJECT = List.of(
            "s3:AbortMultipartUpload",
            "s3:BypassGovernanceRetention",
            "s3:DeleteObject",
            "s3:DeleteObjectAnnotation",
            "s3:DeleteObjectTagging",
            "s3:DeleteObjectVersion",
            "s3:DeleteObjectVersionTagging",
            "s3:GetObject",
            "s3:GetObjectAcl",
            "s3:GetObjectAnnotation",
            "s3:GetObjectAttributes",
            "s3:GetObjectLegalHold",
            "s3:GetObjectRetention",
            "s3:GetObjectTagging",
            "s3:GetObjectTorrent",
            "s3:GetObjectVersion",
            "s3:GetObjectVersionAcl",
            "s3:GetObjectVersionAttributes",
            "s3:GetObjectVersionForReplication",
            "s3:GetObjectVersionTagging",
            "s3:GetObjectVersionTorrent",
            "s3:InitiateReplication",
            "s3:ListMultipartUploadParts",
            "s3:ListObjectAnnotations",
            "s3:ObjectOwnerOverrideToBucketOwner",
            "s3:PutObject",
            "s3:PutObjectAcl",
            "s3:PutObjectAnnotation",
            "s3:PutObjectLegalHold",
            "s3:PutObjectRetention",
            "s3:PutObjectTagging",
            "s3:PutObjectVersionAcl",
            "s3:PutObjectVersionTagging",
            "s3:ReplicateDelete",
            "s3:ReplicateObject",
            "s3:ReplicateTags",
            "s3:RestoreObject",
            "s3:UpdateObjectEncryption");

    /** Also those of SNS that this service does not have: the policy that Amazon gives a new topic names them. */
    private static final List<String> ON_TOPIC = List.of(
            "sns:AddPermission",
            "sns:CreateTopic",
            "sns:DeleteTopic",
            "sns:GetTopicAttributes",
            "sns:ListSubscriptionsByTopic",
            "sns:Publish",
            "sns:Receive",
            "sns:RemovePermission",
            "sns:SetTopicAttributes",
            "sns:Subscribe");

    private static final Map<String, Integer> NUMBERS = new HashMap<>();
    private static final String[] NAMES =
            new String[ON_SERVICE.size() + ON_BUCKET.size() + ON_OBJECT.size() + ON_TOPIC.size()];
    private static final Map<Target, BitSet> TARGETS = Map.of(
            Target.SERVICE, numbered(ON_SERVICE),
            Target.BUCKET, numbered(ON_BUCKET),
            Target.OBJECT, numbered(ON_OBJECT),
            Target.TOPIC, numbered(ON_TOPIC));

    private PolicyActions() {}

    private static BitSet numbered(List<String> actions) {
        BitSet numbers = new BitSet();
        for (String action : actions) {
            int number = NUMBERS.size();
            NUMBERS.put(folded(action), number);
            NAMES[number] = folded(action);
            numbers.set(number);
        }
        return numbers;
    }

    /** Actions are compared without regard to case. */
    static String folded(String action) {
        return action.toLowerCase(Locale.ROOT);
    }

    /** The number of an action, folded; -1 for one that is not in the table. */
    static int number(String folded) {
        return NUMBERS.getOrDefault(folded, -1);
    }

    /** The numbers of the actions that a pattern, folded, matches. */
    static BitSet matching(Glob pattern) {
        BitSet numbers = new BitSet(NAMES.length);
        for (int number = 0; number < NAMES.length; number++) {
            if (pattern.matches(NAMES[number])) {
                numbers.set(number);
            }
        }
        return numbers;
    }

    static BitSet all() {
        BitSet numbers = new BitSet(NAMES.length);
        numbers.set(0, NAMES.length);
        return numbers;
    }

    /** The numbers of the actions that are done to one of the targets. */
    static BitSet on(Set<Target> targets) {
        BitSet numbers = new BitSet(NAMES.length);
        targets.forEach(target -> numbers.or(TARGETS.get(target)));
        return numbers;
    }

    /** The action of a number, folded. */
    static String name(int number) {
        return NAMES[number];
    }

    /** Whether one of the actions is done to such a target. */
    static boolean anyOn(Target target, BitSet numbers) {
        return numbers.intersects(TARGETS.get(target));
    }

    /** What an action is done to. */
    static boolean isOn(Target target, int number) {
        return TARGETS.get(target).get(number);
    }
}
