package io.pataka.service.access;

import static io.pataka.service.access.Grantee.Group.ALL_USERS;
import static io.pataka.service.access.Grantee.Group.AUTHENTICATED_USERS;
import static io.pataka.service.access.Grantee.Group.LOG_DELIVERY;

import io.pataka.service.model.Owner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The lists that have a name.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl">AWS: canned ACLs</a>
 */
enum CannedAcl {
    PRIVATE("private"),
    PUBLIC_READ("public-read", new Grant(ALL_USERS, Grant.Right.READ)),
    PUBLIC_READ_WRITE(
            "public-read-write", new Grant(ALL_USERS, Grant.Right.READ), new Grant(ALL_USERS, Grant.Right.WRITE)),
    AUTHENTICATED_READ("authenticated-read", new Grant(AUTHENTICATED_USERS, Grant.Right.READ)),
    BUCKET_OWNER_READ("bucket-owner-read"),
    BUCKET_OWNER_FULL_CONTROL("bucket-owner-full-control"),
    LOG_DELIVERY_WRITE(
            "log-delivery-write",
            new Grant(LOG_DELIVERY, Grant.Right.WRITE),
            new Grant(LOG_DELIVERY, Grant.Right.READ_ACP));

    private final String text;
    private final List<Grant> toGroups;

    CannedAcl(String text, Grant... toGroups) {
        this.text = text;
        this.toGroups = List.of(toGroups);
    }

    static Optional<CannedAcl> named(String text) {
        return Arrays.stream(values())
                .filter(canned -> canned.text.equals(text))
                .findFirst();
    }

    /**
     * @param owner of the bucket or object that the list is for
     * @param bucketOwner of the bucket; the owner itself where the list is for a bucket
     */
    Acl acl(Owner owner, Owner bucketOwner) {
        List<Grant> grants = new ArrayList<>(toGroups);
        grants.add(new Grant(new Grantee.Canonical(owner), Grant.Right.FULL_CONTROL));
        if (!owner.id().equals(bucketOwner.id())) {
            if (this == BUCKET_OWNER_READ) {
                grants.add(new Grant(new Grantee.Canonical(bucketOwner), Grant.Right.READ));
            } else if (this == BUCKET_OWNER_FULL_CONTROL) {
                grants.add(new Grant(new Grantee.Canonical(bucketOwner), Grant.Right.FULL_CONTROL));
            }
        }
        return new Acl(grants);
    }
}
