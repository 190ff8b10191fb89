package io.pataka.service.operation.versioning;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlWriter;

/**
 * GetBucketVersioning.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html">AWS</a>
 */
final class GetBucketVersioning implements Operation {

    @Override
    public S3Response perform(AdmittedCall call) {
        XmlWriter document = XmlWriter.document("VersioningConfiguration");
        switch (call.bucket().versioning()) {
            case ENABLED -> document.leaf("Status", "Enabled");
            case SUSPENDED -> document.leaf("Status", "Suspended");
            case OFF -> {
                // a bucket that never had versioning has no status
            }
        }
        return S3Response.xml(document.toBytes());
    }
}
