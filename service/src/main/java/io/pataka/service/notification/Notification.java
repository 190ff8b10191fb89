package io.pataka.service.notification;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One {@code <TopicConfiguration>}: which events of which objects go to which topic.
 *
 * @param id unique in the bucket
 * @param events at least one
 */
public record Notification(String id, TopicArn topic, List<EventPattern> events, ObjectFilter filter) {

    public Notification {
        Objects.requireNonNull(id);
        Objects.requireNonNull(topic);
        events = List.copyOf(events);
        Objects.requireNonNull(filter);
        if (events.isEmpty()) {
            throw new IllegalArgumentException("a notification has an event");
        }
    }

    /** The first of the names that the notification is for. */
    Optional<EventName> firstOf(List<EventName> names) {
        return names.stream().filter(this::isFor).findFirst();
    }

    private boolean isFor(EventName name) {
        return events.stream().anyMatch(pattern -> pattern.matches(name));
    }

    /** Whether the notification is for an event by which a version is removed or hidden. */
    boolean isForRemovals() {
        return EventName.REMOVALS.stream().anyMatch(this::isFor);
    }
}
