package io.pataka.service.notification;

import io.pataka.service.model.Bucket;
import io.pataka.service.model.ObjectChange;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Which events the changes of a bucket's objects are, by its notifications. */
public final class BucketEvents {

    private final NotificationConfiguration configuration;
    private final EventRecord record;

    /**
     * @param region of the service
     * @param node the beginning of {@code x-amz-id-2} in all answers of this server
     */
    public BucketEvents(NotificationConfiguration configuration, String region, String node, Clock clock) {
        this.configuration = Objects.requireNonNull(configuration);
        this.record = new EventRecord(region, node, clock);
    }

    /**
     * An event for a topic.
     *
     * @param record what {@link EventMessage} completes
     */
    public record TopicEvent(TopicArn topic, byte[] record) {}

    /** Whether events of removals are selected by metadata or tags of what is removed or hidden. */
    public boolean needsFactsOfRemoved() {
        return configuration.notifications().stream()
                .anyMatch(notification -> notification.filter().needsFacts() && notification.isForRemovals());
    }

    /** The events of a change: one for each notification that selects it, in the order of the notifications. */
    public List<TopicEvent> of(Bucket bucket, ObjectChange change) {
        List<EventName> names = EventName.of(change);
        if (names.isEmpty()) {
            return List.of();
        }
        List<TopicEvent> events = new ArrayList<>();
        for (Notification notification : configuration.notifications()) {
            Optional<EventName> name = notification.firstOf(names);
            if (name.isPresent() && notification.filter().matches(change)) {
                events.add(
                        new TopicEvent(notification.topic(), record.write(notification, name.get(), bucket, change)));
            }
        }
        return events;
    }
}
