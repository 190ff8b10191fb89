package io.pataka.service.operation.versioning;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.Bucket;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlWriter;

/**
 * GetBucketVersioning.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html">AWS</a>
 */
final class GetBucketVersioning implements Operation {

    private final BucketCatalog buckets;

    GetBucketVersioning(BucketCatalog buckets) {
        this.buckets = buckets;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        // Whoever asks has often just changed it, by way of another node.
        Bucket bucket = buckets.findFresh(call.bucketName())
                .filter(found -> found.id() == call.bucket().id())
                .orElseThrow(() -> S3Exception.noSuchBucket(call.bucketName()));
        XmlWriter document = XmlWriter.document("VersioningConfiguration");
        switch (bucket.versioning()) {
            case ENABLED -> document.leaf("Status", "Enabled");
            case SUSPENDED -> document.leaf("Status", "Suspended");
            case OFF -> {
                // a bucket that never had versioning has no status
            }
        }
        return S3Response.xml(document.toBytes());
    }
}
