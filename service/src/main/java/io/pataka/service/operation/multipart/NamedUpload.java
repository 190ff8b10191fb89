package io.pataka.service.operation.multipart;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.UploadLedger;
import io.pataka.service.metadata.UploadLedger.Upload;
import io.pataka.service.model.UploadId;
import io.pataka.service.operation.PartNumberParameter;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;

/** The upload, and the part of it, that a request names. */
final class NamedUpload {

    private NamedUpload() {}

    /**
     * @throws S3Exception NoSuchUpload
     */
    static UploadId id(AdmittedCall call) {
        return call.parameters().first("uploadId").flatMap(UploadId::parse).orElseThrow(() -> noSuchUpload(call));
    }

    /**
     * @throws S3Exception NoSuchUpload
     */
    static Upload find(AdmittedCall call, UploadLedger uploads) {
        return uploads.find(call.bucket(), call.key(), id(call)).orElseThrow(() -> noSuchUpload(call));
    }

    /**
     * @throws S3Exception InvalidArgument for a number beyond 1 to 10,000
     */
    static int partNumber(AdmittedCall call) {
        return PartNumberParameter.of(call.parameters()).orElseThrow(() -> PartNumberParameter.invalid(""));
    }

    static S3Exception noSuchUpload(AdmittedCall call) {
        return new S3Exception(S3Error.NO_SUCH_UPLOAD)
                .with("UploadId", call.parameters().first("uploadId").orElse(""));
    }
}
