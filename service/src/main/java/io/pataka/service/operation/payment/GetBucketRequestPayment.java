package io.pataka.service.operation.payment;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Response;

/**
 * Tells who pays for the requests to a bucket.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketRequestPayment.html">AWS:
 *     GetBucketRequestPayment</a>
 */
final class GetBucketRequestPayment implements Operation {

    @Override
    public S3Response perform(AdmittedCall call) {
        return S3Response.xml(PaymentXml.write(call.access().requesterPays()));
    }
}
