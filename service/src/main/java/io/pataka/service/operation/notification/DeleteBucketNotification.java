package io.pataka.service.operation.notification;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.BucketCatalog.StoredDocument;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.util.Optional;

/**
 * Removes the notifications of a bucket, or the one whose id the request names: an operation of Ceph Gateway. It succeeds where there is
 * none.
 *
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/s3/bucketops/#delete-notification">Ceph: delete notification</a>
 */
final class DeleteBucketNotification implements Operation {

    private final BucketCatalog buckets;

    DeleteBucketNotification(BucketCatalog buckets) {
        this.buckets = buckets;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        Optional<String> id = NotificationId.of(call.parameters());
        ChangeContext change = call.permit().change(call.bucket(), Kind.DELETE_CONFIGURATION);
        if (id.isEmpty()) {
            buckets.deleteDocument(call.bucket(), DocumentKind.NOTIFICATION, change);
        } else if (!buckets.updateDocument(
                call.bucket(), DocumentKind.NOTIFICATION, stored -> without(id.get(), stored), change)) {
            throw S3Exception.noSuchBucket(call.bucketName());
        }
        return S3Response.noContent();
    }

    private static Optional<StoredDocument> without(String id, Optional<String> stored) {
        return StoredNotifications.store(StoredNotifications.load(stored).without(id));
    }
}
