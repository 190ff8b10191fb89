package io.pataka.service.delivery;

import com.rabbitmq.client.BuiltinExchangeType;
import io.pataka.service.notification.Endpoint;
import io.pataka.service.notification.EndpointPassword;
import io.pataka.service.notification.TopicName;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import javax.net.ssl.SSLContext;

/** Makes the senders to AMQP 0.9.1 brokers. A connection is made only to an address that the guard admits. */
final class AmqpDestinations implements AutoCloseable {

    /** The operator has named the broker. */
    private static final AddressGuard EVERYWHERE =
            new AddressGuard(List.of(), List.of(Network.parse("0.0.0.0/0"), Network.parse("::/0")), true);

    private final AddressGuard guard;
    private final TrustedAuthorities authorities;
    private final ScheduledThreadPoolExecutor clock;

    public AmqpDestinations(AddressGuard guard, TrustedAuthorities authorities) {
        this.guard = Objects.requireNonNull(guard);
        this.authorities = Objects.requireNonNull(authorities);
        this.clock = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "event-amqp-limit");
            thread.setDaemon(true);
            return thread;
        });
        clock.setRemoveOnCancelPolicy(true);
    }

    /**
     * A sender to one destination.
     *
     * @param topic whose name is the routing key
     * @throws IOException when the topic names certificate authorities that cannot be used
     */
    EventSender sender(Endpoint.Amqp endpoint, Optional<EndpointPassword> password, TopicName topic)
            throws IOException {
        return sender(guard, endpoint, password, topic.text(), AmqpSender.Preparation.NONE);
    }

    /**
     * A sender of notifications of the cloud, to a broker in any network. As each publisher of oslo.messaging does, it declares the exchange and
     * the queue, so that nothing is lost before there is a consumer.
     *
     * @throws IOException when the certificate authorities cannot be used
     */
    EventSender sender(OsloNotifications oslo) throws IOException {
        return new OsloSender(notifications(oslo), oslo.publisher(), Clock.systemUTC());
    }

    /**
     * A sender of whole notifications, in their envelopes, otherwise as {@link #sender(OsloNotifications)}.
     *
     * @throws IOException when the certificate authorities cannot be used
     */
    EventSender notifications(OsloNotifications oslo) throws IOException {
        String queue = oslo.topic() + ".info";
        return sender(EVERYWHERE, oslo.broker(), oslo.password(), queue, channel -> {
            channel.exchangeDeclare(oslo.broker().exchange(), BuiltinExchangeType.TOPIC, oslo.durable());
            channel.queueDeclare(queue, oslo.durable(), false, false, Map.of());
            channel.queueBind(queue, oslo.broker().exchange(), queue);
        });
    }

    private EventSender sender(
            AddressGuard addresses,
            Endpoint.Amqp endpoint,
            Optional<EndpointPassword> password,
            String routingKey,
            AmqpSender.Preparation preparation)
            throws IOException {
        Optional<SSLContext> tls = endpoint.tls().isEmpty()
                ? Optional.empty()
                : Optional.of(authorities.context(endpoint.tls().get()));
        boolean verifies = endpoint.tls().isPresent() && endpoint.tls().get().verifies();
        return new AmqpSender(
                endpoint, password, routingKey, preparation, () -> new GuardedSockets(addresses, tls, verifies), clock);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
