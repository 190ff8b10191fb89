package io.pataka.service.operation.multipart;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.UploadLedger;
import io.pataka.service.metadata.UploadLedger.Upload;
import io.pataka.service.metadata.UploadLedger.UploadedPart;
import io.pataka.service.model.Checksum;
import io.pataka.service.operation.LifecycleHeaders;
import io.pataka.service.operation.ObjectEncryption;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.S3Time;
import io.pataka.service.protocol.xml.XmlWriter;
import java.util.List;

/**
 * ListParts.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html">AWS</a>
 */
final class ListParts implements Operation {

    private static final int MAX_PAGE = 1000;

    private final UploadLedger uploads;
    private final ObjectEncryption encryption;
    private final LifecycleHeaders lifecycle;

    ListParts(UploadLedger uploads, ObjectEncryption encryption, LifecycleHeaders lifecycle) {
        this.lifecycle = lifecycle;
        this.uploads = uploads;
        this.encryption = encryption;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        Upload upload = NamedUpload.find(call, uploads);
        encryption.requireListable(call, upload);
        int marker = call.parameters().number("part-number-marker").orElse(0);
        int limit = Math.min(call.parameters().number("max-parts").orElse(MAX_PAGE), MAX_PAGE);
        List<UploadedPart> found = uploads.parts(upload, marker, limit + 1);
        boolean truncated = found.size() > limit;
        List<UploadedPart> page = truncated ? found.subList(0, limit) : found;
        XmlWriter document = XmlWriter.document("ListPartsResult")
                .leaf("Bucket", call.bucketName().text())
                .leaf("Key", call.key().toString())
                .leaf("UploadId", upload.id().text());
        if (!call.caller().isAnonymous()) {
            document.owner("Initiator", upload.initiator()).owner("Owner", upload.owner());
        }
        document.leaf("StorageClass", upload.facts().storageClass())
                .leaf("PartNumberMarker", marker)
                .leaf(
                        "NextPartNumberMarker",
                        page.isEmpty() ? 0 : page.get(page.size() - 1).number())
                .leaf("MaxParts", limit)
                .leaf("IsTruncated", truncated);
        upload.algorithm()
                .ifPresent(algorithm -> document.leaf("ChecksumAlgorithm", algorithm.name())
                        .leaf("ChecksumType", upload.checksumType().name()));
        for (UploadedPart part : page) {
            document.open("Part")
                    .leaf("PartNumber", part.number())
                    .leaf("LastModified", S3Time.xml(part.lastModified()))
                    .leaf("ETag", part.etag().quoted())
                    .leaf("Size", part.size());
            for (Checksum checksum : upload.checksumsOf(part)) {
                document.leaf(checksum.algorithm().element(), checksum.value());
            }
            document.close();
        }
        return S3Response.xml(document.toBytes())
                .headers(lifecycle.ofUpload(call.bucket(), call.key(), upload.initiated()));
    }
}
