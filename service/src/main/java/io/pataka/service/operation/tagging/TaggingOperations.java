package io.pataka.service.operation.tagging;

import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.objects.BucketRetry;
import io.pataka.service.operation.BucketDocument;
import io.pataka.service.operation.BucketTags;
import io.pataka.service.operation.ObjectLookup;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.operation.TagSet;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Operation;
import java.util.Objects;
import java.util.SortedMap;

/**
 * Tags of objects and buckets.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html">AWS: object tagging</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketTagging.html">AWS: GetBucketTagging</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html">AWS: PutBucketTagging</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketTagging.html">AWS: DeleteBucketTagging</a>
 */
public final class TaggingOperations {

    private static final BucketDocument<SortedMap<String, String>> OF_BUCKET = BucketDocument.of(
                    DocumentKind.TAGGING,
                    new BucketTags(),
                    TagSet.MAX_DOCUMENT,
                    BucketDocument.<SortedMap<String, String>>error(S3Error.NO_SUCH_TAG_SET))
            .answeringNoContent();

    private final BucketCatalog buckets;
    private final ObjectIndex index;

    public TaggingOperations(BucketCatalog buckets, ObjectIndex index) {
        this.buckets = Objects.requireNonNull(buckets);
        this.index = Objects.requireNonNull(index);
    }

    public void register(OperationCatalog catalog) {
        TaggedVersion version = new TaggedVersion(index, new BucketRetry(buckets));
        catalog.register(S3Operation.PUT_OBJECT_TAGGING, new PutObjectTagging(version))
                .register(S3Operation.GET_OBJECT_TAGGING, new GetObjectTagging(new ObjectLookup(index)))
                .register(S3Operation.DELETE_OBJECT_TAGGING, new DeleteObjectTagging(version))
                .register(S3Operation.PUT_BUCKET_TAGGING, OF_BUCKET.put(buckets))
                .register(S3Operation.GET_BUCKET_TAGGING, OF_BUCKET.get(buckets))
                .register(S3Operation.DELETE_BUCKET_TAGGING, OF_BUCKET.delete(buckets));
    }
}
