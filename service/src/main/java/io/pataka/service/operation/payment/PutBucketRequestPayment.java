package io.pataka.service.operation.payment;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.BucketAccess;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.RequestDocument;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;

/**
 * Says who pays for the requests to a bucket.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketRequestPayment.html">AWS:
 *     PutBucketRequestPayment</a>
 */
final class PutBucketRequestPayment implements Operation {

    private static final int MAX_DOCUMENT = 16 * 1024;

    private final BucketCatalog buckets;

    PutBucketRequestPayment(BucketCatalog buckets) {
        this.buckets = buckets;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        boolean requesterPays =
                PaymentXml.read(RequestDocument.read(call.request(), MAX_DOCUMENT, RequestDocument.Digest.OPTIONAL));
        if (!requesterPays) {
            buckets.deleteDocument(call.bucket(), DocumentKind.REQUEST_PAYMENT);
        } else if (!buckets.putDocument(call.bucket(), DocumentKind.REQUEST_PAYMENT, BucketAccess.REQUESTER)) {
            throw S3Exception.noSuchBucket(call.bucketName());
        }
        return S3Response.ok();
    }
}
