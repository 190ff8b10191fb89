package io.pataka.service.operation.notification;

import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.Topics;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Operation;
import java.util.Objects;

/** The operations on the notifications of a bucket. */
public final class NotificationOperations {

    private final BucketCatalog buckets;
    private final Topics topics;

    public NotificationOperations(BucketCatalog buckets, Topics topics) {
        this.buckets = Objects.requireNonNull(buckets);
        this.topics = Objects.requireNonNull(topics);
    }

    public void register(OperationCatalog catalog) {
        catalog.register(
                        S3Operation.GET_BUCKET_NOTIFICATION_CONFIGURATION,
                        new GetBucketNotificationConfiguration(buckets))
                .register(
                        S3Operation.PUT_BUCKET_NOTIFICATION_CONFIGURATION,
                        new PutBucketNotificationConfiguration(buckets, new ReachableTopics(topics)))
                .register(S3Operation.DELETE_BUCKET_NOTIFICATION, new DeleteBucketNotification(buckets));
    }
}
