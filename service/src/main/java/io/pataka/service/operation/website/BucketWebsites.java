package io.pataka.service.operation.website;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.ParsedDocuments;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.website.WebsiteConfiguration;
import io.pataka.service.website.WebsiteXml;
import java.util.Objects;

/**
 * The websites of buckets, as fresh as the catalog's documents are. A request is not refused because of what another node has changed
 * before it came.
 */
public final class BucketWebsites {

    private final BucketCatalog buckets;
    private final ParsedDocuments<WebsiteConfiguration> websites;

    public BucketWebsites(BucketCatalog buckets) {
        this.buckets = Objects.requireNonNull(buckets);
        this.websites = new ParsedDocuments<>(buckets, DocumentKind.WEBSITE, BucketWebsites::parse);
    }

    /**
     * @param since when the request came, as {@link System#nanoTime} gives it
     * @throws S3Exception NoSuchBucket or NoSuchWebsiteConfiguration
     */
    public WebsiteConfiguration of(BucketName name, long since) {
        Bucket bucket = buckets.find(name)
                .or(() -> buckets.findSince(name, since))
                .orElseThrow(() -> S3Exception.noSuchBucket(name));
        return websites.of(bucket).orElseGet(() -> now(name, since));
    }

    /** As {@link #of}, never by what this node remembers from before the request came. */
    public WebsiteConfiguration now(BucketName name, long since) {
        Bucket bucket = buckets.findSince(name, since).orElseThrow(() -> S3Exception.noSuchBucket(name));
        buckets.refreshDocuments(bucket, since);
        return websites.of(bucket)
                .orElseThrow(
                        () -> new S3Exception(S3Error.NO_SUCH_WEBSITE_CONFIGURATION).with("BucketName", name.text()));
    }

    /** A stored document that cannot be read is a fault of this server. The cause is left out: it would be the answer to the client. */
    private static WebsiteConfiguration parse(String document, Bucket bucket) {
        try {
            return WebsiteXml.read(document.getBytes(UTF_8));
        } catch (S3Exception damaged) {
            throw new IllegalStateException("the stored website document of bucket " + bucket.name()
                    + " cannot be read: " + damaged.getMessage());
        }
    }
}
