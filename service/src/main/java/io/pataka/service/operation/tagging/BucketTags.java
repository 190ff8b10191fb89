package io.pataka.service.operation.tagging;

import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.Bucket;
import java.util.Optional;

/** Where the tags of buckets are kept: as the document that clients are told. */
final class BucketTags {

    private static final String KIND = "tagging";

    private final BucketCatalog buckets;

    BucketTags(BucketCatalog buckets) {
        this.buckets = buckets;
    }

    Optional<String> find(Bucket bucket) {
        return buckets.document(bucket, KIND);
    }

    /** False when the bucket is gone. */
    boolean put(Bucket bucket, String document) {
        return buckets.putDocument(bucket, KIND, document);
    }

    void delete(Bucket bucket) {
        buckets.deleteDocument(bucket, KIND);
    }
}
