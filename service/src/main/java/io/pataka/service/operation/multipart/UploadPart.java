package io.pataka.service.operation.multipart;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.WritePermit;
import io.pataka.service.content.PendingContent;
import io.pataka.service.metadata.UploadLedger;
import io.pataka.service.metadata.UploadLedger.Upload;
import io.pataka.service.metadata.UploadLedger.UploadedPart;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.objects.PartWriter;
import io.pataka.service.operation.BodyIntake;
import io.pataka.service.operation.ObjectEncryption;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.Refusals;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * UploadPart.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html">AWS</a>
 */
final class UploadPart implements Operation {

    private final UploadLedger uploads;
    private final PartWriter parts;
    private final BodyIntake intake;
    private final ObjectEncryption encryption;

    UploadPart(UploadLedger uploads, PartWriter parts, BodyIntake intake, ObjectEncryption encryption) {
        this.encryption = encryption;
        this.uploads = uploads;
        this.parts = parts;
        this.intake = intake;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        WritePermit permit = call.permit();
        int number = NamedUpload.partNumber(call);
        BodyIntake.Announcement announced = intake.announced(call).ofPart();
        Upload upload = encryption.open(call, NamedUpload.find(call, uploads));
        requireAlgorithmOf(upload, announced.checksums().algorithm());
        Set<ChecksumAlgorithm> compute = EnumSet.of(upload.algorithm().orElse(ChecksumAlgorithm.DEFAULT));
        announced.checksums().algorithm().ifPresent(compute::add);
        try (PendingContent content =
                intake.receive(call, announced, upload.facts().placement(), compute)) {
            UploadedPart part = parts.put(call.bucket(), upload, number, content, permit)
                    .fold(PartWriter.Part.Written::part, refusal -> {
                        throw Refusals.error(refusal, call, WriteCondition.NONE);
                    });
            S3Response response = S3Response.ok()
                    .objectSize(content.size())
                    .header("ETag", part.etag().quoted())
                    .headers(ObjectEncryption.headersOfRead(upload.facts().form(), call.headers()));
            for (Checksum checksum : part.checksums()) {
                if (announced
                        .checksums()
                        .algorithm()
                        .filter(checksum.algorithm()::equals)
                        .isPresent()) {
                    response = response.header(checksum.algorithm().header(), checksum.value());
                }
            }
            return response;
        }
    }

    /** An upload begun with a checksum algorithm takes parts with a checksum of that algorithm only. */
    private static void requireAlgorithmOf(Upload upload, Optional<ChecksumAlgorithm> sent) {
        if (upload.algorithm().isPresent() && !upload.algorithm().equals(sent)) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "Checksum Type mismatch occurred, expected checksum Type: " + lower(upload.algorithm())
                            + ", actual checksum Type: " + lower(sent));
        }
    }

    private static String lower(Optional<ChecksumAlgorithm> algorithm) {
        return algorithm.map(it -> it.name().toLowerCase(Locale.ROOT)).orElse("null");
    }
}
