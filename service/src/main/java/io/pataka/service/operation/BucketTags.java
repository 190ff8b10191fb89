package io.pataka.service.operation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.protocol.ObjectTags;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.xml.XmlElement;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Where the tags of buckets are kept: as the document that clients are told. */
public final class BucketTags {

    private static final String TOO_MANY = "Bucket tag count cannot be greater than " + ObjectTags.MAX_COUNT_OF_BUCKET;

    private static final String NO_TAGS = document(new TreeMap<>());

    private final BucketCatalog buckets;

    public BucketTags(BucketCatalog buckets) {
        this.buckets = Objects.requireNonNull(buckets);
    }

    /**
     * The document that keeps the tags of a document {@code <Tagging>}.
     *
     * @throws S3Exception MalformedXML; InvalidTag for tags beyond the limits, or two of one key
     */
    public static String document(byte[] tagging) {
        return document(TagSet.read(tagging, ObjectTags.MAX_COUNT_OF_BUCKET, TOO_MANY));
    }

    /**
     * The document that keeps the tags of an element that holds {@code <Tag>}.
     *
     * @throws S3Exception MalformedXML; InvalidTag for tags beyond the limits, or two of one key
     */
    public static String document(XmlElement tags) {
        return document(TagSet.read(tags, ObjectTags.MAX_COUNT_OF_BUCKET, TOO_MANY));
    }

    private static String document(SortedMap<String, String> tags) {
        return new String(TagSet.write(tags), UTF_8);
    }

    /** Empty for a bucket whose set of tags is empty, too: Amazon does not tell it from one without a set. */
    public Optional<String> find(Bucket bucket) {
        return buckets.document(bucket, DocumentKind.TAGGING).filter(document -> !document.equals(NO_TAGS));
    }

    /** False when the bucket is gone. */
    public boolean put(Bucket bucket, String document) {
        return buckets.putDocument(bucket, DocumentKind.TAGGING, document);
    }

    public void delete(Bucket bucket) {
        buckets.deleteDocument(bucket, DocumentKind.TAGGING);
    }
}
