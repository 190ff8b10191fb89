package io.pataka.service.delivery;

import io.pataka.service.notification.Endpoint;
import io.pataka.service.notification.EndpointPassword;
import io.pataka.service.notification.TopicName;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** Makes the senders to all kinds of destinations. */
public final class Destinations implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Optional<OsloNotifications> oslo;
    private final HttpDestinations http;
    private final AmqpDestinations amqp;
    private final KafkaDestinations kafka;

    /**
     * @param oslo absent if the operator has set none
     * @throws IOException when this JVM has no TLS
     */
    public Destinations(AddressGuard guard, TrustedAuthorities authorities, Optional<OsloNotifications> oslo)
            throws IOException {
        Objects.requireNonNull(guard);
        Objects.requireNonNull(authorities);
        this.oslo = Objects.requireNonNull(oslo);
        this.http = new HttpDestinations(guard, PATIENCE);
        this.amqp = new AmqpDestinations(guard, authorities);
        this.kafka = new KafkaDestinations(guard, authorities);
    }

    /**
     * A sender for the events of a topic; empty if the topic has no endpoint.
     *
     * @param project that owns the topic
     * @throws IOException when the endpoint cannot be used as it is
     */
    Optional<EventSender> sender(
            Endpoint endpoint, Optional<EndpointPassword> password, String project, TopicName topic)
            throws IOException {
        if (endpoint instanceof Endpoint.Http web) {
            return Optional.of(http.sender(web, password));
        }
        if (endpoint instanceof Endpoint.Amqp broker) {
            return Optional.of(amqp.sender(broker, password, topic));
        }
        if (endpoint instanceof Endpoint.Kafka brokers) {
            return Optional.of(kafka.sender(brokers, password, topic));
        }
        if (endpoint instanceof Endpoint.Oslo) {
            return Optional.of(amqp.sender(oslo.filter(
                            broker -> broker.projects().contains(project))
                    .orElseThrow(() -> new IOException(
                            "notifications.delivery.oslo.projects of the settings does not have the project"))));
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        http.close();
        amqp.close();
    }
}
