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
import java.util.Arrays;
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
        ListingPage<Upload> page = request.page(
                call, new UploadsInProgress(uploads, call.bucket()), start(call, request, keyMarker, uploadMarker));
        XmlWriter xml = XmlWriter.document("ListMultipartUploadsResult")
                .leaf("Bucket", call.bucket().name().text())
                .leaf("KeyMarker", request.show(keyMarker))
                .leaf("UploadIdMarker", keyMarker.length == 0 ? "" : uploadMarker);
        nextMarkers(xml, request, page);
        ListingXml.delimiter(xml, request);
        xml.leaf("Prefix", Optional.of(request.show(request.prefix())).filter(text -> !text.isEmpty()))
                .leaf("MaxUploads", request.maxKeys())
                .leaf("EncodingType", request.encoding().label())
                .leaf("IsTruncated", page.isTruncated());
        ListedOwner owner = ListedOwner.ID_AND_NAME.to(call.caller());
        page.entries().forEach(upload -> upload(xml, request, upload, owner));
        ListingXml.commonPrefixes(xml, request, page.commonPrefixes());
        return S3Response.xml(xml.toBytes());
    }

    /**
     * Without a key marker an upload marker is ignored, as by Amazon. An upload that was completed or aborted since is still a valid
     * marker: clients abort the uploads of one page before they ask for the next.
     */
    private Optional<ListingPosition> start(
            AdmittedCall call, ListingRequest request, byte[] keyMarker, String uploadMarker) {
        if (keyMarker.length == 0 || uploadMarker.isEmpty()) {
            return Markers.after(keyMarker, request);
        }
        UploadId upload = UploadId.parse(uploadMarker)
                .filter(id -> uploads.keyOf(call.bucket(), id)
                        .map(key -> Arrays.equals(key.bytes(), keyMarker))
                        .orElse(true))
                .orElseThrow(() -> new S3Exception(S3Error.INVALID_ARGUMENT, "Invalid uploadId marker")
                        .argument("upload-id-marker", uploadMarker));
        return Markers.commonPrefix(keyMarker, request).isPresent()
                ? Markers.after(keyMarker, request)
                : Optional.of(ListingPosition.afterUpload(keyMarker, upload));
    }

    /**
     * Amazon names the last upload of every page, also of the last page. For a page that ends with a common prefix it has no markers,
     * even if there is a next page. Pataka has them, so that the client can ask for that page.
     */
    private static void nextMarkers(XmlWriter xml, ListingRequest request, ListingPage<Upload> page) {
        Optional<ListingPage.Line<Upload>> last = page.last();
        String prefix = last.filter(line -> page.isTruncated())
                .map(line -> request.show(line.commonPrefix()))
                .orElse("");
        Optional<Upload> upload = last.flatMap(ListingPage.Line::entry);
        xml.leaf(
                        "NextKeyMarker",
                        upload.map(entry -> request.show(entry.key().bytes())).orElse(prefix))
                .leaf(
                        "NextUploadIdMarker",
                        upload.map(entry -> entry.id().text()).orElse(""));
    }

    private static void upload(XmlWriter xml, ListingRequest request, Upload upload, ListedOwner owner) {
        xml.open("Upload")
                .leaf("Key", request.show(upload.key().bytes()))
                .leaf("UploadId", upload.id().text());
        owner.write(xml, "Initiator", upload.initiator());
        owner.write(xml, "Owner", upload.owner());
        xml.leaf("StorageClass", upload.facts().storageClass()).leaf("Initiated", S3Time.xml(upload.initiated()));
        upload.algorithm()
                .ifPresent(algorithm -> xml.leaf("ChecksumAlgorithm", algorithm.name())
                        .leaf("ChecksumType", upload.checksumType().name()));
        xml.close();
    }
}
