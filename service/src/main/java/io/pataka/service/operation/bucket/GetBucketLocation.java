package io.pataka.service.operation.bucket;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlWriter;

/**
 * The region of a bucket; empty for {@code us-east-1}.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html">AWS: GetBucketLocation</a>
 */
final class GetBucketLocation implements Operation {

    private final String constraint;

    GetBucketLocation(String region) {
        this.constraint = region.equals(LocationRules.FIRST_REGION) ? "" : region;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        return S3Response.xml(
                XmlWriter.document("LocationConstraint").text(constraint).toBytes());
    }
}
