package io.pataka.service.operation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.lifecycle.LifecycleAnnouncements;
import io.pataka.service.lifecycle.LifecycleAnnouncements.Announcement;
import io.pataka.service.lifecycle.LifecycleXml;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.metadata.ParsedDocuments;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.protocol.PercentCoding;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Time;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The headers that say when the lifecycle rules of a bucket remove an object or abort an upload. As fresh as the catalog's documents are. They
 * need no statement of their own, since the access to the bucket was judged by documents that the catalog reads with the rules. If the
 * database does not answer, there are no headers, and the call does not fail for them.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html">AWS: expiring
 *     objects</a>
 */
public final class LifecycleHeaders {

    private static final Logger LOG = LoggerFactory.getLogger(LifecycleHeaders.class);

    /** Empty for a document that cannot be read. */
    private final ParsedDocuments<Optional<LifecycleAnnouncements>> rules;

    public LifecycleHeaders(BucketCatalog buckets) {
        this.rules = new ParsedDocuments<>(buckets, DocumentKind.LIFECYCLE, LifecycleHeaders::parsed);
    }

    /** {@code x-amz-expiration} of a current version, if it expires. */
    public Map<String, String> ofObject(
            Bucket bucket, ObjectKey key, long size, Map<String, String> tags, Instant lastModified) {
        return announcements(bucket)
                .flatMap(rules -> rules.expiration(key, size, tags, lastModified))
                .map(end -> Map.of(
                        "x-amz-expiration",
                        "expiry-date=\"" + S3Time.header(end.time()) + "\", rule-id=\"" + ruleId(end) + "\""))
                .orElse(Map.of());
    }

    /** {@code x-amz-abort-date} and {@code x-amz-abort-rule-id} of an upload, if a rule aborts it. */
    public Map<String, String> ofUpload(Bucket bucket, ObjectKey key, Instant initiated) {
        return announcements(bucket)
                .flatMap(rules -> rules.abort(key, initiated))
                .map(end -> Map.of(
                        "x-amz-abort-date", S3Time.header(end.time()),
                        "x-amz-abort-rule-id", ruleId(end)))
                .orElse(Map.of());
    }

    /** A header cannot have all characters of an id. */
    private static String ruleId(Announcement end) {
        return PercentCoding.encode(end.ruleId().getBytes(UTF_8));
    }

    private Optional<LifecycleAnnouncements> announcements(Bucket bucket) {
        try {
            return rules.of(bucket).flatMap(announcements -> announcements);
        } catch (MetadataUnavailableException outage) {
            return Optional.empty();
        }
    }

    private static Optional<LifecycleAnnouncements> parsed(String document, Bucket bucket) {
        try {
            return Optional.of(new LifecycleAnnouncements(LifecycleXml.load(document)));
        } catch (S3Exception damaged) {
            LOG.error("The stored lifecycle rules of bucket {} are damaged", bucket.name(), damaged);
            return Optional.empty();
        }
    }
}
