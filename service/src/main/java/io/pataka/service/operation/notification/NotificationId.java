package io.pataka.service.operation.notification;

import io.pataka.service.protocol.Parameters;
import java.util.Optional;

/**
 * The id of one notification in a request, which is Ceph's addition: {@code ?notification=<id>} as its documentation says, or
 * {@code ?notification&notification-id=<id>} as its model for botocore sends it.
 */
final class NotificationId {

    private NotificationId() {}

    /** Empty for a request about all notifications of the bucket. */
    static Optional<String> of(Parameters parameters) {
        return parameters
                .first("notification")
                .filter(id -> !id.isEmpty())
                .or(() -> parameters.first("notification-id").filter(id -> !id.isEmpty()));
    }
}
