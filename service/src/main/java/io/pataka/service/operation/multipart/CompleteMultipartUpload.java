package io.pataka.service.operation.multipart;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.WritePermit;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.metadata.Refusal;
import io.pataka.service.metadata.UploadLedger;
import io.pataka.service.metadata.UploadLedger.Assembled;
import io.pataka.service.metadata.UploadLedger.CompletedUpload;
import io.pataka.service.metadata.UploadLedger.Completion;
import io.pataka.service.metadata.UploadLedger.Completion.Completed;
import io.pataka.service.metadata.UploadLedger.Upload;
import io.pataka.service.metadata.UploadLedger.UploadedPart;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.Content;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.UploadId;
import io.pataka.service.model.VersionId;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.objects.BucketRetry;
import io.pataka.service.operation.LifecycleHeaders;
import io.pataka.service.operation.ObjectEncryption;
import io.pataka.service.operation.ObjectLocation;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.ReadableContent;
import io.pataka.service.operation.Refusals;
import io.pataka.service.operation.RequestDocument;
import io.pataka.service.protocol.AnnouncedChecksums;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.WriteConditions;
import io.pataka.service.protocol.xml.XmlWriter;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * CompleteMultipartUpload. Copies no bytes: the version lists the parts. Repeating it after a lost answer gives the same
 * answer.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html">AWS</a>
 */
final class CompleteMultipartUpload implements Operation {

    /** 10,000 parts with an entity tag and a checksum each, and white space. */
    private static final int MAX_DOCUMENT = 8 << 20;

    private final UploadLedger uploads;
    private final ObjectIndex index;
    private final BucketRetry retry;
    private final ReadableContent readable;
    private final ObjectEncryption encryption;
    private final LifecycleHeaders lifecycle;

    CompleteMultipartUpload(
            UploadLedger uploads,
            ObjectIndex index,
            BucketRetry retry,
            ReadableContent readable,
            ObjectEncryption encryption,
            LifecycleHeaders lifecycle) {
        this.encryption = encryption;
        this.lifecycle = lifecycle;
        this.readable = readable;
        this.uploads = uploads;
        this.index = index;
        this.retry = retry;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        WritePermit permit = call.permit();
        UploadId id = NamedUpload.id(call);
        WriteCondition condition = WriteConditions.of(call.headers());
        AnnouncedChecksums announced = AnnouncedChecksums.ofAssembled(call.headers());
        // Before the document is read, which may be long.
        Optional<Upload> upload = uploads.find(call.bucket(), call.key(), id);
        if (upload.isEmpty()) {
            CompletedUpload done = completed(call, id);
            return repeated(call, done, named(call, id));
        }
        encryption.requireCompletable(call, upload.get());
        List<NamedPart> named = named(call, id);
        requireChecksumType(call.headers(), upload.get());
        Completion completion = retry.withBucket(
                call.bucket(),
                bucket -> uploads.complete(
                        bucket,
                        upload.get(),
                        parts -> assembled(call.headers(), announced, upload.get(), named, parts),
                        condition,
                        permit.change(bucket, Kind.COMPLETE_MULTIPART_UPLOAD)),
                Completion.Refused::new);
        return completion.fold(completed -> answer(call, id, completed), refusal -> {
            if (refusal == Refusal.NO_SUCH_UPLOAD) {
                // Another Complete or an Abort came first; the record of completed uploads says which.
                return repeated(call, completed(call, id), named);
            }
            throw Refusals.error(refusal, call, condition);
        });
    }

    /**
     * @throws S3Exception NoSuchUpload when the upload was not completed
     */
    private CompletedUpload completed(AdmittedCall call, UploadId id) {
        return uploads.completed(call.bucket(), call.key(), id).orElseThrow(() -> NamedUpload.noSuchUpload(call));
    }

    private Assembled assembled(
            RequestHeaders headers,
            AnnouncedChecksums announced,
            Upload upload,
            List<NamedPart> named,
            List<UploadedPart> uploaded) {
        AssembledParts parts = AssembledParts.assemble(named, upload, uploaded, readable);
        requireDeclaredSize(headers, parts.size());
        Optional<Checksum> checksum = parts.checksum();
        requireChecksum(announced, upload, checksum);
        NewVersion version = new NewVersion(
                upload.key(),
                parts.size(),
                parts.etag(),
                upload.owner(),
                new Content.Parts(upload.id(), named.size()),
                upload.facts().withChecksums(checksum.map(List::of).orElse(List.of())));
        return new Assembled(named.stream().map(NamedPart::number).collect(Collectors.toSet()), version);
    }

