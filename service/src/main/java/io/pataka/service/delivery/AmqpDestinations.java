package io.pataka.service.delivery;

import io.pataka.service.notification.Endpoint;
import io.pataka.service.notification.EndpointPassword;
import io.pataka.service.notification.TopicName;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import javax.net.ssl.SSLContext;

/** Makes the senders to AMQP 0.9.1 brokers. A connection is made only to an address that the guard admits. */
final class AmqpDestinations implements AutoCloseable {

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
        Optional<SSLContext> tls = endpoint.tls().isEmpty()
                ? Optional.empty()
                : Optional.of(authorities.context(endpoint.tls().get()));
        boolean verifies = endpoint.tls().isPresent() && endpoint.tls().get().verifies();
        return new AmqpSender(endpoint, password, topic.text(), () -> new GuardedSockets(guard, tls, verifies), clock);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
