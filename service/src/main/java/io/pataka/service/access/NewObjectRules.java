package io.pataka.service.access;

import io.pataka.service.model.Bucket;
import io.pataka.service.model.Caller;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.Owner;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.Optional;

/**
 * Whose a new object is, and which ACL it gets.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html">AWS: object ownership</a>
 */
final class NewObjectRules {

    private final AclHeaders headers;

    NewObjectRules(AclHeaders headers) {
        this.headers = headers;
    }

    /**
     * @throws S3Exception AccessControlListNotSupported where ACLs do not count; AccessDenied for a public list where those are
     *     blocked; and as {@link AclHeaders#read}
     */
    NewObjectAccess of(RequestHeaders request, Caller caller, Bucket bucket, BucketAccess access) {
        Owner owner = owner(request, caller, bucket, access.ownership());
        Optional<Acl> asked = headers.read(request, owner, bucket.owner());
        if (!access.countsAcls()) {
            if (asked.isPresent() && !AclHeaders.isOwnersControl(request, asked.get(), bucket.owner())) {
                throw new S3Exception(S3Error.ACCESS_CONTROL_LIST_NOT_SUPPORTED);
            }
            return new NewObjectAccess(bucket.owner(), Optional.empty(), asked);
        }
        if (asked.isPresent() && asked.get().isPublic() && access.publicAccess().blockPublicAcls()) {
            throw new S3Exception(S3Error.ACCESS_DENIED).because("public access block: public ACLs are blocked");
        }
        return new NewObjectAccess(owner, asked.flatMap(acl -> stored(acl, owner)), asked);
    }

    private static Owner owner(RequestHeaders request, Caller caller, Bucket bucket, ObjectOwnership ownership) {
        return switch (ownership) {
            case BUCKET_OWNER_ENFORCED -> bucket.owner();
            case BUCKET_OWNER_PREFERRED ->
                AclHeaders.canned(request)
                                .filter(CannedAcl.BUCKET_OWNER_FULL_CONTROL::equals)
                                .isPresent()
                        ? bucket.owner()
                        : caller.account();
            case OBJECT_WRITER -> caller.account();
        };
    }

    /** Nothing is stored for what an object has anyway. */
    static Optional<String> stored(Acl acl, Owner owner) {
        return acl.equals(Acl.ofOwner(owner)) ? Optional.empty() : Optional.of(acl.text());
    }

    /** The list of an object. */
    static Acl aclOf(ObjectVersion version) {
        return version.facts().acl().map(Acl::parse).orElseGet(() -> Acl.ofOwner(version.owner()));
    }
}
