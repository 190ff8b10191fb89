package io.pataka.service.access;

import io.pataka.service.model.Owner;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

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
     * @param usual the ownership rule where the request names none
     * @throws S3Exception InvalidBucketAclWithObjectOwnership for a list that lets others in where lists do not count;
     *     InvalidArgument or InvalidRequest for headers that make no sense
     */
    public Map<String, String> documents(RequestHeaders request, Owner owner, ObjectOwnership usual) {
        ObjectOwnership ownership = request.first(OWNERSHIP)
                .filter(text -> !text.isEmpty())
                .map(NewBucketRules::named)
                .orElse(usual);
        Optional<Acl> acl = headers.read(request, owner, owner);
        Map<String, String> documents = new HashMap<>();
        if (request.has(OWNERSHIP) || ownership != ObjectOwnership.OBJECT_WRITER) {
            documents.put(BucketAccess.OWNERSHIP, ownership.text());
        }
        if (acl.isPresent() && acl.get().opensBeyond(owner)) {
            if (ownership == ObjectOwnership.BUCKET_OWNER_ENFORCED) {
                throw new S3Exception(S3Error.INVALID_BUCKET_ACL_WITH_OBJECT_OWNERSHIP);
            }
        }
        acl.flatMap(list -> NewObjectRules.stored(list, owner))
                .ifPresent(text -> documents.put(BucketAccess.ACL, text));
        return documents;
    }

    private static ObjectOwnership named(String text) {
        return ObjectOwnership.named(text)
                .orElseThrow(() -> new S3Exception(
                                S3Error.INVALID_ARGUMENT, "Invalid x-amz-object-ownership header: " + text)
                        .with("ArgumentName", OWNERSHIP)
                        .with("ArgumentValue", text));
    }
}
