package io.pataka.service.notification;

import java.util.List;
import java.util.Optional;

/** The notifications of a bucket, in the order in which they were sent. */
public record NotificationConfiguration(List<Notification> notifications) {

    /** That of a bucket without notifications. */
    public static final NotificationConfiguration NONE = new NotificationConfiguration(List.of());

    public NotificationConfiguration {
        notifications = List.copyOf(notifications);
    }

    public boolean isEmpty() {
        return notifications.isEmpty();
    }

    public Optional<Notification> withId(String id) {
        return notifications.stream()
                .filter(notification -> notification.id().equals(id))
                .findFirst();
    }

    /** The notifications but one; all of them if none has the id. */
    public NotificationConfiguration without(String id) {
        return new NotificationConfiguration(notifications.stream()
                .filter(notification -> !notification.id().equals(id))
                .toList());
    }
}
