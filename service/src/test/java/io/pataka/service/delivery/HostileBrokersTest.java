package io.pataka.service.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.impl.FrameHandler;
import io.pataka.service.notification.Endpoint;
import io.pataka.service.notification.Endpoint.Mechanism;
import io.pataka.service.notification.EndpointPassword;
import io.pataka.service.notification.HostPort;
import io.pataka.service.notification.TopicName;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Brokers of tenants whose answers say that they have two gigabytes: a client that makes a buffer for them ends the process. */
final class HostileBrokersTest {

    private static final TopicName TOPIC = new TopicName("topic");
    private static final AddressGuard LOOPBACK =
            new AddressGuard(List.of(), List.of(Network.parse("127.0.0.0/8")), false);
    private static final List<Event> EVENTS = List.of(new Event("k", "{}".getBytes(UTF_8), Map.of()));
    private static final int LENGTH = Integer.MAX_VALUE - 8;

    private ServerSocket server;
    private final AtomicInteger connections = new AtomicInteger();
    private volatile byte[] answer = {};

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::answer);
        thread.setDaemon(true);
        thread.start();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private void answer() {
        while (true) {
            try (Socket client = server.accept()) {
                connections.incrementAndGet();
                InputStream request = client.getInputStream();
                if (request.read() >= 0) {
                    client.getOutputStream().write(answer);
                    client.getOutputStream().flush();
                    request.transferTo(OutputStream.nullOutputStream());
                }
            } catch (IOException ended) {
                if (server.isClosed()) {
                    return;
                }
            }
        }
    }

    private HostPort address() {
        return new HostPort("127.0.0.1", server.getLocalPort());
    }

    @ParameterizedTest
    @EnumSource(Mechanism.class)
    void aLongAnswerOfKafkaToALoginIsRefused(Mechanism mechanism) throws Exception {
        refusesLongAnswersOfKafka(Optional.of("user"), mechanism);
    }

    @Test
    void aLongAnswerOfKafkaIsRefused() throws Exception {
        refusesLongAnswersOfKafka(Optional.empty(), Mechanism.PLAIN);
    }

    private void refusesLongAnswersOfKafka(Optional<String> user, Mechanism mechanism) throws Exception {
        answer = ByteBuffer.allocate(8).putInt(LENGTH).putInt(0).array();
        Endpoint.Kafka endpoint = new Endpoint.Kafka(List.of(address()), Optional.empty(), user, mechanism, true);
        KafkaDestinations destinations = new KafkaDestinations(LOOPBACK, new TrustedAuthorities(Optional.empty()));
        try (EventSender sender = destinations.sender(endpoint, user.map(EndpointPassword::new), TOPIC)) {
            assertThat(sender.send(EVENTS).fault()).isPresent();
            // The thread of the client lives, and has tried again.
            assertThat(connections).hasValueGreaterThan(1);
        }
    }

    @Test
    void aLongFrameOfAmqpIsRefused() throws Exception {
        answer = ByteBuffer.allocate(8)
                .put((byte) 1)
                .putShort((short) 0)
                .putInt(LENGTH)
                .put((byte) 0)
                .array();
        FrameHandler frames = new GuardedSockets(LOOPBACK, Optional.empty(), false)
                .create(new Address("127.0.0.1", server.getLocalPort()), "connection");
        try {
            frames.sendHeader();

            assertThatThrownBy(frames::readFrame).isInstanceOf(IOException.class);
        } finally {
            frames.close();
        }
    }
}
