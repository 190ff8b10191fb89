package io.pataka.service.metadata;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.DocumentKind;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Parses the document of one kind once for each bucket, and again when it has changed. As fresh as the catalog's documents are.
 *
 * @param <T> what a document is parsed to
 */
public final class ParsedDocuments<T> {

    private static final int BUCKETS = 10_000;

    private final BucketCatalog buckets;
    private final DocumentKind kind;
    private final BiFunction<String, Bucket, T> parser;
    private final Cache<Long, Parsed<T>> parsed =
            Caffeine.newBuilder().maximumSize(BUCKETS).build();

    /**
     * @param parser gets the stored document and its bucket
     */
    public ParsedDocuments(BucketCatalog buckets, DocumentKind kind, BiFunction<String, Bucket, T> parser) {
        this.buckets = Objects.requireNonNull(buckets);
        this.kind = Objects.requireNonNull(kind);
        this.parser = Objects.requireNonNull(parser);
    }

    private record Parsed<T>(String document, T value) {}

    /**
     * Empty if the bucket has no such document.
     *
     * @throws MetadataUnavailableException when the database does not answer, and the document is not remembered
     */
    public Optional<T> of(Bucket bucket) {
        return buckets.document(bucket, kind).map(document -> of(bucket, document));
    }

    private T of(Bucket bucket, String document) {
        Parsed<T> known = parsed.getIfPresent(bucket.id());
        if (known != null && known.document().equals(document)) {
            return known.value();
        }
        Parsed<T> now = new Parsed<>(document, parser.apply(document, bucket));
        parsed.put(bucket.id(), now);
        return now.value();
    }
}
