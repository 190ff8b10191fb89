package io.pataka.service.operation.service;

import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.Quotas;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.traffic.RequestBooks;

/** The operations on the service itself. */
public final class ServiceOperations {

    private final BucketCatalog buckets;
    private final Quotas quotas;
    private final BookedRequests requests;
    private final String region;
    private final int bucketsPerOwner;

    /**
     * @param region where all buckets are
     * @param bucketsPerOwner the most buckets of one owner; 0 for no limit
     */
    public ServiceOperations(
            BucketCatalog buckets, Quotas quotas, RequestBooks books, String region, int bucketsPerOwner) {
        this.buckets = buckets;
        this.quotas = quotas;
        this.requests = new BookedRequests(books);
        this.region = region;
        this.bucketsPerOwner = bucketsPerOwner;
    }

    public void register(OperationCatalog catalog) {
        catalog.register(S3Operation.LIST_BUCKETS, new ListBuckets(buckets, region))
                .register(S3Operation.GET_USAGE, new GetUsage(buckets, quotas, requests, bucketsPerOwner));
    }
}
