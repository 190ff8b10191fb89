package io.pataka.service.operation.lifecycle;

import io.pataka.service.lifecycle.LifecycleConfiguration;
import io.pataka.service.lifecycle.LifecycleXml;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.BucketDocument;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Operation;
import java.util.List;
import java.util.Objects;

/**
 * The lifecycle rules of a bucket. A job acts on them.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycleConfiguration.html">AWS:
 *     GetBucketLifecycleConfiguration</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketLifecycle.html">AWS: DeleteBucketLifecycle</a>
 */
public final class LifecycleOperations {

    private final BucketCatalog buckets;
    private final List<String> storageClasses;
    private final BucketDocument<LifecycleConfiguration> lifecycle = BucketDocument.of(
            DocumentKind.LIFECYCLE,
            new LifecycleCodec(),
            LifecycleXml.MAX_LENGTH,
            BucketDocument.error(S3Error.NO_SUCH_LIFECYCLE_CONFIGURATION));

    /**
     * @param storageClasses that rules may name
     */
    public LifecycleOperations(BucketCatalog buckets, List<String> storageClasses) {
        this.buckets = Objects.requireNonNull(buckets);
        this.storageClasses = Objects.requireNonNull(storageClasses);
    }

    public void register(OperationCatalog catalog) {
        catalog.register(S3Operation.GET_BUCKET_LIFECYCLE_CONFIGURATION, lifecycle.get(buckets))
                .register(
                        S3Operation.PUT_BUCKET_LIFECYCLE_CONFIGURATION,
                        new PutBucketLifecycleConfiguration(buckets, storageClasses))
                .register(S3Operation.DELETE_BUCKET_LIFECYCLE, lifecycle.delete(buckets));
    }
}
