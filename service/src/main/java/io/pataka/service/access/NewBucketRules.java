package io.pataka.service.access;

import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.Owner;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What a new bucket's documents say of access. */
public final class NewBucketRules {

    private static final String OWNERSHIP = "x-amz-object-ownership";

    private final AclHeaders headers;

    public NewBucketRules(GranteeDirectory grantees) {
        this.headers = new AclHeaders(grantees);
    }

    /**
     * The documents by kind.
     *
     * @param usual the ownership rule where the request names none. A request that names a list for its owner alone, and no rule,
     *     means lists to count: the bucket's owner is then preferred and not enforced, so that rclone, which names {@code private}
     *     for the bucket and for each object, can write to the buckets that it makes. A list that lets others in is not enough:
     *     Amazon's reference says that a request which sets such a list must name an ownership rule other than the one that is
     *     usual since April 2023, BucketOwnerEnforced, and fails else
     * @param ofAccount what the owner keeps from the public in all its buckets
     * @throws S3Exception InvalidBucketAclWithObjectOwnership for a list that lets others in where lists do not count;
     *     AccessDenied for a public list where the account blocks those; InvalidArgument or InvalidRequest for headers that make
     *     no sense
     * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html">AWS: CreateBucket, under access control
     *     lists</a>
     * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-error-responses.html">AWS:
     *     InvalidBucketAclWithObjectOwnership</a>
     */
    public Map<DocumentKind, String> documents(
            RequestHeaders request, Owner owner, ObjectOwnership usual, Supplier<Optional<String>> ofAccount) {
        Optional<Acl> acl = headers.read(request, owner, owner);
        ObjectOwnership ownership =
                request.first(OWNERSHIP).map(NewBucketRules::named).orElseGet(() -> unnamed(usual, acl, owner));
        Map<DocumentKind, String> documents = new HashMap<>();
        if (request.has(OWNERSHIP) || ownership != ObjectOwnership.OBJECT_WRITER) {
            documents.put(DocumentKind.OWNERSHIP, ownership.text());
        }
        if (acl.isPresent() && acl.get().opensBeyond(owner)) {
            if (ownership == ObjectOwnership.BUCKET_OWNER_ENFORCED) {
                throw new S3Exception(S3Error.INVALID_BUCKET_ACL_WITH_OBJECT_OWNERSHIP);
            }
        }
        if (acl.isPresent()
                && acl.get().isPublic()
                && PublicAccessBlock.of(ofAccount.get()).blockPublicAcls()) {
            throw new S3Exception(S3Error.ACCESS_DENIED).because("public access block: public ACLs are blocked");
        }
        acl.flatMap(list -> NewObjectRules.stored(list, owner))
                .ifPresent(text -> documents.put(DocumentKind.ACL, text));
        return documents;
    }

    private static ObjectOwnership unnamed(ObjectOwnership usual, Optional<Acl> acl, Owner owner) {
        boolean countsLists = acl.filter(list -> !list.opensBeyond(owner)).isPresent();
        return usual == ObjectOwnership.BUCKET_OWNER_ENFORCED && countsLists
                ? ObjectOwnership.BUCKET_OWNER_PREFERRED
                : usual;
    }

    private static ObjectOwnership named(String text) {
        return ObjectOwnership.named(text)
                .orElseThrow(() -> new S3Exception(
                                S3Error.INVALID_ARGUMENT, "Invalid x-amz-object-ownership header: " + text)
                        .argument(OWNERSHIP, text));
    }
}
