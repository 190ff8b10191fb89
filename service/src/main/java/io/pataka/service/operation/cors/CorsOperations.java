package io.pataka.service.operation.cors;

import io.pataka.service.access.cors.BucketCors;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Operation;
import java.util.Objects;

/** Which pages of other origins may do what, and the browsers' question about it. */
public final class CorsOperations {

    private final BucketCatalog buckets;
    private final BucketCors cors;

    public CorsOperations(BucketCatalog buckets, BucketCors cors) {
        this.buckets = Objects.requireNonNull(buckets);
        this.cors = Objects.requireNonNull(cors);
    }

    public void register(OperationCatalog catalog) {
        Preflight preflight = new Preflight(buckets, cors);
        catalog.register(S3Operation.GET_BUCKET_CORS, new GetBucketCors(cors))
                .register(S3Operation.PUT_BUCKET_CORS, new PutBucketCors(buckets))
                .register(S3Operation.DELETE_BUCKET_CORS, new DeleteBucketCors(buckets))
                .register(S3Operation.PREFLIGHT_SERVICE, preflight)
                .register(S3Operation.PREFLIGHT_BUCKET, preflight)
                .register(S3Operation.PREFLIGHT_OBJECT, preflight);
    }
}
