package io.pataka.service.operation.multipart;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.UploadLedger;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.S3Time;
import java.time.Instant;
import java.util.Optional;

/**
 * AbortMultipartUpload.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html">AWS</a>
 */
final class AbortMultipartUpload implements Operation {

    private static final String INITIATED = "x-amz-if-match-initiated-time";

    private final UploadLedger uploads;

    AbortMultipartUpload(UploadLedger uploads) {
        this.uploads = uploads;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        Optional<String> wanted = call.headers().first(INITIATED);
        if (wanted.isPresent()) {
            requireInitiated(wanted.get(), NamedUpload.find(call, uploads));
        }
        ChangeContext change = call.permit().change(call.bucket(), Kind.ABORT_MULTIPART_UPLOAD);
        if (!uploads.abort(call.bucket(), call.key(), NamedUpload.id(call), change)) {
            throw NamedUpload.noSuchUpload(call);
        }
        return S3Response.noContent();
    }

    /** When an upload began never changes, so this need not be judged where it is removed. */
    private static void requireInitiated(String wanted, UploadLedger.Upload upload) {
        Instant time = S3Time.readHeader(wanted)
                .or(() -> S3Time.readXml(wanted))
                .orElseThrow(() -> new S3Exception(S3Error.INVALID_ARGUMENT, "The value of a condition is invalid")
                        .argument(INITIATED, wanted));
        if (!S3Time.inHeader(upload.initiated()).equals(S3Time.inHeader(time))) {
            throw new S3Exception(S3Error.PRECONDITION_FAILED).with("Condition", INITIATED);
        }
    }
}
