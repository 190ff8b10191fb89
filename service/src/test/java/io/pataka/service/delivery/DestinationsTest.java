package io.pataka.service.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.notification.Endpoint;
import io.pataka.service.notification.TopicName;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Making a sender connects to nothing. */
final class DestinationsTest {

    private static final AddressGuard GUARD = new AddressGuard(List.of(), List.of(), false);
    private static final TrustedAuthorities AUTHORITIES = new TrustedAuthorities(Optional.empty());
    private static final TopicName TOPIC = new TopicName("t");

    private static Optional<EventSender> sender(Destinations destinations, String project) throws IOException {
        return destinations.sender(new Endpoint.Oslo(), Optional.empty(), project, TOPIC);
    }

    /** Also of a topic that was made when its project was in the settings. */
    @Test
    void sendNotificationsOfTheCloudOnlyForProjectsOfTheSettings() throws Exception {
        OsloNotifications oslo = OsloNotifications.of(
                "rabbit://mq.example/", false, Optional.empty(), "pataka", "n", false, "p", List.of("cloud"));
        try (Destinations destinations = new Destinations(GUARD, AUTHORITIES, Optional.of(oslo))) {
            assertThat(sender(destinations, "cloud")).isPresent();
            assertThatThrownBy(() -> sender(destinations, "other"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("notifications.delivery.oslo.projects");
        }
        try (Destinations destinations = new Destinations(GUARD, AUTHORITIES, Optional.empty())) {
            assertThatThrownBy(() -> sender(destinations, "cloud")).isInstanceOf(IOException.class);
        }
    }
}
