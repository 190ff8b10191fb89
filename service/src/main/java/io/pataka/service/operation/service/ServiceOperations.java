package io.pataka.service.operation.service;

import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Operation;

/** The operations on the service itself. */
public final class ServiceOperations {

    private final BucketCatalog buckets;
    private final String region;

    /**
     * @param region where all buckets are
     */
    public ServiceOperations(BucketCatalog buckets, String region) {
        this.buckets = buckets;
        this.region = region;
    }

    public void register(OperationCatalog catalog) {
        catalog.register(S3Operation.LIST_BUCKETS, new ListBuckets(buckets, region));
    }
}
