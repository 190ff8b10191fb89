package io.pataka.service.operation.listing;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.ListedVersion;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.S3Time;
import io.pataka.service.protocol.xml.XmlWriter;
import java.util.Optional;

/**
 * All versions and delete markers of a bucket, newest first within a key.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html">AWS: ListObjectVersions</a>
 */
final class ListObjectVersions implements Operation {

    private final ObjectIndex index;

    ListObjectVersions(ObjectIndex index) {
        this.index = index;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        ListingRequest request = ListingRequest.of(call.parameters());
        byte[] keyMarker = call.parameters().firstBytes("key-marker").orElse(KeyBytes.NONE);
        String versionMarker = call.parameters().first("version-id-marker").orElse("");
        Optional<ListingPosition> start = start(call, request, keyMarker, versionMarker);
        ListingPage<ListedVersion> page = request.page(call, new AllVersions(index, call.bucket()), start);
        XmlWriter xml = XmlWriter.document("ListVersionsResult")
                .leaf("Name", call.bucket().name().text())
                .leaf("Prefix", request.show(request.prefix()))
                .leaf("KeyMarker", request.show(keyMarker))
                .leaf("VersionIdMarker", versionMarker);
        if (page.isTruncated()) {
            page.last().ifPresent(line -> nextMarkers(xml, request, line));
        }
        xml.leaf("MaxKeys", request.maxKeys());
        ListingXml.delimiter(xml, request);
        xml.leaf("EncodingType", request.encoding().label()).leaf("IsTruncated", page.isTruncated());
        ToldOwner owner = ToldOwner.ID_AND_NAME.to(call.caller());
        page.entries().forEach(version -> version(xml, request, version, owner));
        ListingXml.commonPrefixes(xml, request, page.commonPrefixes());
        return S3Response.xml(xml.toBytes());
    }

    private Optional<ListingPosition> start(
            AdmittedCall call, ListingRequest request, byte[] keyMarker, String versionMarker) {
        if (versionMarker.isEmpty()) {
            return Markers.after(keyMarker, request);
        }
        VersionSelector selector = VersionSelector.named(versionMarker)
                .filter(found -> keyMarker.length > 0 && keyMarker.length <= ObjectKey.MAX_LENGTH)
                .orElseThrow(() -> invalidMarker(versionMarker, keyMarker));
        if (Markers.commonPrefix(keyMarker, request).isPresent()) {
            return Markers.after(keyMarker, request);
        }
        return Optional.of(sequence(call, ObjectKey.of(keyMarker), selector)
                .map(sequence -> ListingPosition.afterVersion(keyMarker, sequence))
                .orElseGet(() -> ListingPosition.at(keyMarker)));
    }

    /** The null version shows no sequence; when it is gone since, the key is told once more rather than in part. */
    private Optional<Long> sequence(AdmittedCall call, ObjectKey key, VersionSelector selector) {
        return selector.sequence()
                .or(() -> index.version(call.bucket(), key, VersionSelector.NULL)
                        .map(version -> version.id().sequence()));
    }

    private static S3Exception invalidMarker(String versionMarker, byte[] keyMarker) {
        String message = keyMarker.length == 0
                ? "A version-id marker cannot be specified without a key marker."
                : "Invalid version id specified";
        return new S3Exception(S3Error.INVALID_ARGUMENT, message).argument("version-id-marker", versionMarker);
    }

    private static void nextMarkers(XmlWriter xml, ListingRequest request, ListingPage.Line<ListedVersion> last) {
        if (last.entry().isEmpty()) {
            xml.leaf("NextKeyMarker", request.show(last.commonPrefix()));
            return;
        }
        ListedVersion version = last.entry().get();
        xml.leaf("NextKeyMarker", request.show(version.object().key().bytes()))
                .leaf("NextVersionIdMarker", version.id().text());
    }

    private static void version(XmlWriter xml, ListingRequest request, ListedVersion version, ToldOwner owner) {
        xml.open(version.deleteMarker() ? "DeleteMarker" : "Version")
                .leaf("Key", request.show(version.object().key().bytes()))
                .leaf("VersionId", version.id().text())
                .leaf("IsLatest", version.current());
        if (version.deleteMarker()) {
            xml.leaf("LastModified", S3Time.xml(version.object().lastModified()));
        } else {
            ListingXml.facts(xml, version.object());
        }
        owner.write(xml, "Owner", version.object().owner());
        if (!version.deleteMarker()) {
            xml.leaf("StorageClass", version.object().storageClass())
                    .leaf("Type", version.object().appendable() ? "Appendable" : "Normal");
        }
        xml.close();
    }
}
