package io.pataka.service.operation.notification;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.BucketCatalog.StoredDocument;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.notification.NotificationConfiguration;
import io.pataka.service.notification.NotificationXml;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.RequestDocument;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;
import java.util.Optional;

/**
 * Sets the notifications of a bucket, in place of those that it had; an empty document removes them. Every topic must exist, and the caller
 * must be allowed to have events sent to it, whatever {@code x-amz-skip-destination-validation} says. As on Ceph Gateway, topics get no test
 * message.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html">AWS:
 *     PutBucketNotificationConfiguration</a>
 */
final class PutBucketNotificationConfiguration implements Operation {

    private final BucketCatalog buckets;
    private final ReachableTopics topics;

    PutBucketNotificationConfiguration(BucketCatalog buckets, ReachableTopics topics) {
        this.buckets = buckets;
        this.topics = topics;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        NotificationConfiguration wanted = NotificationXml.read(
                RequestDocument.read(call.request(), NotificationXml.MAX_LENGTH, RequestDocument.Digest.OPTIONAL));
        topics.require(wanted, call);
        ChangeContext change = call.permit().change(call.bucket(), Kind.PUT_CONFIGURATION);
        Optional<StoredDocument> stored = StoredNotifications.store(wanted);
        if (!buckets.updateDocument(call.bucket(), DocumentKind.NOTIFICATION, former -> stored, change)) {
            throw S3Exception.noSuchBucket(call.bucketName());
        }
        return S3Response.ok();
    }
}
