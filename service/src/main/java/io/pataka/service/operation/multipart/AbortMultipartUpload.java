package io.pataka.service.operation.multipart;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.UploadLedger;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Response;

/**
 * AbortMultipartUpload.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html">AWS</a>
 */
final class AbortMultipartUpload implements Operation {

    private final UploadLedger uploads;

    AbortMultipartUpload(UploadLedger uploads) {
        this.uploads = uploads;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        if (!uploads.abort(call.bucket(), call.key(), NamedUpload.id(call))) {
            throw NamedUpload.noSuchUpload(call);
        }
        return S3Response.noContent();
    }
}
