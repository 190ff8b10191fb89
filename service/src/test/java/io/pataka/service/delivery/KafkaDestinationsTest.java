package io.pataka.service.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.notification.Endpoint;
import io.pataka.service.notification.Endpoint.Mechanism;
import io.pataka.service.notification.EndpointPassword;
import io.pataka.service.notification.HostPort;
import io.pataka.service.notification.TopicName;
import io.pataka.service.testing.KafkaBroker;
import java.io.IOException;
import java.io.StreamTokenizer;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With a broker in a process of its own. */
final class KafkaDestinationsTest {

    private static final AddressGuard LOOPBACK =
            new AddressGuard(List.of(), List.of(Network.parse("127.0.0.0/8"), Network.parse("::1")), false);

    @TempDir
    private static Path folder;

    @TempDir
    private static Path offered;

    private static KafkaBroker broker;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = KafkaBroker.in(folder);
        broker.allowScram(ScramMechanism.SCRAM_SHA_256);
        broker.allowScram(ScramMechanism.SCRAM_SHA_512);
        Files.copy(broker.certificate().certificate(), offered.resolve("cloud.pem"));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    private static Endpoint.Kafka plain(boolean awaitsAck) {
        return new Endpoint.Kafka(
                List.of(new HostPort("127.0.0.1", broker.port())),
                Optional.empty(),
                Optional.empty(),
                Mechanism.PLAIN,
                awaitsAck);
    }

    private static Endpoint.Kafka secure(int port, Endpoint.Tls tls, Optional<String> user, Mechanism mechanism) {
        return new Endpoint.Kafka(List.of(new HostPort("localhost", port)), Optional.of(tls), user, mechanism, true);
    }

    private static final Endpoint.Tls OFFERED = new Endpoint.Tls(true, Optional.of("cloud.pem"));

