package io.pataka.service.operation.listing;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.UploadLedger;
import io.pataka.service.metadata.UploadLedger.Upload;
import io.pataka.service.model.UploadId;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.S3Time;
import io.pataka.service.protocol.xml.XmlWriter;
import java.util.Optional;

/**
 * The multipart uploads of a bucket that are in progress, by key and, within a key, by the time of their beginning.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html">AWS: ListMultipartUploads</a>
 */
final class ListMultipartUploads implements Operation {

    private final UploadLedger uploads;

    ListMultipartUploads(UploadLedger uploads) {
        this.uploads = uploads;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        ListingRequest request = ListingRequest.of(call.parameters(), "max-uploads");
        byte[] keyMarker = call.parameters().firstBytes("key-marker").orElse(KeyBytes.NONE);
        String uploadMarker = call.parameters().first("upload-id-marker").orElse("");
        ListingPage<Upload> page =
                request.page(new UploadsInProgress(uploads, call.bucket()), start(request, keyMarker, uploadMarker));
        XmlWriter xml = XmlWriter.document("ListMultipartUploadsResult")
                .leaf("Bucket", call.bucket().name().text())
                .leaf("KeyMarker", request.show(keyMarker))
                .leaf("UploadIdMarker", uploadMarker);
        if (page.isTruncated()) {
            page.last().ifPresent(line -> nextMarkers(xml, request, line));
        }
        ListingXml.delimiter(xml, request);
        xml.leaf("Prefix", request.show(request.prefix()))
                .leaf("MaxUploads", request.maxKeys())
                .leaf("EncodingType", request.encoding().label())
                .leaf("IsTruncated", page.isTruncated());
        page.entries().forEach(upload -> upload(xml, request, upload));
        ListingXml.commonPrefixes(xml, request, page.commonPrefixes());
        return S3Response.xml(xml.toBytes());
    }

    /** Without a key marker an upload marker says nothing, as Amazon has it. */
    private static Optional<ListingPosition> start(ListingRequest request, byte[] keyMarker, String uploadMarker) {
        if (keyMarker.length == 0 || uploadMarker.isEmpty()) {
            return Markers.after(keyMarker, request);
        }
        UploadId upload = UploadId.parse(uploadMarker)
                .orElseThrow(() -> new S3Exception(S3Error.INVALID_ARGUMENT, "Invalid uploadId marker")
                        .argument("upload-id-marker", uploadMarker));
        return Optional.of(ListingPosition.afterUpload(keyMarker, upload));
    }

    private static void nextMarkers(XmlWriter xml, ListingRequest request, ListingPage.Line<Upload> last) {
        if (last.entry().isEmpty()) {
            xml.leaf("NextKeyMarker", request.show(last.commonPrefix())).leaf("NextUploadIdMarker", "");
            return;
        }
        Upload upload = last.entry().get();
        xml.leaf("NextKeyMarker", request.show(upload.key().bytes()))
                .leaf("NextUploadIdMarker", upload.id().text());
    }

    private static void upload(XmlWriter xml, ListingRequest request, Upload upload) {
        xml.open("Upload")
                .leaf("Key", request.show(upload.key().bytes()))
                .leaf("UploadId", upload.id().text())
                .owner("Initiator", upload.initiator())
                .owner("Owner", upload.owner())
                .leaf("StorageClass", upload.facts().storageClass())
                .leaf("Initiated", S3Time.xml(upload.initiated()));
        upload.algorithm()
                .ifPresent(algorithm -> xml.leaf("ChecksumAlgorithm", algorithm.name())
                        .leaf("ChecksumType", upload.checksumType().name()));
        xml.close();
    }
}
