package io.pataka.service.access.cors;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.protocol.S3Exception;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What pages of other origins may do in which bucket. Where no rule of the bucket fits, and where there is no bucket, the rule of
 * the whole site counts.
 *
 * <p>As fresh as the catalog's documents are. While the database does not answer, the rules last seen count: a page could not read
 * the 503 otherwise.
 */
public final class BucketCors {

    private static final Logger LOG = LoggerFactory.getLogger(BucketCors.class);
    private static final int BUCKETS = 10_000;

    private final BucketCatalog buckets;
    private final CorsRules site;
    private final Cache<BucketName, Known> known =
            Caffeine.newBuilder().maximumSize(BUCKETS).build();

    /**
     * @param site rules for all buckets; {@link CorsRules#NONE} where there are none
     */
    public BucketCors(BucketCatalog buckets, CorsRules site) {
        this.buckets = Objects.requireNonNull(buckets);
        this.site = Objects.requireNonNull(site);
    }

    private record Known(String document, CorsRules rules) {}

    /** What a page may do in a bucket, or, without one, to the service. Never throws. */
    public Optional<CorsGrant> judge(Optional<BucketName> bucket, CorsRequest request) {
        return decide(bucket.flatMap(this::seen), request);
    }

    /** As {@link #judge(Optional, CorsRequest)}, from memory alone: what it comes to while the database does not answer. */
    public Optional<CorsGrant> judgeFromMemory(Optional<BucketName> bucket, CorsRequest request) {
        return decide(bucket.flatMap(this::remembered), request);
    }

    private Optional<CorsGrant> decide(Optional<CorsRules> rules, CorsRequest request) {
        return rules.flatMap(own -> own.judge(request)).or(() -> site.judge(request));
    }

    /** The rules of a bucket; empty where it has none. */
    public Optional<CorsRules> rules(Bucket bucket) {
        Optional<String> document = buckets.document(bucket, DocumentKind.CORS);
        if (document.isEmpty()) {
            known.invalidate(bucket.name());
            return Optional.empty();
        }
        Known before = known.getIfPresent(bucket.name());
        if (before != null && before.document().equals(document.get())) {
            return Optional.of(before.rules());
        }
        Known now = new Known(document.get(), parsed(document.get(), bucket));
        known.put(bucket.name(), now);
        return Optional.of(now.rules());
    }

    /** A document that cannot be read allows nothing to pages of other origins, and does not affect other clients. */
    private static CorsRules parsed(String document, Bucket bucket) {
        try {
            return CorsXml.read(document.getBytes(UTF_8));
        } catch (S3Exception damaged) {
            LOG.error("The stored CORS rules of bucket {} are damaged", bucket.name(), damaged);
            return CorsRules.NONE;
        }
    }

    private Optional<CorsRules> seen(BucketName name) {
        try {
            return buckets.find(name).flatMap(this::rules);
        } catch (MetadataUnavailableException outage) {
            return remembered(name);
        }
    }

    private Optional<CorsRules> remembered(BucketName name) {
        return Optional.ofNullable(known.getIfPresent(name)).map(Known::rules);
    }
}
