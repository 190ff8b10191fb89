package io.pataka.service.operation.tagging;

import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.operation.BucketRetry;
import io.pataka.service.operation.BucketTags;
import io.pataka.service.operation.ObjectLookup;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Operation;
import java.util.Objects;

/**
 * Tags of objects and buckets.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html">AWS: object tagging</a>
 */
public final class TaggingOperations {

    private final BucketCatalog buckets;
    private final ObjectIndex index;

    public TaggingOperations(BucketCatalog buckets, ObjectIndex index) {
        this.buckets = Objects.requireNonNull(buckets);
        this.index = Objects.requireNonNull(index);
    }

    public void register(OperationCatalog catalog) {
        TaggedVersion version = new TaggedVersion(index, new BucketRetry(buckets));
        BucketTags tags = new BucketTags(buckets);
        catalog.register(S3Operation.PUT_OBJECT_TAGGING, new PutObjectTagging(version))
                .register(S3Operation.GET_OBJECT_TAGGING, new GetObjectTagging(new ObjectLookup(index)))
                .register(S3Operation.DELETE_OBJECT_TAGGING, new DeleteObjectTagging(version))
                .register(S3Operation.PUT_BUCKET_TAGGING, new PutBucketTagging(tags))
                .register(S3Operation.GET_BUCKET_TAGGING, new GetBucketTagging(tags))
                .register(S3Operation.DELETE_BUCKET_TAGGING, new DeleteBucketTagging(tags));
    }
}
