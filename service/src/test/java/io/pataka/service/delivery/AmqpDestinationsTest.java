package io.pataka.service.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import io.pataka.service.notification.Endpoint;
import io.pataka.service.notification.Endpoint.AmqpAck;
import io.pataka.service.notification.EndpointPassword;
import io.pataka.service.notification.HostPort;
import io.pataka.service.notification.TopicName;
import io.pataka.service.testing.RabbitMq;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With a RabbitMQ node of its own. */
final class AmqpDestinationsTest {

    private static final TopicName TOPIC = new TopicName("topic-1");
    private static final String EXCHANGE = "events";
    private static final AddressGuard LOOPBACK =
            new AddressGuard(List.of(), List.of(Network.parse("127.0.0.0/8"), Network.parse("::1")), false);

    @TempDir
    private static Path folder;

    @TempDir
    private static Path offered;

    private static RabbitMq broker;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = RabbitMq.in(folder);
        Files.copy(broker.certificate().certificate(), offered.resolve("cloud.pem"));
    }

    @AfterAll
    static void stopBroker() throws Exception {
        broker.close();
    }

    @BeforeEach
    void makeEmptyQueue() throws Exception {
        try (Connection connection = broker.connect();
                Channel channel = connection.createChannel()) {
            channel.exchangeDeclare(EXCHANGE, BuiltinExchangeType.TOPIC, true);
            channel.exchangeDeclare("bare", BuiltinExchangeType.TOPIC, true);
            channel.queueDeclare("queue", true, false, false, Map.of());
            channel.queueBind("queue", EXCHANGE, TOPIC.text());
            channel.queuePurge("queue");
        }
    }

    private static Endpoint.Amqp endpoint(String exchange, AmqpAck ack) {
        return new Endpoint.Amqp(
                new HostPort("127.0.0.1", broker.port()), Optional.empty(), "/", Optional.empty(), exchange, ack);
    }

    private static Endpoint.Amqp secure(String host, Endpoint.Tls tls) {
        return new Endpoint.Amqp(
                new HostPort(host, broker.tlsPort()),
                Optional.of(tls),
                "/",
                Optional.empty(),
                EXCHANGE,
                AmqpAck.BROKER);
    }

    private static List<Event> events(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> new Event("b/k", ("{\"n\":" + i + "}").getBytes(UTF_8), Map.of()))
                .toList();
    }

    private static Sent send(AddressGuard guard, Endpoint.Amqp endpoint, List<Event> events) throws Exception {
        try (AmqpDestinations destinations = new AmqpDestinations(guard, new TrustedAuthorities(Optional.of(offered)));
                EventSender sender = destinations.sender(endpoint, Optional.empty(), TOPIC)) {
            return sender.send(events);
        }
    }

    private static List<String> queued() throws IOException, TimeoutException {
        List<String> bodies = new ArrayList<>();
        try (Connection connection = broker.connect();
                Channel channel = connection.createChannel()) {
            for (GetResponse got = channel.basicGet("queue", true);
                    got != null;
                    got = channel.basicGet("queue", true)) {
                assertThat(got.getProps().getContentType()).isEqualTo("application/json");
                assertThat(got.getProps().getDeliveryMode()).isEqualTo(2);
                bodies.add(new String(got.getBody(), UTF_8));
            }
        }
        return bodies;
    }

    private static List<String> bodies(int from, int to) {
        return events(from, to).stream()
                .map(event -> new String(event.body(), UTF_8))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(value = AmqpAck.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void publishesABatchInOrder(AmqpAck ack) throws Exception {
        assertThat(send(LOOPBACK, endpoint(EXCHANGE, ack), events(0, 300))).isEqualTo(Sent.first(300));

        assertThat(queued()).isEqualTo(bodies(0, 300));
    }

    @Test
    void usesItsConnectionForTheNextBatch() throws Exception {
        try (AmqpDestinations destinations = new AmqpDestinations(LOOPBACK, new TrustedAuthorities(Optional.empty()));
                EventSender sender = destinations.sender(endpoint(EXCHANGE, AmqpAck.BROKER), Optional.empty(), TOPIC)) {
            assertThat(sender.send(events(0, 5))).isEqualTo(Sent.first(5));
            assertThat(sender.send(events(5, 9))).isEqualTo(Sent.first(4));
        }
        assertThat(queued()).isEqualTo(bodies(0, 9));
    }

    /** The broker confirms a message that goes into no queue. */
    @Test
    void takesAnUnroutableMessageForDeliveredOnlyIfTheTopicSaysSo() throws Exception {
        assertThat(send(LOOPBACK, endpoint("bare", AmqpAck.BROKER), events(0, 3)))
                .isEqualTo(Sent.first(3));

        Sent sent = send(LOOPBACK, endpoint("bare", AmqpAck.ROUTABLE), events(0, 3));

        assertThat(sent.events()).isZero();
        assertThat(sent.fault()).contains("the broker has no queue for it: NO_ROUTE");
    }

    @Test
    void reportsAnExchangeThatDoesNotExist() throws Exception {
        Sent sent = send(LOOPBACK, endpoint("absent", AmqpAck.BROKER), events(0, 3));

        assertThat(sent.events()).isZero();
        assertThat(sent.fault()).get().asString().contains("NOT_FOUND");
    }

    @Test
    void reportsAWrongPasswordWithoutIt() throws Exception {
        Endpoint.Amqp endpoint = new Endpoint.Amqp(
                new HostPort("127.0.0.1", broker.port()),
                Optional.empty(),
                "/",
                Optional.of("guest"),
                EXCHANGE,
                AmqpAck.BROKER);
        try (AmqpDestinations destinations = new AmqpDestinations(LOOPBACK, new TrustedAuthorities(Optional.empty()));
                EventSender sender =
                        destinations.sender(endpoint, Optional.of(new EndpointPassword("sesame-open")), TOPIC)) {
            Sent sent = sender.send(events(0, 1));

            assertThat(sent.events()).isZero();
            assertThat(sent.fault()).get().asString().contains("ACCESS_REFUSED").doesNotContain("sesame-open");
        }
    }

    @Test
    void makesNoConnectionToARefusedAddress() throws Exception {
        Sent sent =
                send(new AddressGuard(List.of(), List.of(), true), endpoint(EXCHANGE, AmqpAck.BROKER), events(0, 1));

        assertThat(sent).isEqualTo(Sent.failed(0, "127.0.0.1 is in a network to which events are not sent"));
        assertThat(queued()).isEmpty();
    }

    @Test
    void givesUpOnAServerThatDoesNotAnswer() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Endpoint.Amqp endpoint = new Endpoint.Amqp(
                    new HostPort("127.0.0.1", silent.getLocalPort()),
                    Optional.empty(),
                    "/",
                    Optional.empty(),
                    EXCHANGE,
                    AmqpAck.BROKER);

            Sent sent = send(LOOPBACK, endpoint, events(0, 1));

            assertThat(sent.events()).isZero();
            assertThat(sent.fault()).isPresent();
        }
    }

    @Test
    void verifiesTheCertificateUnlessTheTopicSaysOtherwise() throws Exception {
        Endpoint.Tls offeredOnes = new Endpoint.Tls(true, Optional.of("cloud.pem"));

        assertThat(send(LOOPBACK, secure("localhost", offeredOnes), events(0, 2)))
                .isEqualTo(Sent.first(2));
        assertThat(send(LOOPBACK, secure("127.0.0.1", new Endpoint.Tls(false, Optional.empty())), events(2, 3)))
                .isEqualTo(Sent.first(1));
        assertThat(queued()).isEqualTo(bodies(0, 3));
        assertThat(send(LOOPBACK, secure("localhost", new Endpoint.Tls(true, Optional.empty())), events(0, 1))
                        .fault())
                .get()
                .asString()
                .contains("PKIX");
    }

    @Test
    void usesOnlyFilesOfTheOperatorsDirectory() throws Exception {
        Files.writeString(offered.resolve("empty.pem"), "");
        for (String name : List.of("absent.pem", "../" + offered.getFileName() + "/cloud.pem", "..", "empty.pem")) {
            assertThatThrownBy(() -> send(
                            LOOPBACK, secure("localhost", new Endpoint.Tls(true, Optional.of(name))), events(0, 1)))
                    .as(name)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void sendsAgainWhatAKilledBrokerDidNotConfirm() throws Exception {
        try (AmqpDestinations destinations = new AmqpDestinations(LOOPBACK, new TrustedAuthorities(Optional.empty()));
                EventSender sender = destinations.sender(endpoint(EXCHANGE, AmqpAck.BROKER), Optional.empty(), TOPIC)) {
            assertThat(sender.send(events(0, 50))).isEqualTo(Sent.first(50));
            broker.kill();
            assertThat(sender.send(events(50, 60)).events()).isZero();
            assertThat(sender.send(events(50, 60)).fault()).isPresent();
            broker.start();
            assertThat(sender.send(events(50, 60))).isEqualTo(Sent.first(10));
        }
        assertThat(queued()).containsSequence(bodies(0, 50)).containsSequence(bodies(50, 60));
    }

    /** What a consumer of oslo.messaging reads: JSON in JSON, in a queue that the publisher has made. */
    @Test
    void sendsNotificationsOfTheCloud() throws Exception {
        OsloNotifications oslo = OsloNotifications.of(
                "rabbit://guest:guest@127.0.0.1:" + broker.port() + "//",
                false,
                Optional.empty(),
                "pataka",
                "metering",
                false,
                "pataka.node-1",
                List.of());
        Event event = new Event(
                "k",
                "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"object\":{\"key\":\"k\"}}}]}"
                        .getBytes(UTF_8),
                Map.of());
        // The guard is for tenants, and the operator has named this broker.
        AddressGuard strict = new AddressGuard(List.of(), List.of(), false);
        try (AmqpDestinations destinations = new AmqpDestinations(strict, new TrustedAuthorities(Optional.empty()));
                EventSender sender = destinations.sender(oslo)) {
            assertThat(sender.send(List.of(event))).isEqualTo(Sent.first(1));
            assertThat(sender.send(List.of(event))).isEqualTo(Sent.first(1));
        }

        JsonNode first = notification("metering.info");
        assertThat(first.path("event_type").asText()).isEqualTo("objectstore.ObjectCreated.Put");
        assertThat(first.path("publisher_id").asText()).isEqualTo("pataka.node-1");
        assertThat(first.path("priority").asText()).isEqualTo("INFO");
        assertThat(first.at("/payload/s3/object/key").asText()).isEqualTo("k");
        assertThat(first.path("timestamp").asText()).matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{6}");
        JsonNode again = notification("metering.info");
        assertThat(again.path("message_id")).isEqualTo(first.path("message_id"));
    }

    private static JsonNode notification(String queue) throws IOException, TimeoutException {
        ObjectMapper json = new ObjectMapper();
        try (Connection connection = broker.connect();
                Channel channel = connection.createChannel()) {
            GetResponse got = channel.basicGet(queue, true);
            assertThat(got.getProps().getContentType()).isEqualTo("application/json");
            JsonNode envelope = json.readTree(got.getBody());
            assertThat(envelope.path("oslo.version").asText()).isEqualTo("2.0");
            return json.readTree(envelope.path("oslo.message").asText());
        }
    }

    @Test
    void readsTransportUrls() {
        OsloNotifications oslo = OsloNotifications.of(
                "rabbit://user:p%40ss@mq.example/cloud",
                true, Optional.of("ca.pem"), "pataka", "n", true, "p", List.of());

        assertThat(oslo.broker())
                .isEqualTo(new Endpoint.Amqp(
                        new HostPort("mq.example", 5671),
                        Optional.of(new Endpoint.Tls(true, Optional.of("ca.pem"))),
                        "cloud",
                        Optional.of("user"),
                        "pataka",
                        AmqpAck.BROKER));
        assertThat(oslo.password()).contains(new EndpointPassword("p@ss"));
        assertThat(oslo).asString().doesNotContain("p@ss");
        for (String wrong : List.of("", "amqp://host", "rabbit://", "rabbit://a b", "rabbit:host")) {
            assertThatThrownBy(() ->
                            OsloNotifications.of(wrong, false, Optional.empty(), "pataka", "n", false, "p", List.of()))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
