package io.pataka.service.operation;

import io.pataka.service.protocol.ObjectTags;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.protocol.xml.XmlWriter;
import java.util.SortedMap;
import java.util.TreeMap;

/** Tags as documents give them: {@code <Tagging>} of objects and buckets, {@code <Tags>} of a bucket in the making. */
public final class TagSet {

    /** The most bytes of a document: 50 tags of the longest keys and values, every character escaped. */
    public static final int MAX_DOCUMENT = 1 << 20;

    private TagSet() {}

    /**
     * Those of a document {@code <Tagging>}.
     *
     * @param maxCount the most tags
     * @param tooMany says that there are more
     * @throws S3Exception MalformedXML; InvalidTag for tags beyond the limits, or two of one key
     */
    public static SortedMap<String, String> read(byte[] document, int maxCount, String tooMany) {
        XmlElement tagging =
                XmlElement.parse(document, "Tagging").only("TagSet").once("TagSet");
        return read(tagging.required("TagSet"), maxCount, tooMany);
    }

    /**
     * Those of an element that holds {@code <Tag>}.
     *
     * @param maxCount the most tags
     * @param tooMany says that there are more
     * @throws S3Exception MalformedXML; InvalidTag for tags beyond the limits, or two of one key
     */
    static SortedMap<String, String> read(XmlElement set, int maxCount, String tooMany) {
        SortedMap<String, String> tags = new TreeMap<>();
        for (XmlElement tag : set.only("Tag").children()) {
            tag.only("Key", "Value").once("Key", "Value");
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

    /** A document {@code <Tagging>}. */
    public static byte[] write(SortedMap<String, String> tags) {
        XmlWriter xml = XmlWriter.document("Tagging").open("TagSet");
        tags.forEach((key, value) ->
                xml.open("Tag").leaf("Key", key).leaf("Value", value).close());
        return xml.toBytes();
    }
}
