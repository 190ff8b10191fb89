package io.pataka.service.access;

import io.pataka.service.model.Owner;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.Optional;

/** The ACL that PutBucketAcl and PutObjectAcl are given: in headers or as a document, and not both. */
public final class RequestedAcl {

    private final AclHeaders headers;
    private final AclXml documents;

    public RequestedAcl(GranteeDirectory grantees) {
        this.headers = new AclHeaders(grantees);
        this.documents = new AclXml(grantees);
    }

    /**
     * @param owner of what the list is for
     * @throws S3Exception MissingSecurityHeader for neither, UnexpectedContent for both, and as {@link AclXml#read}
     */
    public Acl read(RequestHeaders request, Optional<byte[]> document, Owner owner, Owner bucketOwner) {
        Optional<Acl> named = headers.read(request, owner, bucketOwner);
        if (named.isPresent() && document.isPresent()) {
            throw new S3Exception(S3Error.UNEXPECTED_CONTENT);
        }
        return named.or(() -> document.map(bytes -> documents.read(bytes, owner)))
                .orElseThrow(() ->
                        new S3Exception(S3Error.MISSING_SECURITY_HEADER).with("MissingHeaderName", AclHeaders.CANNED));
    }

    /**
     * Refuses a list that the bucket does not take.
     *
     * @throws S3Exception AccessControlListNotSupported where lists do not count; AccessDenied for a public list where those are
     *     blocked
     */
    public static void requireTaken(RequestHeaders request, Acl acl, Owner bucketOwner, BucketAccess access) {
        if (!access.countsAcls() && !AclHeaders.isOwnersControl(request, acl, bucketOwner)) {
            throw new S3Exception(S3Error.ACCESS_CONTROL_LIST_NOT_SUPPORTED);
        }
        if (acl.isPublic() && access.publicAccess().blockPublicAcls()) {
            throw new S3Exception(S3Error.ACCESS_DENIED).because("public access block: public ACLs are blocked");
        }
    }
}
