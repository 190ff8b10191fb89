package io.pataka.service.operation;

import io.pataka.service.protocol.ObjectTags;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.xml.XmlElement;
import java.util.SortedMap;

/** The tags of a bucket. Amazon answers an empty set like none. */
public final class BucketTags implements DocumentCodec<SortedMap<String, String>> {

    private static final String TOO_MANY = "Bucket tag count cannot be greater than " + ObjectTags.MAX_COUNT_OF_BUCKET;

    /**
     * Reads a document {@code <Tagging>}.
     *
     * @throws S3Exception MalformedXML; InvalidTag for tags beyond the limits, or two of one key
     */
    @Override
    public SortedMap<String, String> read(byte[] sent) {
        return TagSet.read(sent, ObjectTags.MAX_COUNT_OF_BUCKET, TOO_MANY);
    }

    /**
     * Reads an element that holds {@code <Tag>}.
     *
     * @throws S3Exception MalformedXML; InvalidTag for tags beyond the limits, or two of one key
     */
    public SortedMap<String, String> read(XmlElement tags) {
        return TagSet.read(tags, ObjectTags.MAX_COUNT_OF_BUCKET, TOO_MANY);
    }

    @Override
    public byte[] write(SortedMap<String, String> tags) {
        return TagSet.write(tags);
    }

    @Override
    public boolean isNone(SortedMap<String, String> tags) {
        return tags.isEmpty();
    }
}
