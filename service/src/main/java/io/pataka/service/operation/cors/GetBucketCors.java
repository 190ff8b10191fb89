package io.pataka.service.operation.cors;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.cors.BucketCors;
import io.pataka.service.access.cors.CorsXml;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;

/**
 * Tells the CORS rules of a bucket.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketCors.html">AWS: GetBucketCors</a>
 */
final class GetBucketCors implements Operation {

    private final BucketCors cors;

    GetBucketCors(BucketCors cors) {
        this.cors = cors;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        return cors.rules(call.bucket())
                .map(rules -> S3Response.xml(CorsXml.write(rules)))
                .orElseThrow(() -> new S3Exception(S3Error.NO_SUCH_CORS_CONFIGURATION)
                        .with("BucketName", call.bucketName().text()));
    }
}
