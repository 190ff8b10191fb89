package io.pataka.service.operation.versioning;

import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Operation;
import java.util.Objects;

/** Whether a bucket keeps versions. */
public final class VersioningOperations {

    private final BucketCatalog buckets;

    public VersioningOperations(BucketCatalog buckets) {
        this.buckets = Objects.requireNonNull(buckets);
    }

    public void register(OperationCatalog catalog) {
        catalog.register(S3Operation.GET_BUCKET_VERSIONING, new GetBucketVersioning())
                .register(S3Operation.PUT_BUCKET_VERSIONING, new PutBucketVersioning(buckets));
    }
}
