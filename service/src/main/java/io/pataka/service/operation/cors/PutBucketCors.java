package io.pataka.service.operation.cors;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.cors.CorsRules;
import io.pataka.service.access.cors.CorsXml;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.RequestDocument;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;

/**
 * Gives a bucket its CORS rules, in place of those it had.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html">AWS: PutBucketCors</a>
 */
final class PutBucketCors implements Operation {

    private final BucketCatalog buckets;

    PutBucketCors(BucketCatalog buckets) {
        this.buckets = buckets;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        CorsRules rules =
                CorsXml.read(RequestDocument.read(call.request(), CorsXml.MAX_LENGTH, RequestDocument.Digest.OPTIONAL));
        if (!buckets.putDocument(call.bucket(), DocumentKind.CORS, new String(CorsXml.write(rules), UTF_8))) {
            throw S3Exception.noSuchBucket(call.bucketName());
        }
        return S3Response.ok();
    }
}
