package io.pataka.service.operation.payment;

import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Operation;
import java.util.Objects;

/** Who pays for the requests to a bucket: its owner, or whoever sends them. */
public final class PaymentOperations {

    private final BucketCatalog buckets;

    public PaymentOperations(BucketCatalog buckets) {
        this.buckets = Objects.requireNonNull(buckets);
    }

    public void register(OperationCatalog catalog) {
        catalog.register(S3Operation.GET_BUCKET_REQUEST_PAYMENT, new GetBucketRequestPayment())
                .register(S3Operation.PUT_BUCKET_REQUEST_PAYMENT, new PutBucketRequestPayment(buckets));
    }
}
