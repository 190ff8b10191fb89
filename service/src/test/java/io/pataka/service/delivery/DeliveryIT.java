package io.pataka.service.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pataka.service.testing.Eventually;
import io.pataka.service.testing.NewBucket;
import io.pataka.service.testing.RabbitMq;
import io.pataka.service.testing.S3Server;
import io.pataka.service.testing.TopicClient;
import io.pataka.service.testing.TopicClient.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Event;

/** From a request that changes an object to the destination of a topic, with the whole server and Amazon's clients. */
final class DeliveryIT {

    @RegisterExtension
    static final S3Server SERVER = S3Server.own("notifications: {delivery: {allowedNetworks: [127.0.0.0/8]}}");

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static RabbitMq broker;
    private static HttpServer receiver;
    private static final Queue<HttpExchange> REQUESTS = new ConcurrentLinkedQueue<>();
    private static final Queue<JsonNode> RECORDS = new ConcurrentLinkedQueue<>();

    private final TopicClient topics = new TopicClient(SERVER, S3Server.KEYS, "sns");
    private final S3Client s3;
    private final String bucket;

    DeliveryIT(S3Client s3, @NewBucket String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    @BeforeAll
    static void startDestinations() throws Exception {
        broker = RabbitMq.in(folder);
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", DeliveryIT::receive);
        receiver.start();
    }

    @AfterAll
    static void stopDestinations() throws Exception {
        receiver.stop(0);
        broker.close();
    }

    private static void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            RECORDS.add(JSON.readTree(exchange.getRequestBody().readAllBytes()).at("/Records/0"));
            REQUESTS.add(exchange);
            exchange.sendResponseHeaders(204, -1);
        }
    }

    private void notify(String topic, String... attributes) throws Exception {
        List<String> parameters = new ArrayList<>(List.of("Name", topic));
        parameters.addAll(List.of(attributes));
        Reply created = topics.call("CreateTopic", parameters.toArray(String[]::new));
        assertThat(created.status()).as(created.text()).isEqualTo(200);
        s3.putBucketNotificationConfiguration(request -> request.bucket(bucket)
                .notificationConfiguration(all -> all.topicConfigurations(one -> one.id("all")
                        .topicArn(created.element("TopicArn"))
                        .events(Event.S3_OBJECT_CREATED, Event.S3_OBJECT_REMOVED))));
    }

    private void put(String key) {
        s3.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromString("text"));
    }

    @Test
    void sendsEventsToAWebServer() throws Exception {
        notify(
                "web",
                "push-endpoint",
                "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook",
                "cloudevents",
                "true",
                "OpaqueData",
                "mine");
        put("a b");
        s3.deleteObject(request -> request.bucket(bucket).key("a b"));

        Eventually.holds("both events have come", () -> RECORDS.size() == 2);

        JsonNode created = RECORDS.remove();
        assertThat(created.path("eventName").asText()).isEqualTo("ObjectCreated:Put");
        assertThat(created.at("/s3/bucket/name").asText()).isEqualTo(bucket);
        assertThat(created.at("/s3/object/key").asText()).isEqualTo("a+b");
        assertThat(created.path("opaqueData").asText()).isEqualTo("mine");
        JsonNode removed = RECORDS.remove();
        assertThat(removed.path("eventName").asText()).isEqualTo("ObjectRemoved:Delete");
        assertThat(removed.at("/s3/object/sequencer").asText())
                .isGreaterThan(created.at("/s3/object/sequencer").asText());
        assertThat(REQUESTS.remove().getRequestHeaders())
                .containsEntry("Ce-type", List.of("com.amazonaws.ObjectCreated:Put"))
                .containsEntry("Ce-subject", List.of("a+b"));
    }

    /** The broker is killed while objects are written; what it had confirmed is in a durable queue. */
    @Test
    void losesNoEventWhenTheBrokerIsKilled() throws Exception {
        try (Connection connection = broker.connect();
                Channel channel = connection.createChannel()) {
            channel.exchangeDeclare("events", BuiltinExchangeType.DIRECT, true);
            channel.queueDeclare("queue", true, false, false, Map.of());
            channel.queueBind("queue", "events", "broker");
        }
        notify(
                "broker",
                "push-endpoint",
                "amqp://127.0.0.1:" + broker.port(),
                "amqp-exchange",
                "events",
                "amqp-ack-level",
                "routable",
                "retry_sleep_duration",
                "1");
        for (int i = 0; i < 300; i++) {
            if (i == 100) {
                broker.kill();
            }
            put("k" + i);
        }
        broker.start();

        TreeSet<String> keys = new TreeSet<>();
        try (Connection connection = broker.connect();
                Channel channel = connection.createChannel()) {
            Eventually.holds("all events have come", () -> {
                for (GetResponse got = channel.basicGet("queue", true);
                        got != null;
                        got = channel.basicGet("queue", true)) {
                    keys.add(JSON.readTree(new String(got.getBody(), UTF_8))
                            .at("/Records/0/s3/object/key")
                            .asText());
                }
                return keys.size() == 300;
            });
        }
        assertThat(keys)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 300).mapToObj(i -> "k" + i).toList());
    }
}
