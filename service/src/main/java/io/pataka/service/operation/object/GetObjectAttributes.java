package io.pataka.service.operation.object;

import io.pataka.service.access.Access;
import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.StoredPart;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.Content;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.operation.ObjectEncryption;
import io.pataka.service.operation.ObjectLookup;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.ReadableContent;
import io.pataka.service.protocol.AccessNeed;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.S3Time;
import io.pataka.service.protocol.WholeNumber;
import io.pataka.service.protocol.xml.XmlWriter;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Answers the attributes of a version that the client names. The parts of every multipart object are listed, as Ceph Gateway does;
 * Amazon lists no parts without checksums. Parts are numbered by their place in the object, as {@code partNumber} of GetObject counts
 * them. A composite checksum ends with the number of parts, as the tests of Ceph Gateway expect; Amazon leaves that number out here.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html">AWS: GetObjectAttributes</a>
 */
final class GetObjectAttributes implements Operation {

    private static final String MAX_PARTS = "x-amz-max-parts";
    private static final String MARKER = "x-amz-part-number-marker";
    private static final int MAX_PAGE = 1000;

    private final ObjectLookup lookup;
    private final ObjectIndex index;
    private final ReadableContent readable;
    private final ObjectEncryption encryption;

    GetObjectAttributes(ObjectLookup lookup, ObjectIndex index, ReadableContent readable, ObjectEncryption encryption) {
        this.encryption = encryption;
        this.readable = readable;
        this.lookup = lookup;
        this.index = index;
    }

    /** What may be asked for. */
    private enum Attribute {
        ETAG("ETag"),
        CHECKSUM("Checksum"),
        OBJECT_PARTS("ObjectParts"),
        STORAGE_CLASS("StorageClass"),
        OBJECT_SIZE("ObjectSize");

        private final String amazonName;

        Attribute(String amazonName) {
            this.amazonName = amazonName;
        }

        static Attribute named(String name) {
            return Arrays.stream(values())
                    .filter(attribute -> attribute.amazonName.equals(name))
                    .findFirst()
                    .orElseThrow(() -> new S3Exception(S3Error.INVALID_ARGUMENT, "Invalid attribute name specified.")
                            .argument("x-amz-object-attributes", name));
        }
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        Set<Attribute> wanted = wanted(call.headers());
        int marker = number(call.headers(), MARKER, 0);
        int limit = Math.min(number(call.headers(), MAX_PARTS, MAX_PAGE), MAX_PAGE);
        ObjectVersion version = lookup.find(call);
        call.require(Access.to(AccessNeed.OBJECT_ATTRIBUTES, call.bucket())
                .object(version)
                .version(call.request().versionId()));
        encryption.requireReadable(call, version);
        readable.require(version);
        XmlWriter xml = XmlWriter.document("GetObjectAttributesResponse");
        if (wanted.contains(Attribute.ETAG)) {
            xml.leaf("ETag", version.etag().value());
        }
        List<Checksum> checksums = version.facts().checksums();
        if (wanted.contains(Attribute.CHECKSUM) && !checksums.isEmpty()) {
            xml.open("Checksum");
            checksums(xml, checksums);
            xml.leaf("ChecksumType", checksums.get(0).type().name()).close();
        }
        if (wanted.contains(Attribute.OBJECT_PARTS) && version.content() instanceof Content.Parts parts) {
            parts(xml, version.bucketId(), parts, marker, limit);
        }
        if (wanted.contains(Attribute.STORAGE_CLASS)) {
            xml.leaf("StorageClass", version.facts().storageClass());
        }
        if (wanted.contains(Attribute.OBJECT_SIZE)) {
            xml.leaf("ObjectSize", version.size());
        }
        S3Response response =
                S3Response.xml(xml.toBytes()).header("Last-Modified", S3Time.header(version.lastModified()));
        return ObjectLookup.showsVersions(call)
                ? response.header("x-amz-version-id", version.id().text())
                : response;
    }

    private static Set<Attribute> wanted(RequestHeaders headers) {
        Set<Attribute> wanted = EnumSet.noneOf(Attribute.class);
        headers.all("x-amz-object-attributes").stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(String::trim)
                .filter(name -> !name.isEmpty())
                .map(Attribute::named)
                .forEach(wanted::add);
        if (wanted.isEmpty()) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or"
                            + " empty");
        }
        return wanted;
    }

    private static int number(RequestHeaders headers, String name, int absent) {
        Optional<String> text = headers.first(name).filter(value -> !value.isEmpty());
        if (text.isEmpty()) {
            return absent;
        }
        OptionalInt number = WholeNumber.ofInt(text.get());
        if (number.isEmpty()) {
            // Amazon passes over what is no number.
            return absent;
        }
        if (number.getAsInt() < 0) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT, "Provided " + name + " not an integer or within integer range")
                    .argument(name, text.get());
        }
        return number.getAsInt();
    }

    private void parts(XmlWriter xml, long bucketId, Content.Parts content, int marker, int limit) {
        List<StoredPart> found = index.partsAfter(bucketId, content, marker, limit + 1);
        boolean truncated = found.size() > limit;
        List<StoredPart> page = truncated ? found.subList(0, limit) : found;
        xml.open("ObjectParts")
                .leaf("PartsCount", content.count())
                .leaf("PartNumberMarker", marker)
                .leaf("NextPartNumberMarker", page.isEmpty() ? 0 : marker + page.size())
                .leaf("MaxParts", limit)
                .leaf("IsTruncated", truncated);
        int number = marker;
        for (StoredPart part : page) {
            number++;
            xml.open("Part").leaf("PartNumber", number).leaf("Size", part.size());
            checksums(xml, part.checksums());
            xml.close();
        }
        xml.close();
    }

    private static void checksums(XmlWriter xml, List<Checksum> checksums) {
        for (Checksum checksum : checksums) {
            xml.leaf(checksum.algorithm().element(), checksum.value());
        }
    }
}