    private static List<NamedPart> named(AdmittedCall call, UploadId id) throws IOException {
        byte[] document = RequestDocument.readOptional(
                        call.request(), MAX_DOCUMENT, RequestDocument.Digest.OF_THE_OBJECT)
                .orElseThrow(() -> new S3Exception(S3Error.MALFORMED_XML));
        try {
            return NamedPart.read(document);
        } catch (S3Exception refused) {
            throw refused.error() == S3Error.INVALID_PART_ORDER ? refused.with("UploadId", id.text()) : refused;
        }
    }

    private S3Response answer(AdmittedCall call, UploadId id, Completed completed) {
        readable.completed(id);
        NewVersion version = completed.version();
        return answer(call, version.etag(), completed.id(), version.facts())
                .objectSize(version.size())
                .headers(expiration(call, version.size(), version.facts(), completed.lastModified()));
    }

    private S3Response repeated(AdmittedCall call, CompletedUpload done, List<NamedPart> named) {
        return AssembledParts.etagOf(named)
                .filter(done.etag()::equals)
                .flatMap(same -> answer(call, done))
                .orElseThrow(() -> NamedUpload.noSuchUpload(call));
    }

    /** The answer again; empty when what the upload became has been replaced or deleted. */
    private Optional<S3Response> answer(AdmittedCall call, CompletedUpload done) {
        return index.version(call.bucket(), call.key(), VersionSelector.of(done.version()))
                .filter(found -> found.id().equals(done.version()))
                .map(found -> answer(call, done.etag(), done.version(), found.facts())
                        .objectSize(found.size())
                        .headers(expiration(call, found.size(), found.facts(), found.lastModified())));
    }

    private Map<String, String> expiration(AdmittedCall call, long size, ObjectFacts facts, Instant lastModified) {
        return lifecycle.ofObject(call.bucket(), call.key(), size, facts.tags(), lastModified);
    }

    private static S3Response answer(AdmittedCall call, ETag etag, VersionId version, ObjectFacts facts) {
        XmlWriter document = XmlWriter.document("CompleteMultipartUploadResult")
                .leaf("Location", ObjectLocation.of(call))
                .leaf("Bucket", call.bucketName().text())
                .leaf("Key", call.key().toString())
                .leaf("ETag", etag.quoted());
        for (Checksum checksum : facts.checksums()) {
            document.leaf(checksum.algorithm().element(), checksum.value())
                    .leaf("ChecksumType", checksum.type().name());
        }
        S3Response response = S3Response.xml(document.toBytes())
                .headers(ObjectEncryption.headersOfRead(facts.form(), call.headers()));
        return version.isNull() ? response : response.header("x-amz-version-id", version.text());
    }

    /**
     * @throws S3Exception InvalidRequest when {@code x-amz-mp-object-size} is not what the parts add up to
     */
    private static void requireDeclaredSize(RequestHeaders headers, long size) {
        Optional<String> declared = headers.first("x-amz-mp-object-size");
        if (declared.isPresent() && !declared.get().equals(Long.toString(size))) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "The provided 'x-amz-mp-object-size' header value " + declared.get()
                            + " does not match what was computed: " + size);
        }
    }

    /**
     * @throws S3Exception InvalidRequest when {@code x-amz-checksum-type} is not what the upload was begun with
     */
    private static void requireChecksumType(RequestHeaders headers, Upload upload) {
        String begun = upload.algorithm()
                .map(algorithm -> upload.checksumType().name())
                .orElse("null");
        Optional<String> said = headers.first("x-amz-checksum-type").filter(text -> !text.isEmpty());
        if (said.isPresent() && !said.get().toUpperCase(Locale.ROOT).equals(begun)) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "The upload was created using the " + begun
                            + " checksum mode. The complete request must use the same checksum mode.");
        }
    }

    /**
     * Holds a checksum of the whole object against that of the parts. As Amazon does, one of an algorithm that was not computed is
     * passed over where the upload was begun without an algorithm. Amazon takes a right checksum of the whole object only beside
     * {@code x-amz-checksum-type}; the tests of Ceph Gateway send it alone.
     *
     * @throws S3Exception BadDigest
     */
    private static void requireChecksum(AnnouncedChecksums announced, Upload upload, Optional<Checksum> computed) {
        if (announced.algorithm().isEmpty()) {
            return;
        }
        Optional<Checksum> same = computed.filter(checksum ->
                announced.algorithm().filter(checksum.algorithm()::equals).isPresent());
        boolean passedOver = same.isEmpty() && upload.algorithm().isEmpty();
        if (!passedOver && !same.map(Checksum::value).equals(announced.inHeader())) {
            String algorithm =
                    upload.algorithm().orElse(ChecksumAlgorithm.DEFAULT).name();
            throw new S3Exception(
                    S3Error.BAD_DIGEST,
                    "The " + algorithm.toLowerCase(Locale.ROOT)
                            + " you specified did not match the calculated checksum.");
        }
    }
}
