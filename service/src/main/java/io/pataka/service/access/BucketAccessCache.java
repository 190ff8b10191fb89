package io.pataka.service.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.Bucket;

/** Parses the documents of a bucket once, and again when they have changed. As fresh as the catalog's documents are. */
final class BucketAccessCache {

    private static final int BUCKETS = 10_000;

    private final BucketCatalog buckets;
    private final Cache<Long, Parsed> parsed =
            Caffeine.newBuilder().maximumSize(BUCKETS).build();

    BucketAccessCache(BucketCatalog buckets) {
        this.buckets = buckets;
    }

    private record Parsed(BucketAccess.Documents documents, BucketAccess access) {}

    BucketAccess of(Bucket bucket) {
        BucketAccess.Documents documents = BucketAccess.Documents.of(bucket, buckets);
        Parsed known = parsed.getIfPresent(bucket.id());
        if (known != null && known.documents().equals(documents)) {
            return known.access();
        }
        BucketAccess access = documents.read(bucket);
        parsed.put(bucket.id(), new Parsed(documents, access));
        return access;
    }
}
