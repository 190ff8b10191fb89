package io.pataka.service.operation.acl;

import io.pataka.service.access.GranteeDirectory;
import io.pataka.service.access.ObjectOwnership;
import io.pataka.service.access.RequestedAcl;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.objects.BucketRetry;
import io.pataka.service.operation.BucketDocument;
import io.pataka.service.operation.ObjectLookup;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Operation;
import java.util.Objects;

/**
 * Access control lists of buckets and objects, and the ownership controls that say whether they count.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketOwnershipControls.html">AWS:
 *     GetBucketOwnershipControls</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketOwnershipControls.html">AWS:
 *     PutBucketOwnershipControls</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketOwnershipControls.html">AWS:
 *     DeleteBucketOwnershipControls</a>
 */
public final class AclOperations {

    private static final int MAX_DOCUMENT = 16 * 1024;

    private static final BucketDocument<ObjectOwnership> OWNERSHIP = BucketDocument.of(
                    DocumentKind.OWNERSHIP,
                    new OwnershipCodec(),
                    MAX_DOCUMENT,
                    BucketDocument.<ObjectOwnership>error(S3Error.OWNERSHIP_CONTROLS_NOT_FOUND))
            .guardedBy(new OwnershipGuard());

    private final BucketCatalog buckets;
    private final ObjectIndex index;
    private final GranteeDirectory grantees;

    public AclOperations(BucketCatalog buckets, ObjectIndex index, GranteeDirectory grantees) {
        this.buckets = Objects.requireNonNull(buckets);
        this.index = Objects.requireNonNull(index);
        this.grantees = Objects.requireNonNull(grantees);
    }

    public void register(OperationCatalog catalog) {
        ObjectLookup lookup = new ObjectLookup(index);
        RequestedAcl requested = new RequestedAcl(grantees);
        catalog.register(S3Operation.GET_BUCKET_ACL, new GetBucketAcl())
                .register(S3Operation.PUT_BUCKET_ACL, new PutBucketAcl(buckets, requested))
                .register(S3Operation.GET_OBJECT_ACL, new GetObjectAcl(lookup))
                .register(
                        S3Operation.PUT_OBJECT_ACL,
                        new PutObjectAcl(lookup, index, requested, new BucketRetry(buckets)))
                .register(S3Operation.GET_BUCKET_OWNERSHIP_CONTROLS, OWNERSHIP.get(buckets))
                .register(S3Operation.PUT_BUCKET_OWNERSHIP_CONTROLS, OWNERSHIP.put(buckets))
                .register(S3Operation.DELETE_BUCKET_OWNERSHIP_CONTROLS, OWNERSHIP.delete(buckets));
    }
}
