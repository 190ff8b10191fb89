package io.pataka.service.access.policy;

import io.pataka.service.access.policy.PolicyActions.Target;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * A condition key: something that is known of a request. Keys are read without regard to case, except for what follows the slash
 * of a tag's key. Some of AWS's keys are never in a request to Pataka (it has no VPCs, organisations or access points); policies
 * may name them, and they are absent.
 *
 * @param name as AWS spells it, or {@code keystone:…}
 * @param isMultivalued whether a request may hold several values
 * @param actions the actions whose requests can hold the key
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html">AWS: global condition
 *     keys</a>
 * @see <a href="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html">AWS: condition keys of
 *     S3</a>
 */
record ConditionKey(String name, boolean isMultivalued, BitSet actions) {

    private static final Map<String, ConditionKey> SINGLE = new HashMap<>();
    private static final Map<String, ConditionKey> FAMILIES = new HashMap<>();

    static {
        BitSet all = PolicyActions.all();
        for (String name : List.of(
                "aws:CalledViaFirst",
                "aws:CalledViaLast",
                "aws:CurrentTime",
                "aws:Ec2InstanceSourcePrivateIPv4",
                "aws:Ec2InstanceSourceVpc",
                "aws:EpochTime",
                "aws:FederatedProvider",
                "aws:MultiFactorAuthAge",
                "aws:MultiFactorAuthPresent",
                "aws:PrincipalAccount",
                "aws:PrincipalArn",
                "aws:PrincipalIsAWSService",
                "aws:PrincipalOrgID",
                "aws:PrincipalServiceName",
                "aws:PrincipalType",
                "aws:Referer",
                "aws:RequestedRegion",
                "aws:ResourceAccount",
                "aws:ResourceOrgID",
                "aws:SecureTransport",
                "aws:SourceAccount",
                "aws:SourceArn",
                "aws:SourceIdentity",
                "aws:SourceInstance",
                "aws:SourceIp",
                "aws:SourceOrgID",
                "aws:SourceOwner",
                "aws:SourceVpc",
                "aws:SourceVpcArn",
                "aws:SourceVpce",
                "aws:TokenIssueTime",
                "aws:UserAgent",
                "aws:userid",
                "aws:username",
                "aws:ViaAWSService",
                "aws:VpceAccount",
                "aws:VpceOrgID",
                "aws:VpcSourceIp",
                "keystone:domain",
                "keystone:project",
                "keystone:userid",
                "s3:AccessPointNetworkOrigin",
                "s3:authType",
                "s3:DataAccessPointAccount",
                "s3:DataAccessPointArn",
                "s3:ResourceAccount",
                "s3:signatureAge",
                "s3:signatureversion",
                "s3:TlsVersion",
                "s3:x-amz-content-sha256")) {
            single(name, all);
        }
        for (String name : List.of(
                "aws:CalledVia",
                "aws:PrincipalOrgPaths",
                "aws:PrincipalServiceNamesList",
                "aws:ResourceOrgPaths",
                "aws:SourceOrgPaths",
                "aws:TagKeys",
                "aws:VpceOrgPaths",
                "keystone:role")) {
            multiple(name, all);
        }
        for (String name : List.of("aws:PrincipalTag/", "aws:RequestTag/", "aws:ResourceTag/")) {
            family(name, all);
        }
        BitSet listing = actionsNamed("s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads");
        for (String name : List.of("s3:prefix", "s3:delimiter", "s3:max-keys")) {
            single(name, listing);
        }
        BitSet granting = actionsNamed(
                "s3:CreateBucket", "s3:PutBucketAcl", "s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectVersionAcl");
        for (String name : List.of(
                "s3:x-amz-acl",
                "s3:x-amz-grant-full-control",
                "s3:x-amz-grant-read",
                "s3:x-amz-grant-read-acp",
                "s3:x-amz-grant-write",
                "s3:x-amz-grant-write-acp")) {
            single(name, granting);
        }
        BitSet writing = actionsNamed("s3:PutObject");
        for (String name : List.of(
                "s3:x-amz-copy-source",
                "s3:x-amz-metadata-directive",
                "s3:x-amz-storage-class",
                "s3:x-amz-website-redirect-location")) {
            single(name, writing);
        }
        BitSet encrypting = actionsNamed(
                "s3:PutObject", "s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectAttributes", "s3:ReplicateObject");
        for (String name : List.of(
                "s3:x-amz-server-side-encryption",
                "s3:x-amz-server-side-encryption-aws-kms-key-id",
                "s3:x-amz-server-side-encryption-customer-algorithm")) {
            single(name, encrypting);
        }
        single("s3:VersionId", numbers(ConditionKey::mayNameAVersion));
        single("s3:LocationConstraint", actionsNamed("s3:CreateBucket"));
        BitSet conditional = actionsNamed("s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion");
        single("s3:if-match", conditional);
        single("s3:if-none-match", conditional);
        BitSet retaining = actionsNamed("s3:PutObject", "s3:PutObjectRetention", "s3:BypassGovernanceRetention");
        single("s3:object-lock-mode", retaining);
        single("s3:object-lock-retain-until-date", retaining);
        single("s3:object-lock-remaining-retention-days", retaining);
        single("s3:object-lock-legal-hold", actionsNamed("s3:PutObject", "s3:PutObjectLegalHold"));
        BitSet tagging =
                actionsNamed("s3:PutObject", "s3:PutObjectTagging", "s3:PutObjectVersionTagging", "s3:ReplicateTags");
        family("s3:RequestObjectTag/", tagging);
        multiple("s3:RequestObjectTagKeys", tagging);
        family("s3:ExistingObjectTag/", numbers(ConditionKey::isOnAnObjectThatIsThere));
    }

