package io.pataka.service.operation.notification;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.metadata.BucketCatalog.StoredDocument;
import io.pataka.service.notification.NotificationConfiguration;
import io.pataka.service.notification.NotificationXml;
import io.pataka.service.protocol.S3Exception;
import java.util.Optional;

/** The form in which notifications are stored: the document that clients get. A bucket without notifications has none. */
final class StoredNotifications {

    private StoredNotifications() {}

    static Optional<StoredDocument> store(NotificationConfiguration configuration) {
        return configuration.isEmpty()
                ? Optional.empty()
                : Optional.of(new StoredDocument(new String(NotificationXml.write(configuration), UTF_8), true));
    }

    /** A stored document that cannot be read is a fault of this server, not of the request. */
    static NotificationConfiguration load(Optional<String> stored) {
        try {
            return stored.map(document -> NotificationXml.read(document.getBytes(UTF_8)))
                    .orElse(NotificationConfiguration.NONE);
        } catch (S3Exception damaged) {
            throw new IllegalStateException("the stored notification document cannot be read", damaged);
        }
    }
}