    private static List<Event> events(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> new Event("b/k" + i % 7, ("{\"n\":" + i + "}").getBytes(UTF_8), Map.of()))
                .toList();
    }

    private static List<String> bodies(int from, int to) {
        return events(from, to).stream()
                .map(event -> new String(event.body(), UTF_8))
                .toList();
    }

    private static Sent send(
            AddressGuard guard, Endpoint.Kafka endpoint, Optional<String> password, String topic, List<Event> events)
            throws Exception {
        KafkaDestinations destinations = new KafkaDestinations(guard, new TrustedAuthorities(Optional.of(offered)));
        try (EventSender sender =
                destinations.sender(endpoint, password.map(EndpointPassword::new), new TopicName(topic))) {
            return sender.send(events);
        }
    }

    private static List<String> read(String topic, int atLeast) {
        return broker.read(topic, atLeast).stream().map(ConsumerRecord::value).toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sendsABatchInOrder(boolean awaitsAck) throws Exception {
        String topic = "order-" + awaitsAck;
        broker.makeTopic(topic, 1);

        try (EventSender sender = new KafkaDestinations(LOOPBACK, new TrustedAuthorities(Optional.empty()))
                .sender(plain(awaitsAck), Optional.empty(), new TopicName(topic))) {
            assertThat(sender.send(events(0, 300))).isEqualTo(Sent.first(300));
            assertThat(sender.send(events(300, 310))).isEqualTo(Sent.first(10));

            assertThat(read(topic, 310)).isEqualTo(bodies(0, 310));
        }
    }

    @Test
    void keepsTheEventsOfAnObjectInOnePartition() throws Exception {
        broker.makeTopic("partitions", 5);

        assertThat(send(LOOPBACK, plain(true), Optional.empty(), "partitions", events(0, 200)))
                .isEqualTo(Sent.first(200));

        List<ConsumerRecord<String, String>> records = broker.read("partitions", 200);
        assertThat(records).hasSize(200);
        assertThat(records.stream().map(ConsumerRecord::partition).distinct()).hasSizeGreaterThan(1);
        for (int object = 0; object < 7; object++) {
            String key = "b/k" + object;
            List<ConsumerRecord<String, String>> own =
                    records.stream().filter(record -> record.key().equals(key)).toList();
            assertThat(own.stream().map(ConsumerRecord::partition).distinct()).hasSize(1);
            assertThat(own)
                    .extracting(ConsumerRecord::value)
                    .isEqualTo(events(0, 200).stream()
                            .filter(event -> event.subject().equals(key))
                            .map(event -> new String(event.body(), UTF_8))
                            .toList());
        }
    }

    @Test
    void reportsATopicThatDoesNotExist() throws Exception {
        Sent sent = send(LOOPBACK, plain(true), Optional.empty(), "absent", events(0, 3));

        assertThat(sent.events()).isZero();
        assertThat(sent.fault()).get().asString().contains("absent");
    }

    @Test
    void makesNoConnectionToARefusedAddress() throws Exception {
        Sent sent =
                send(new AddressGuard(List.of(), List.of(), true), plain(true), Optional.empty(), "any", events(0, 1));

        assertThat(sent).isEqualTo(Sent.failed(0, "127.0.0.1 is in a network to which events are not sent"));
    }

    /** The name has an address that is admitted. The broker behind it tells of a broker whose address is not. */
    @Test
    void makesNoConnectionToARefusedAddressOfWhichABrokerTells() throws Exception {
        broker.makeTopic("told", 1);
        AddressGuard others = new AddressGuard(
                List.of(Network.parse("127.0.0.1")),
                List.of(Network.parse("127.0.0.0/8"), Network.parse("::1")),
                false);
        try (PortForward forward = PortForward.to(broker.port(), "127.0.0.2")) {
            Endpoint.Kafka endpoint = new Endpoint.Kafka(
                    List.of(new HostPort("127.0.0.2", forward.port())),
                    Optional.empty(),
                    Optional.empty(),
                    Mechanism.PLAIN,
                    true);

            Sent sent = send(others, endpoint, Optional.empty(), "told", events(0, 1));

            assertThat(sent).isEqualTo(Sent.failed(0, "127.0.0.1 is in a network to which events are not sent"));
            assertThat(forward.connections()).isPositive();
        }
    }

    @Test
    void verifiesTheCertificateUnlessTheTopicSaysOtherwise() throws Exception {
        broker.makeTopic("secure", 1);
        for (Endpoint.Tls tls : List.of(OFFERED, new Endpoint.Tls(false, Optional.empty()))) {
            assertThat(send(
                            LOOPBACK,
                            secure(broker.tlsPort(), tls, Optional.empty(), Mechanism.PLAIN),
                            Optional.empty(),
                            "secure",
                            events(0, 2)))
                    .isEqualTo(Sent.first(2));
        }
        assertThat(send(
                                LOOPBACK,
                                secure(
                                        broker.tlsPort(),
                                        new Endpoint.Tls(true, Optional.empty()),
                                        Optional.empty(),
                                        Mechanism.PLAIN),
                                Optional.empty(),
                                "secure",
                                events(0, 2))
                        .fault())
                .get()
                .asString()
                .contains("SSL");
        assertThat(read("secure", 4)).hasSize(4);
    }

    @ParameterizedTest
    @EnumSource(Mechanism.class)
    void logsIn(Mechanism mechanism) throws Exception {
        String topic = "login-" + mechanism.text();
        broker.makeTopic(topic, 1);
        Endpoint.Kafka endpoint = secure(broker.loginPort(), OFFERED, Optional.of(KafkaBroker.USER), mechanism);

        assertThat(send(LOOPBACK, endpoint, Optional.of(KafkaBroker.PASSWORD), topic, events(0, 3)))
                .isEqualTo(Sent.first(3));
        Sent refused = send(LOOPBACK, endpoint, Optional.of("sesame-open"), topic, events(3, 4));

        assertThat(refused.events()).isZero();
        assertThat(refused.fault()).get().asString().contains("uthentication").doesNotContain("sesame-open");
        assertThat(read(topic, 3)).isEqualTo(bodies(0, 3));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "plain", "\"; evil required; \"", "back\\slash", "line\nfeed", "tab\t1", "\u00e9\u4e16"})
    void quotesWhatALoginConfigurationWouldRead(String secret) throws IOException {
        StreamTokenizer tokens = new StreamTokenizer(new StringReader(KafkaDestinations.quoted(secret) + ";"));

        assertThat(tokens.nextToken()).isEqualTo('"');
        assertThat(tokens.sval).isEqualTo(secret);
        assertThat(tokens.nextToken()).isEqualTo(';');
    }

    @Test
    void sendsAgainWhatAKilledBrokerDidNotAcknowledge() throws Exception {
        broker.makeTopic("kill", 1);
        try (EventSender sender = new KafkaDestinations(LOOPBACK, new TrustedAuthorities(Optional.empty()))
                .sender(plain(true), Optional.empty(), new TopicName("kill"))) {
            assertThat(sender.send(events(0, 50))).isEqualTo(Sent.first(50));
            broker.kill();
            assertThat(sender.send(events(50, 60)).events()).isZero();
            assertThat(sender.send(events(50, 60)).fault()).isPresent();
            broker.start();
            assertThat(sender.send(events(50, 60))).isEqualTo(Sent.first(10));
        }
        assertThat(read("kill", 60)).containsSequence(bodies(0, 50)).containsSequence(bodies(50, 60));
    }
}
