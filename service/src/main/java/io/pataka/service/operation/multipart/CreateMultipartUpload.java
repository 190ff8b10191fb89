package io.pataka.service.operation.multipart;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.NewObjectAccess;
import io.pataka.service.metadata.UploadLedger;
import io.pataka.service.metadata.UploadLedger.Upload;
import io.pataka.service.metadata.UploadLedger.UploadChecksum;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.operation.LifecycleHeaders;
import io.pataka.service.operation.LockedBucket;
import io.pataka.service.operation.ObjectEncryption;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.ObjectHeaders;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * CreateMultipartUpload.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html">AWS</a>
 */
final class CreateMultipartUpload implements Operation {

    private final UploadLedger uploads;
    private final ObjectEncryption encryption;
    private final LifecycleHeaders lifecycle;
    private final Set<String> storageClasses;

    CreateMultipartUpload(
            UploadLedger uploads, ObjectEncryption encryption, LifecycleHeaders lifecycle, Set<String> storageClasses) {
        this.uploads = uploads;
        this.encryption = encryption;
        this.lifecycle = lifecycle;
        this.storageClasses = storageClasses;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        NewObjectAccess access = call.newObject();
        ObjectFacts said = ObjectHeaders.read(call.headers(), storageClasses)
                .withAcl(access.acl())
                .withLock(LockedBucket.lockOfNew(call));
        call.requireTagging(said.tags());
        Optional<ChecksumAlgorithm> algorithm = algorithm(call.headers());
        Checksum.Type type = checksumType(call.headers(), algorithm);
        ObjectFacts facts = said.withForm(encryption.ofNew(call));
        ChangeContext change = call.permit().change(call.bucket(), Kind.CREATE_MULTIPART_UPLOAD);
        Upload upload = uploads.begin(
                        call.bucket(), call.key(), access.owner(), facts, new UploadChecksum(algorithm, type), change)
                .orElseThrow(() -> S3Exception.noSuchBucket(call.bucketName()));
        S3Response response = S3Response.xml(XmlWriter.document("InitiateMultipartUploadResult")
                        .leaf("Bucket", call.bucketName().text())
                        .leaf("Key", call.key().toString())
                        .leaf("UploadId", upload.id().text())
                        .toBytes())
                .headers(ObjectEncryption.headersOfWrite(facts.form(), call.headers()))
                .headers(lifecycle.ofUpload(call.bucket(), call.key(), upload.initiated()));
        return algorithm
                .map(it -> response.header("x-amz-checksum-algorithm", it.name())
                        .header("x-amz-checksum-type", type.name()))
                .orElse(response);
    }

    private static Optional<ChecksumAlgorithm> algorithm(RequestHeaders headers) {
        Optional<String> name = headers.first("x-amz-checksum-algorithm").filter(text -> !text.isEmpty());
        if (name.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(ChecksumAlgorithm.named(name.get())
                .orElseThrow(
                        () -> invalid("Checksum algorithm provided is unsupported. Please try again with any of the"
                                + " valid types: " + Arrays.toString(ChecksumAlgorithm.values()))));
    }

    private static Checksum.Type checksumType(RequestHeaders headers, Optional<ChecksumAlgorithm> algorithm) {
        Optional<String> asked = headers.first("x-amz-checksum-type").filter(text -> !text.isEmpty());
        if (algorithm.isEmpty()) {
            if (asked.isPresent()) {
                throw invalid(
                        "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
            }
            return Checksum.Type.FULL_OBJECT;
        }
        Checksum.Type type = asked.map(CreateMultipartUpload::typeNamed).orElseGet(() -> usualType(algorithm.get()));
        boolean possible = type == Checksum.Type.COMPOSITE
                ? algorithm.get() != ChecksumAlgorithm.CRC64NVME
                : algorithm.get().isLinear();
        if (!possible) {
            throw invalid("The " + type + " checksum type cannot be used with the "
                    + algorithm.get().name().toLowerCase(Locale.ROOT) + " checksum algorithm.");
        }
        return type;
    }

    /** Amazon's table: CRC64NVME has no composite form, the others are composite unless asked otherwise. */
    private static Checksum.Type usualType(ChecksumAlgorithm algorithm) {
        return algorithm == ChecksumAlgorithm.CRC64NVME ? Checksum.Type.FULL_OBJECT : Checksum.Type.COMPOSITE;
    }

    private static Checksum.Type typeNamed(String name) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "COMPOSITE" -> Checksum.Type.COMPOSITE;
            case "FULL_OBJECT" -> Checksum.Type.FULL_OBJECT;
            default -> throw invalid("Value for x-amz-checksum-type header is invalid.");
        };
    }

    private static S3Exception invalid(String message) {
        return new S3Exception(S3Error.INVALID_REQUEST, message);
    }
}
