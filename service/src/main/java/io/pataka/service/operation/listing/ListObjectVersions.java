package io.pataka.service.operation.listing;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.ListedVersion;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.Parameters;
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

    private static final String VERSION_MARKER = "version-id-marker";

    private final ObjectIndex index;

    ListObjectVersions(ObjectIndex index) {
        this.index = index;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        // Amazon looks at the size of the page first, then at the markers, then at the encoding.
        call.parameters().number("max-keys");
        byte[] keyMarker = call.parameters().firstBytes("key-marker").orElse(KeyBytes.NONE);
        Optional<VersionSelector> after = versionMarker(call.parameters());
        ListingRequest request = ListingRequest.of(call.parameters());
        Optional<ListingPosition> start = start(call, request, keyMarker, after);
        ListingPage<ListedVersion> page = request.page(call, new AllVersions(index, call.bucket()), start);
        XmlWriter xml = XmlWriter.document("ListVersionsResult")
                .leaf("Name", call.bucket().name().text())
                .leaf("Prefix", request.show(request.prefix()))
                .leaf("KeyMarker", request.show(keyMarker))
                .leaf("VersionIdMarker", call.parameters().first(VERSION_MARKER).orElse(""));
        if (page.isTruncated()) {
            page.last().ifPresent(line -> nextMarkers(xml, request, line));
        }
        xml.leaf("MaxKeys", request.maxKeys());
        ListingXml.delimiter(xml, request);
        xml.leaf("EncodingType", request.encoding().label()).leaf("IsTruncated", page.isTruncated());
        ListedOwner owner = ListedOwner.ID_AND_NAME.to(call.caller());
        page.entries().forEach(version -> version(xml, request, version, owner));
        ListingXml.commonPrefixes(xml, request, page.commonPrefixes());
        return S3Response.xml(xml.toBytes());
    }

    /**
     * The version to go on after; empty when none is named. Amazon asks for a key marker beside it, which may be empty, and takes no
     * empty version marker.
     */
    private static Optional<VersionSelector> versionMarker(Parameters parameters) {
        Optional<String> marker = parameters.first(VERSION_MARKER);
        if (marker.isEmpty()) {
            return Optional.empty();
        }
        if (!parameters.has("key-marker")) {
            throw invalid("A version-id marker cannot be specified without a key marker.", marker.get());
        }
        if (marker.get().isEmpty()) {
            throw invalid("A version-id marker cannot be empty.", marker.get());
        }
        return Optional.of(VersionSelector.named(marker.get())
                .orElseThrow(() -> invalid("Invalid version id specified", marker.get())));
    }

    private static S3Exception invalid(String message, String versionMarker) {
        return new S3Exception(S3Error.INVALID_ARGUMENT, message).argument(VERSION_MARKER, versionMarker);
    }

    /** No key is empty, or longer than a key may be: a version marker beside such a key marker has nothing to say. */
    private Optional<ListingPosition> start(
            AdmittedCall call, ListingRequest request, byte[] keyMarker, Optional<VersionSelector> version) {
        boolean namesKey = keyMarker.length > 0 && keyMarker.length <= ObjectKey.MAX_LENGTH;
        if (version.isEmpty()
                || !namesKey
                || Markers.commonPrefix(keyMarker, request).isPresent()) {
            return Markers.after(keyMarker, request);
        }
        return Optional.of(sequence(call, ObjectKey.of(keyMarker), version.get())
                .map(sequence -> ListingPosition.afterVersion(keyMarker, sequence))
                .orElseGet(() -> ListingPosition.at(keyMarker)));
    }

    /**
     * A client does not see the sequence of a null version, so it is looked up. If the version is gone since, the page begins with the
     * key, so that versions may be listed twice but none is left out.
     */
    private Optional<Long> sequence(AdmittedCall call, ObjectKey key, VersionSelector selector) {
        return selector.sequence()
                .or(() -> index.version(call.bucket(), key, VersionSelector.NULL)
                        .map(version -> version.id().sequence()));
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

    private static void version(XmlWriter xml, ListingRequest request, ListedVersion version, ListedOwner owner) {
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