    ConditionKey {
        Objects.requireNonNull(name);
        Objects.requireNonNull(actions);
    }

    /** The key of that name; empty for an unknown one. */
    static Optional<ConditionKey> named(String written) {
        int slash = written.indexOf('/');
        if (slash < 0) {
            return Optional.ofNullable(SINGLE.get(written.toLowerCase(Locale.ROOT)));
        }
        String tag = written.substring(slash + 1);
        return tag.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(
                                FAMILIES.get(written.substring(0, slash + 1).toLowerCase(Locale.ROOT)))
                        .map(family -> new ConditionKey(family.name + tag, false, family.actions));
    }

    private static void single(String name, BitSet actions) {
        SINGLE.put(name.toLowerCase(Locale.ROOT), new ConditionKey(name, false, actions));
    }

    private static void multiple(String name, BitSet actions) {
        SINGLE.put(name.toLowerCase(Locale.ROOT), new ConditionKey(name, true, actions));
    }

    private static void family(String name, BitSet actions) {
        FAMILIES.put(name.toLowerCase(Locale.ROOT), new ConditionKey(name, false, actions));
    }

    private static BitSet actionsNamed(String... actions) {
        List<String> wanted = List.of(actions);
        return numbers(number ->
                wanted.stream().anyMatch(action -> PolicyActions.number(PolicyActions.folded(action)) == number));
    }

    private static BitSet numbers(IntPredicate wanted) {
        BitSet all = PolicyActions.all();
        BitSet numbers = new BitSet();
        all.stream().filter(wanted).forEach(numbers::set);
        return numbers;
    }

    private static boolean mayNameAVersion(int number) {
        String action = PolicyActions.name(number);
        return PolicyActions.isOn(Target.OBJECT, number)
                && (action.contains("version")
                        || action.contains("retention")
                        || action.contains("legalhold")
                        || action.contains("annotation")
                        || action.endsWith(":restoreobject"));
    }

    private static boolean isOnAnObjectThatIsThere(int number) {
        return PolicyActions.isOn(Target.OBJECT, number)
                && !List.of("s3:putobject", "s3:abortmultipartupload", "s3:listmultipartuploadparts")
                        .contains(PolicyActions.name(number));
    }
}
