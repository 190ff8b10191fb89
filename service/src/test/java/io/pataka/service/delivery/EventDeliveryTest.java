package io.pataka.service.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dropwizard.db.ManagedDataSource;
import io.pataka.service.encryption.KeyRing;
import io.pataka.service.encryption.KeySource;
import io.pataka.service.encryption.ObjectKeys;
import io.pataka.service.encryption.SecretSeal;
import io.pataka.service.metadata.Database;
import io.pataka.service.metadata.EventQueue;
import io.pataka.service.metadata.MariaDbEventQueue;
import io.pataka.service.testing.EmbeddedMariaDb;
import io.pataka.service.testing.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Topics and events in a real database, and an HTTP server that takes the events. */
final class EventDeliveryTest {

    private static final AddressGuard LOOPBACK =
            new AddressGuard(List.of(), List.of(Network.parse("127.0.0.0/8")), false);
    private static final DeliveryRules RULES = new DeliveryRules(4, Duration.ZERO, 0, Duration.ZERO);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final MetricRegistry metrics = new MetricRegistry();
    private final List<EventDelivery> nodes = new ArrayList<>();
    private final Map<String, List<String>> received = new ConcurrentHashMap<>();
    private final Map<String, Integer> status = new ConcurrentHashMap<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private ManagedDataSource source;
    private Database database;
    private EventQueue queue;
    private HttpServer server;

