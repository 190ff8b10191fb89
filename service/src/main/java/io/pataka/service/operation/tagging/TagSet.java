package io.pataka.service.operation.tagging;

import io.pataka.service.protocol.ObjectTags;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.protocol.xml.XmlWriter;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The document {@code <Tagging>}, which objects and buckets share. */
final class TagSet {

    /** The most bytes of a document: 50 tags of the longest keys and values, every character escaped. */
    static final int MAX_DOCUMENT = 1 << 20;

    private TagSet() {}

    /**
     * @param maxCount the most tags
     * @param tooMany says that there are more
     * @throws S3Exception MalformedXML; InvalidTag for tags beyond the limits, or two of one key
     */
    static SortedMap<String, String> read(byte[] document, int maxCount, String tooMany) {
        List<XmlElement> elements =
                XmlElement.parse(document, "Tagging").required("TagSet").all("Tag");
        SortedMap<String, String> tags = new TreeMap<>();
        for (XmlElement tag : elements) {
            String key = tag.requiredText("Key");
            String value = tag.requiredText("Value");
            ObjectTags.requireWithinLimits(key, value);
            if (tags.put(key, value) != null) {
                throw new S3Exception(S3Error.INVALID_TAG, "Cannot provide multiple Tags with the same key")
                        .with("TagKey", key);
            }
        }
        if (tags.size() > maxCount) {
            throw new S3Exception(S3Error.INVALID_TAG, tooMany);
        }
        return tags;
    }

    static byte[] write(SortedMap<String, String> tags) {
        XmlWriter xml = XmlWriter.document("Tagging").open("TagSet");
        tags.forEach((key, value) ->
                xml.open("Tag").leaf("Key", key).leaf("Value", value).close());
        return xml.toBytes();
    }
}
