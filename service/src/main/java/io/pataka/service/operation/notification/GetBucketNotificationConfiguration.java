package io.pataka.service.operation.notification;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.notification.Notification;
import io.pataka.service.notification.NotificationConfiguration;
import io.pataka.service.notification.NotificationXml;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.util.List;
import java.util.Optional;

/**
 * Answers the notifications of a bucket, or the one whose id the request names. Without notifications the document is empty.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotificationConfiguration.html">AWS:
 *     GetBucketNotificationConfiguration</a>
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/s3/bucketops/#get-list-notification">Ceph: get notification</a>
 */
final class GetBucketNotificationConfiguration implements Operation {

    private final BucketCatalog buckets;

    GetBucketNotificationConfiguration(BucketCatalog buckets) {
        this.buckets = buckets;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        NotificationConfiguration all =
                StoredNotifications.load(buckets.document(call.bucket(), DocumentKind.NOTIFICATION));
        Optional<String> id = NotificationId.of(call.parameters());
        return S3Response.xml(NotificationXml.write(id.isEmpty() ? all : one(all, id.get())));
    }

    private static NotificationConfiguration one(NotificationConfiguration all, String id) {
        Notification found = all.withId(id)
                .orElseThrow(() -> new S3Exception(S3Error.NO_SUCH_KEY, "The bucket has no notification with this id.")
                        .argument("notification", id));
        return new NotificationConfiguration(List.of(found));
    }
}