    @BeforeEach
    void open() throws Exception {
        source = EmbeddedMariaDb.shared().freshSchema().open(new MetricRegistry());
        database = new Database(source);
        queue = new MariaDbEventQueue(database);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::receive);
        server.start();
    }

    @AfterEach
    void close() throws Exception {
        released.countDown();
        nodes.forEach(EventDelivery::close);
        server.stop(0);
        source.stop();
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            if (path.startsWith("/silent")) {
                released.await();
            }
            int answer = status.getOrDefault(path, 200);
            if (answer == 200) {
                received.computeIfAbsent(path, absent -> Collections.synchronizedList(new ArrayList<>()))
                        .add(JSON.readTree(body).at("/Records/0/s3/object/key").asText());
            }
            exchange.sendResponseHeaders(answer, -1);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void startNode(DeliveryRules rules) throws IOException {
        SecretSeal seal = new SecretSeal(new ObjectKeys(KeyRing.NONE, KeySource.NONE));
        EventDelivery node = new EventDelivery(
                queue,
                new Destinations(LOOPBACK, new TrustedAuthorities(Optional.empty()), Optional.empty()),
                seal,
                "us-east-1",
                rules,
                "node-" + nodes.size(),
                metrics);
        nodes.add(node);
        node.start();
    }

    private long topic(String project, String name, Map<String, String> attributes) throws IOException {
        String json = JSON.writeValueAsString(new TreeMap<>(attributes));
        return database.write(handle -> handle.createQuery(
                        "INSERT INTO topic (account_id, name, attributes, created_at) VALUES (?, ?, ?, 0) RETURNING id")
                .bind(0, project)
                .bind(1, name)
                .bind(2, json)
                .mapTo(Long.class)
                .one());
    }

    private Map<String, String> to(String path) {
        return Map.of("push-endpoint", "http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private Map<String, String> to(String path, String attribute, String value) {
        Map<String, String> attributes = new TreeMap<>(to(path));
        attributes.put(attribute, value);
        return attributes;
    }

    private void queue(long topic, int from, int to) {
        queue(topic, from, to, Duration.ZERO);
    }

    private void queue(long topic, int from, int to, Duration age) {
        database.transact(handle -> {
            for (int i = from; i < to; i++) {
                handle.createUpdate("INSERT INTO event (topic_id, sequence, queued_at, record) VALUES (?, ?,"
                                + " CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED) - ?, ?)")
                        .bind(0, topic)
                        .bind(1, i)
                        .bind(2, age.toMillis() * 1_000)
                        .bind(
                                3,
                                ("{\"Records\":[{\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"bucket\":{\"name\":\"b\"},"
                                                + "\"object\":{\"key\":\"k" + i + "\",\"sequencer\":\"\"}}}]}")
                                        .getBytes(UTF_8))
                        .execute();
            }
            return null;
        });
    }

    private static List<String> keys(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "k" + i).toList();
    }

    private List<String> received(String path) {
        return received.getOrDefault(path, List.of());
    }

    private long count(String sql) {
        return database.read(handle -> handle.createQuery(sql).mapTo(Long.class).one());
    }

    private void awaitEmptyQueue(long topic) throws Exception {
        Eventually.holds("no event waits", () -> count("SELECT COUNT(*) FROM event WHERE topic_id = " + topic) == 0);
    }

    private long counter(String name) {
        return metrics.counter("pataka.notifications." + name).getCount();
    }

    @Test
    void sendsTheEventsOfATopicInOrder() throws Exception {
        long topic = topic("p", "t", to("/a"));
        queue(topic, 0, 250);
        startNode(RULES);

        awaitEmptyQueue(topic);
        queue(topic, 250, 260);
        awaitEmptyQueue(topic);

        assertThat(received("/a")).isEqualTo(keys(0, 260));
        Eventually.holds("all are counted", () -> counter("sent") == 260);
        assertThat(nodes.get(0).fault()).isEmpty();
    }

    /** Each topic is held by one node at a time, so nothing comes twice. */
    @Test
    void sharesTheTopicsAmongTheNodes() throws Exception {
        List<Long> topics = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            long topic = topic("project-" + i % 4, "t" + i, to("/t" + i));
            topics.add(topic);
            queue(topic, 0, 150);
        }
        startNode(RULES);
        startNode(RULES);
        for (long topic : topics) {
            queue(topic, 150, 200);
            awaitEmptyQueue(topic);
        }
        for (int i = 0; i < 12; i++) {
            assertThat(received("/t" + i)).as("topic %d", i).isEqualTo(keys(0, 200));
        }
    }

    @Test
    void triesAgainWhatWasNotTaken() throws Exception {
        status.put("/a", 500);
        long topic = topic("p", "t", to("/a", "retry_sleep_duration", "1"));
        queue(topic, 0, 3);
        startNode(RULES);

        Eventually.holds("it has failed twice", () -> count("SELECT failures FROM topic") >= 2);
        assertThat(count("SELECT COUNT(*) FROM event")).isEqualTo(3);
        status.put("/a", 200);
        awaitEmptyQueue(topic);

        assertThat(received("/a")).isEqualTo(keys(0, 3));
        Eventually.holds("the failures are forgotten", () -> count("SELECT failures FROM topic") == 0);
    }

    /** One project has more topics with silent destinations than a node has threads. */
    @Test
    void delaysNoOtherTopicWhileDestinationsDoNotAnswer() throws Exception {
        for (int i = 0; i < 12; i++) {
            queue(topic("dead", "t" + i, to("/silent" + i)), 0, 5);
        }
        startNode(RULES);
        Eventually.holds("one of them is held", () -> count("SELECT COUNT(*) FROM topic WHERE holder IS NOT NULL") > 0);

        long topic = topic("alive", "t", to("/a"));
        queue(topic, 0, 50);
        awaitEmptyQueue(topic);

        assertThat(received("/a")).isEqualTo(keys(0, 50));
        // They are still held: the other topic did not wait for them.
        assertThat(released.getCount()).isEqualTo(1);
    }

    @Test
    void dropsEventsThatAreOlderThanTheTopicAllows() throws Exception {
        long topic = topic("p", "t", to("/a", "time_to_live", "60"));
        queue(topic, 0, 5, Duration.ofMinutes(2));
        queue(topic, 5, 8);
        startNode(RULES);

        awaitEmptyQueue(topic);

        assertThat(received("/a")).isEqualTo(keys(5, 8));
        Eventually.holds("they are counted", () -> counter("expired") == 5);
    }

    @Test
    void dropsAnEventThatWasTriedAsOftenAsTheTopicAllows() throws Exception {
        status.put("/a", 500);
        Map<String, String> attributes = new TreeMap<>(to("/a", "retry_sleep_duration", "1"));
        attributes.put("max_retries", "1");
        long topic = topic("p", "t", attributes);
        queue(topic, 0, 2);
        startNode(RULES);

        awaitEmptyQueue(topic);

        assertThat(received("/a")).isEmpty();
        Eventually.holds("they are counted", () -> counter("abandoned") == 2);
        assertThat(counter("failures")).isEqualTo(4);
    }

    @Test
    void takesTheOperatorsRulesForTopicsThatSetNone() throws Exception {
        status.put("/a", 500);
        long topic = topic("p", "t", to("/a"));
        queue(topic, 0, 1);
        long old = topic("p", "u", to("/b"));
        queue(old, 0, 1, Duration.ofHours(1));
        startNode(new DeliveryRules(4, Duration.ofMinutes(1), 2, Duration.ofMillis(10)));

        awaitEmptyQueue(topic);
        awaitEmptyQueue(old);

        Eventually.holds("one was abandoned", () -> counter("abandoned") == 1);
        assertThat(counter("expired")).isEqualTo(1);
        assertThat(counter("failures")).isEqualTo(3);
    }

    @Test
    void dropsTheEventsOfATopicWithoutAnEndpoint() throws Exception {
        long topic = topic("p", "t", Map.of());
        queue(topic, 0, 3);
        startNode(RULES);

        awaitEmptyQueue(topic);

        Eventually.holds("they are counted", () -> counter("unaddressed") == 3);
    }

    @Test
    void sendsToTheNewEndpointOfATopic() throws Exception {
        status.put("/old", 500);
        long topic = topic("p", "t", to("/old"));
        queue(topic, 0, 2);
        startNode(RULES);
        Eventually.holds("it has failed", () -> count("SELECT failures FROM topic") > 0);

        String attributes = JSON.writeValueAsString(to("/new"));
        database.write(handle -> handle.createUpdate("UPDATE topic SET attributes = ?, retry_at = 0, failures = 0")
                .bind(0, attributes)
                .execute());
        awaitEmptyQueue(topic);

        assertThat(received("/new")).isEqualTo(keys(0, 2));
        assertThat(received("/old")).isEmpty();
    }

    @Test
    void leavesTheTopicsToOthersWhenItStops() throws Exception {
        queue(topic("p", "t", to("/silent")), 0, 3);
        startNode(RULES);
        Eventually.holds("it is held", () -> count("SELECT COUNT(*) FROM topic WHERE holder IS NOT NULL") == 1);

        nodes.remove(0).close();

        assertThat(count("SELECT COUNT(*) FROM topic WHERE holder IS NOT NULL")).isZero();
        assertThat(count("SELECT COUNT(*) FROM event")).isEqualTo(3);
    }
}
