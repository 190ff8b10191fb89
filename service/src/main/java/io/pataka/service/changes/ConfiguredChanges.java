package io.pataka.service.changes;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.ChangeRecords;
import io.pataka.service.metadata.ChangeRecords.QueuedEvent;
import io.pataka.service.metadata.ChangeRules;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.ObjectChange;
import io.pataka.service.notification.BucketEvents;
import io.pataka.service.notification.NotificationConfiguration;
import io.pataka.service.notification.NotificationXml;
import io.pataka.service.protocol.S3Exception;
import java.time.Clock;
import java.util.List;
import java.util.Objects;

/**
 * What the documents of buckets want to be recorded. The documents of an epoch of a bucket do not change, so they are read and parsed once for
 * each epoch: writers that hold a connection do not take a second one.
 */
public final class ConfiguredChanges implements ChangeRules {

    private static final int BUCKETS = 10_000;

    private final BucketCatalog buckets;
    private final String region;
    private final String node;
    private final Clock clock;
    private final Cache<Epoch, OfBucket> rules =
            Caffeine.newBuilder().maximumSize(BUCKETS).build();

    /**
     * @param region of the service
     * @param node the beginning of {@code x-amz-id-2} in all answers of this server
     */
    public ConfiguredChanges(BucketCatalog buckets, String region, String node, Clock clock) {
        this.buckets = Objects.requireNonNull(buckets);
        this.region = Objects.requireNonNull(region);
        this.node = Objects.requireNonNull(node);
        this.clock = Objects.requireNonNull(clock);
    }

    private record Epoch(long bucketId, int epoch) {}

    @Override
    public OfBucket of(Bucket bucket) {
        Epoch epoch = new Epoch(bucket.id(), bucket.epoch());
        OfBucket known = rules.getIfPresent(epoch);
        if (known == null) {
            known = read(bucket);
            rules.put(epoch, known);
        }
        return known;
    }

    private OfBucket read(Bucket bucket) {
        NotificationConfiguration notifications = buckets.document(bucket, DocumentKind.NOTIFICATION)
                .map(document -> parse(document, bucket))
                .orElse(NotificationConfiguration.NONE);
        return new Configured(bucket, new BucketEvents(notifications, region, node, clock));
    }

    /** A stored document that cannot be read is a fault of this server. The cause is left out: it would be the answer to the client. */
    private static NotificationConfiguration parse(String document, Bucket bucket) {
        try {
            return NotificationXml.read(document.getBytes(UTF_8));
        } catch (S3Exception damaged) {
            throw new IllegalStateException("the stored notification document of bucket " + bucket.name()
                    + " cannot be read: " + damaged.getMessage());
        }
    }

    private record Configured(Bucket bucket, BucketEvents events) implements OfBucket {

        @Override
        public boolean needFactsOfRemoved() {
            return events.needsFactsOfRemoved();
        }

        @Override
        public ChangeRecords records(ObjectChange change) {
            List<QueuedEvent> queued = events.of(bucket, change).stream()
                    .map(event -> new QueuedEvent(
                            event.topic().project(), event.topic().name().text(), event.record()))
                    .toList();
            return new ChangeRecords(queued, List.of());
        }
    }
}
