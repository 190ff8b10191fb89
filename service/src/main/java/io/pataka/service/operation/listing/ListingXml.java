package io.pataka.service.operation.listing;

import io.pataka.service.metadata.ObjectIndex.ListedObject;
import io.pataka.service.protocol.S3Time;
import io.pataka.service.protocol.xml.XmlWriter;
import java.util.List;
import java.util.Optional;

/** The parts that the documents of all listings have in common. */
final class ListingXml {

    private ListingXml() {}

    /** {@code <Contents>}. */
    static void contents(XmlWriter xml, ListingRequest request, List<ListedObject> objects, ListedOwner owner) {
        for (ListedObject object : objects) {
            xml.open("Contents").leaf("Key", request.show(object.key().bytes()));
            facts(xml, object);
            owner.write(xml, "Owner", object.owner());
            xml.leaf("StorageClass", object.storageClass())
                    .leaf("Type", object.appendable() ? "Appendable" : "Normal")
                    .close();
        }
    }

    /** Time, entity tag, checksum and size. */
    static void facts(XmlWriter xml, ListedObject object) {
        xml.leaf("LastModified", S3Time.xml(object.lastModified()))
                .leaf("ETag", object.etag().quoted());
        object.checksum()
                .ifPresent(checksum -> xml.leaf(
                                "ChecksumAlgorithm", checksum.algorithm().name())
                        .leaf("ChecksumType", checksum.type().name()));
        xml.leaf("Size", object.size());
    }

    /** {@code <CommonPrefixes>}, one element for each. */
    static void commonPrefixes(XmlWriter xml, ListingRequest request, List<byte[]> prefixes) {
        for (byte[] prefix : prefixes) {
            xml.open("CommonPrefixes").leaf("Prefix", request.show(prefix)).close();
        }
    }

    /** {@code <Delimiter>}, when there is one. */
    static void delimiter(XmlWriter xml, ListingRequest request) {
        xml.leaf("Delimiter", Optional.of(request.show(request.delimiter())).filter(text -> !text.isEmpty()));
    }
}
