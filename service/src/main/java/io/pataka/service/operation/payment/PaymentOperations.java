package io.pataka.service.operation.payment;

import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.BucketDocument;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Operation;
import java.util.Objects;

/**
 * Who pays for the requests to a bucket: its owner, or the requester.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketRequestPayment.html">AWS: GetBucketRequestPayment</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketRequestPayment.html">AWS: PutBucketRequestPayment</a>
 */
public final class PaymentOperations {

    private static final int MAX_DOCUMENT = 16 * 1024;

    private static final BucketDocument<Boolean> REQUESTER_PAYS =
            BucketDocument.of(DocumentKind.REQUEST_PAYMENT, new PaymentCodec(), MAX_DOCUMENT, bucket -> false);

    private final BucketCatalog buckets;

    public PaymentOperations(BucketCatalog buckets) {
        this.buckets = Objects.requireNonNull(buckets);
    }

    public void register(OperationCatalog catalog) {
        catalog.register(S3Operation.GET_BUCKET_REQUEST_PAYMENT, REQUESTER_PAYS.get(buckets))
                .register(S3Operation.PUT_BUCKET_REQUEST_PAYMENT, REQUESTER_PAYS.put(buckets));
    }
}
