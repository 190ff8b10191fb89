package io.pataka.service.delivery;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Address;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.impl.ForgivingExceptionHandler;
import com.rabbitmq.client.impl.FrameHandlerFactory;
import io.pataka.service.notification.Endpoint;
import io.pataka.service.notification.Endpoint.AmqpAck;
import io.pataka.service.notification.EndpointPassword;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes a batch of events and waits once for the confirmations of all. After any failure the connection is closed, and the next batch
 * gets a new one.
 */
final class AmqpSender implements EventSender {

    private static final Logger LOG = LoggerFactory.getLogger(AmqpSender.class);

    private static final Duration CONFIRMATION = Duration.ofSeconds(10);

    /** For a batch with the connection; ends also a write that a broker blocks by reading nothing. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final int HANDSHAKE_MILLIS = (int) Duration.ofSeconds(5).toMillis();
    private static final int CLOSE_MILLIS = (int) Duration.ofSeconds(1).toMillis();
    private static final int HEARTBEAT_SECONDS = 20;
    private static final int FRAME_BYTES = 128 * 1024;

    /** Of a frame or a message of the broker, which are read into memory whole. */
    static final int INBOUND_BYTES = 1024 * 1024;

    private static final String NUMBER = "pataka-number";
    private static final String GUEST = "guest";

    private final Endpoint.Amqp endpoint;
    private final Optional<EndpointPassword> password;
    private final String routingKey;
    private final Preparation preparation;
    private final Supplier<GuardedSockets> sockets;
    private final ScheduledExecutorService clock;
    private final AtomicBoolean late = new AtomicBoolean();
    private GuardedSockets socket;
    private Connection connection;
    private Channel channel;
    private Confirmations confirmations;

    /** What is done with each new channel. */
    @FunctionalInterface
    interface Preparation {
        Preparation NONE = channel -> {};

        void of(Channel channel) throws IOException;
    }

    /**
     * @param sockets makes the connections
     * @param clock ends a batch that takes too long
     */
    AmqpSender(
            Endpoint.Amqp endpoint,
            Optional<EndpointPassword> password,
            String routingKey,
            Preparation preparation,
            Supplier<GuardedSockets> sockets,
            ScheduledExecutorService clock) {
        this.endpoint = Objects.requireNonNull(endpoint);
        this.password = Objects.requireNonNull(password);
        this.routingKey = Objects.requireNonNull(routingKey);
        this.preparation = Objects.requireNonNull(preparation);
        this.sockets = Objects.requireNonNull(sockets);
        this.clock = Objects.requireNonNull(clock);
    }

    @Override
    public Sent send(List<Event> events) throws InterruptedException {
        if (channel == null || !channel.isOpen()) {
            close();
            socket = sockets.get();
        }
        GuardedSockets used = socket;
        late.set(false);
        ScheduledFuture<?> limit = clock.schedule(
                () -> {
                    late.set(true);
                    used.cut();
                },
                LIMIT.toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            Sent sent = publish(events);
            if (sent.fault().isPresent()) {
                close();
            }
            return sent;
        } catch (InterruptedException stopping) {
            close();
            throw stopping;
        } finally {
            limit.cancel(false);
        }
    }

    private Sent publish(List<Event> events) throws InterruptedException {
        Confirmations expected = null;
        try {
            open();
            expected = confirmations;
            expected.begin(channel.getNextPublishSeqNo(), events.size());
            for (Event event : events) {
                channel.basicPublish(
                        endpoint.exchange(),
                        routingKey,
                        endpoint.ack() == AmqpAck.ROUTABLE,
                        persistent(channel.getNextPublishSeqNo()),
                        event.body());
            }
            if (endpoint.ack() == AmqpAck.NONE) {
                return Sent.first(events.size());
            }
            return expected.await(CONFIRMATION);
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            return Sent.failed(expected == null ? 0 : expected.first(), fault(e));
        }
    }

    /**
     * @param number of the confirmation, which comes back with a message that is returned
     */
    private static BasicProperties persistent(long number) {
        return new BasicProperties.Builder()
                .contentType("application/json")
                .contentEncoding("utf-8")
                .deliveryMode(2)
                .headers(Map.of(NUMBER, number))
                .build();
    }

    private String fault(Exception e) {
        return late.get() ? "it took longer than " + LIMIT.toSeconds() + " s" : reason(e);
    }

    /** A closed channel says only in its cause why the broker closed it. */
    private static String reason(Throwable e) {
        Throwable cause = e instanceof AlreadyClosedException || e.getCause() == null ? e : e.getCause();
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    private void open() throws IOException, TimeoutException {
        if (channel != null) {
            return;
        }
        ConnectionFactory factory = new Factory(socket);
        factory.setUsername(endpoint.user().orElse(GUEST));
        factory.setPassword(password.map(EndpointPassword::secret).orElse(GUEST));
        factory.setVirtualHost(endpoint.virtualHost());
        factory.setAutomaticRecoveryEnabled(false);
        factory.setTopologyRecoveryEnabled(false);
        factory.setHandshakeTimeout(HANDSHAKE_MILLIS);
        factory.setChannelRpcTimeout(HANDSHAKE_MILLIS);
        factory.setShutdownTimeout(CLOSE_MILLIS);
        factory.setRequestedHeartbeat(HEARTBEAT_SECONDS);
        factory.setRequestedFrameMax(FRAME_BYTES);
        factory.setMaxInboundMessageBodySize(INBOUND_BYTES);
        factory.setExceptionHandler(new QuietExceptions());
        factory.setThreadFactory(task -> {
            Thread thread = new Thread(task, "event-amqp");
            thread.setDaemon(true);
            return thread;
        });
        connection = factory.newConnection(
                List.of(new Address(endpoint.server().host(), endpoint.server().port())), "Pataka");
        channel = connection.createChannel();
        if (channel == null) {
            throw new IOException("the broker allows no channel");
        }
        preparation.of(channel);
        confirmations = new Confirmations();
        channel.addReturnListener(returned -> {
            if (returned.getProperties().getHeaders().get(NUMBER) instanceof Long number) {
                confirmations.returned(number, returned.getReplyText());
            }
        });
        channel.addShutdownListener(confirmations::ended);
        if (endpoint.ack() != AmqpAck.NONE) {
            channel.addConfirmListener(
                    (number, multiple) -> confirmations.confirmed(number, multiple, true),
                    (number, multiple) -> confirmations.confirmed(number, multiple, false));
            channel.confirmSelect();
        }
    }

    /** Without waiting for the broker. */
    @Override
    public void close() {
        if (connection != null) {
            connection.abort(CLOSE_MILLIS);
        }
        if (socket != null) {
            socket.cut();
        }
        connection = null;
        channel = null;
        socket = null;
    }

    /** A client whose connections are made by our own class. */
    private static final class Factory extends ConnectionFactory {

        private final FrameHandlerFactory sockets;

        Factory(FrameHandlerFactory sockets) {
            this.sockets = sockets;
        }

        @Override
        protected synchronized FrameHandlerFactory createFrameHandlerFactory() {
            return sockets;
        }
    }

    /** The destinations of tenants may fail all the time, which is no warning for the operator. */
    private static final class QuietExceptions extends ForgivingExceptionHandler {

        @Override
        protected void log(String message, Throwable e) {
            LOG.debug("{}", message, e);
        }
    }
}
