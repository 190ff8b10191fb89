package io.pataka.service.access;

import io.pataka.service.access.policy.BucketPolicy;
import io.pataka.service.access.policy.MalformedPolicyException;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.Owner;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings of a bucket that decide who may do what.
 *
 * @param acl counts only where {@code ownership} lets ACLs count
 * @param publicAccess of the bucket and of its owner's account together: whatever one of them blocks is blocked
 * @param requesterPays whether callers of other projects must say that they know it
 */
public record BucketAccess(
        ObjectOwnership ownership,
        Acl acl,
        Optional<BucketPolicy> policy,
        PublicAccessBlock publicAccess,
        boolean requesterPays) {

    /** The document of {@link DocumentKind#REQUEST_PAYMENT} where callers of other projects pay. */
    public static final String REQUESTER = "Requester";

    private static final Logger LOG = LoggerFactory.getLogger(BucketAccess.class);

    public BucketAccess {
        Objects.requireNonNull(ownership);
        Objects.requireNonNull(acl);
        Objects.requireNonNull(policy);
        Objects.requireNonNull(publicAccess);
    }

    /** Whether the ACL of the bucket and those of its objects count. */
    boolean countsAcls() {
        return ownership != ObjectOwnership.BUCKET_OWNER_ENFORCED;
    }

    /** The bucket's list, or what it comes to where lists do not count. */
    public Acl effectiveAcl(Bucket bucket) {
        return countsAcls() ? acl : Acl.ofOwner(bucket.owner());
    }

    /** The object's list, or what it comes to where lists do not count. */
    public Acl effectiveAcl(ObjectVersion version, Bucket bucket) {
        return countsAcls() ? NewObjectRules.aclOf(version) : Acl.ofOwner(bucket.owner());
    }

    /** Whose the object is. */
    public Owner ownerOf(ObjectVersion version, Bucket bucket) {
        return countsAcls() ? version.owner() : bucket.owner();
    }

    /** The documents as they are stored. */
    record Documents(
            Optional<String> acl,
            Optional<String> ownership,
            Optional<String> policy,
            Optional<String> publicAccess,
            Optional<String> accountPublicAccess,
            Optional<String> requestPayment) {

        static Documents of(Bucket bucket, BucketCatalog buckets) {
            return new Documents(
                    buckets.document(bucket, DocumentKind.ACL),
                    buckets.document(bucket, DocumentKind.OWNERSHIP),
                    buckets.document(bucket, DocumentKind.POLICY),
                    buckets.document(bucket, DocumentKind.PUBLIC_ACCESS_BLOCK),
                    buckets.ownersDocument(bucket, DocumentKind.PUBLIC_ACCESS_BLOCK),
                    buckets.document(bucket, DocumentKind.REQUEST_PAYMENT));
        }

        /** A request to a bucket with a document that cannot be read fails. */
        BucketAccess read(Bucket bucket) {
            return new BucketAccess(
                    ownership
                            .map(text -> ObjectOwnership.named(text)
                                    .orElseThrow(() -> new IllegalStateException("no ownership rule: " + text)))
                            .orElse(ObjectOwnership.OBJECT_WRITER),
                    acl.map(Acl::parse).orElseGet(() -> Acl.ofOwner(bucket.owner())),
                    policy.map(text -> parsed(text, bucket)),
                    PublicAccessBlock.of(publicAccess).and(PublicAccessBlock.of(accountPublicAccess)),
                    requestPayment.filter(REQUESTER::equals).isPresent());
        }

        /** A policy that cannot be read any more denies everything, until an administrator of the owner mends it. */
        private static BucketPolicy parsed(String text, Bucket bucket) {
            try {
                return BucketPolicy.parse(text, bucket.name());
            } catch (MalformedPolicyException damaged) {
                LOG.error(
                        "The stored policy of bucket {} cannot be read, and denies all: {}",
                        bucket.name(),
                        damaged.fault());
                return denyingAll(bucket.name().text());
            }
        }

        private static BucketPolicy denyingAll(String name) {
            String policy = """
                    {"Version": "2012-10-17", "Statement": [{"Sid": "the stored policy cannot be read", "Effect": "Deny",
                     "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::%1$s", "arn:aws:s3:::%1$s/*"]}]}
                    """.formatted(name);
            try {
                return BucketPolicy.parse(policy, new BucketName(name));
            } catch (MalformedPolicyException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
