package io.pataka.service.durability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import io.pataka.service.metadata.DatabaseSettings;
import io.pataka.service.testing.AccessKeys;
import io.pataka.service.testing.EmbeddedMariaDb;
import io.pataka.service.testing.Eventually;
import io.pataka.service.testing.QueuedEvents;
import io.pataka.service.testing.RabbitMq;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.ServerProcess;
import io.pataka.service.testing.ServerSettings;
import io.pataka.service.testing.TopicClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every acknowledged write has its event and its line in the journal, and none is of a write that was not made, whatever is killed in
 * between: the server, the database, the broker that gets the events, or all of them. Log objects are written meanwhile, and no line is lost
 * or doubled on its way into them. An event may arrive at the broker twice, but those of a key arrive in the order of its changes.
 */
final class EventsKillIT {

    private static final int PUTS = 10_000;
    private static final int KILLS = 12;
    private static final int WRITERS = 6;
    private static final int KEYS_OF_EACH = 20;
    private static final AccessKeys KEYS =
            new AccessKeys("EVENTSKILL0000000000", "a-secret-of-forty-characters-0123456789x");

    /** Without versioning a write and its records are one statement; with versioning they are a transaction. */
    private static final List<String> BUCKETS = List.of("plain", "versions");

    private static final Pattern KEY = Pattern.compile("<Key>([^<]+)</Key>");

    private static final String LOGS = "logs";

    private static final String LET_LOG = """
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:PutObject",
             "Principal": {"Service": "logging.s3.amazonaws.com"}, "Resource": "arn:aws:s3:::logs/*"}]}""";

    private static final String JOURNAL = "<BucketLoggingStatus><LoggingEnabled><TargetBucket>" + LOGS
            + "</TargetBucket><TargetPrefix>journal/</TargetPrefix><LoggingType>Journal</LoggingType>"
            + "<ObjectRollTime>5</ObjectRollTime></LoggingEnabled></BucketLoggingStatus>";

    private static final String QUEUE = "events";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Options for a fast start, not for speed later. */
    private static final List<String> JVM = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final Random random = new Random(16);
    private final AtomicInteger puts = new AtomicInteger();

    /** The ids of the requests whose writes were acknowledged. */
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

    /** Bucket, key and entity tag of each acknowledged write. The content of each is its own. */
    private final Set<String> written = ConcurrentHashMap.newKeySet();

    private int port;
    private Path settings;

    @Test
    void everyAcknowledgedWriteHasItsRecords() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try (EmbeddedMariaDb database = EmbeddedMariaDb.separate();
                RabbitMq broker = RabbitMq.in(Files.createDirectory(folder.resolve("broker")))) {
            port = ServerProcess.freePort();
            DatabaseSettings schema = database.schema("pataka");
            settings = ServerSettings.forTests(folder, port, schema, KEYS);
            Files.writeString(
                    settings,
                    "notifications: {delivery: {allowedNetworks: [127.0.0.0/8]}}\n",
                    UTF_8,
                    StandardOpenOption.APPEND);
            Topics topics = createBuckets(schema, broker);
            boolean brokerIsDown = false;
            for (int kill = 1; kill <= KILLS; kill++) {
                boolean databaseToo = kill % 3 == 0;
                boolean brokerToo = kill % 4 == 1;
                try (ServerProcess server = start()) {
                    if (brokerIsDown) {
                        broker.start();
                    }
                    writeUntilKilled(
                            threads,
                            server,
                            kill,
                            databaseToo ? Optional.of(database) : Optional.empty(),
                            brokerToo ? Optional.of(broker) : Optional.empty());
                }
                brokerIsDown = brokerToo;
                if (databaseToo) {
                    database.start();
                }
                endLeases(database);
            }
            try (ServerProcess server = start();
                    QueuedEvents queue = new QueuedEvents(schema)) {
                List<JsonNode> events = queue.of(topics.kept());
                check(events);
                Eventually.holds(
                        "all events are sent", () -> queue.of(topics.sent()).isEmpty());
                checkArrived(arrived(broker), events);
                checkJournal();
                assertThat(server.stop(PATIENCE)).isEqualTo(143);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(puts).hasValueGreaterThanOrEqualTo(PUTS);
    }

    /** As time does: the leases of the process that was killed have up to two minutes. */
    private static void endLeases(EmbeddedMariaDb database) {
        database.execute("UPDATE `pataka`.job_lease SET expires_at = 0");
        database.execute("UPDATE `pataka`.topic SET leased_until = 0 WHERE name = 'events-sent'");
        database.execute("UPDATE `pataka`.log_roll SET leased_until = 0");
    }

    private ServerProcess start() throws IOException, InterruptedException {
        ServerProcess server = ServerProcess.start(
                JVM,
                List.of("io.pataka.service.PatakaApplication", "server", settings.toString()),
                folder.resolve("server.log"));
        server.awaitListening(port, PATIENCE);
        return server;
    }

    /**
     * The topics of both buckets.
     *
     * @param kept its events stay in the database
     * @param sent its events are sent to the broker
     */
    private record Topics(String kept, String sent) {}

    private Topics createBuckets(DatabaseSettings schema, RabbitMq broker) throws Exception {
        try (ServerProcess server = start();
                QueuedEvents queue = new QueuedEvents(schema);
                S3Connection connection = new S3Connection(port, KEYS)) {
            Topics topics = new Topics(queue.topic("development", "events-kept", "{}"), createTopicOf(broker));
            String notifications = "<NotificationConfiguration><TopicConfiguration><Id>kept</Id><Topic>" + topics.kept()
                    + "</Topic></TopicConfiguration><TopicConfiguration><Id>sent</Id><Topic>" + topics.sent()
                    + "</Topic></TopicConfiguration></NotificationConfiguration>";
            send(connection, "/" + LOGS, "");
            assertThat(connection
                            .call("PUT", "/" + LOGS + "?policy=", Map.of(), Body.of(LET_LOG.getBytes(UTF_8)))
                            .status())
                    .isEqualTo(204);
            for (String bucket : BUCKETS) {
                send(connection, "/" + bucket, "");
                send(connection, "/" + bucket + "?logging=", JOURNAL);
                send(connection, "/" + bucket + "?notification=", notifications);
            }
            send(
                    connection,
                    "/versions?versioning=",
                    "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
            server.stop(PATIENCE);
            return topics;
        }
    }

    private String createTopicOf(RabbitMq broker) throws Exception {
        try (Connection connection = broker.connect();
                Channel channel = connection.createChannel()) {
            channel.exchangeDeclare("changes", BuiltinExchangeType.FANOUT, true);
            channel.queueDeclare(QUEUE, true, false, false, Map.of());
            channel.queueBind(QUEUE, "changes", "");
        }
        TopicClient.Reply created = new TopicClient(URI.create("http://127.0.0.1:" + port), KEYS, "sns")
                .call(
                        "CreateTopic",
                        "Name",
                        "events-sent",
                        "push-endpoint",
                        "amqp://127.0.0.1:" + broker.port(),
                        "amqp-exchange",
                        "changes",
                        "amqp-ack-level",
                        "broker",
                        "retry_sleep_duration",
                        "1");
        assertThat(created.status()).as(created.text()).isEqualTo(200);
        return created.element("TopicArn");
    }

    private static void send(S3Connection connection, String target, String body) throws IOException {
        Reply reply = connection.call("PUT", target, Map.of(), Body.of(body.getBytes(UTF_8)));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    }

    private void writeUntilKilled(
            ExecutorService threads,
            ServerProcess server,
            int kill,
            Optional<EmbeddedMariaDb> database,
            Optional<RabbitMq> broker)
            throws Exception {
        List<Future<Void>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            Writer writer = new Writer(BUCKETS.get(i % BUCKETS.size()), "writer-" + i, random.nextLong());
            writers.add(threads.submit(() -> {
                writer.writeUntilTheServerIsGone();
                return null;
            }));
        }
        if (broker.isPresent()) {
            await(PUTS * (2 * kill - 1) / (2 * KILLS), writers);
            broker.get().kill();
        }
        await(PUTS * kill / KILLS, writers);
        if (random.nextBoolean()) {
            database.ifPresent(EmbeddedMariaDb::kill);
        }
        server.kill();
        database.ifPresent(EmbeddedMariaDb::kill);
        for (Future<Void> writer : writers) {
            writer.get(30, TimeUnit.SECONDS);
        }
    }

    private void await(int enough, List<Future<Void>> writers) throws InterruptedException {
        while (puts.get() < enough && writers.stream().noneMatch(Future::isDone)) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** Writes, overwrites and deletes keys of its own. */
    private final class Writer {
        private final String bucket;
        private final String name;
        private final Random own;

        Writer(String bucket, String name, long seed) {
            this.bucket = bucket;
            this.name = name;
            this.own = new Random(seed);
        }

        void writeUntilTheServerIsGone() {
            try (S3Connection connection = new S3Connection(port, KEYS)) {
                while (true) {
                    String target = "/" + bucket + "/" + name + "/" + own.nextInt(KEYS_OF_EACH);
                    if (own.nextInt(10) == 0) {
                        accept(connection.call("DELETE", target), 204);
                    } else {
                        byte[] content = new byte[20 + own.nextInt(2000)];
                        own.nextBytes(content);
                        Reply reply = connection.call("PUT", target, Map.of(), Body.of(content));
                        if (accept(reply, 200)) {
                            acknowledged.add(reply.header("x-amz-request-id").orElseThrow());
                            written.add(target.substring(1) + " "
                                    + unquoted(reply.header("etag").orElseThrow()));
                            puts.incrementAndGet();
                        }
                    }
                }
            } catch (IOException theServerIsGone) {
                // As it should be.
            }
        }

        private boolean accept(Reply reply, int success) {
            assertThat(reply.status()).as(reply.text()).isIn(success, 503);
            return reply.status() == success;
        }
    }

    private static String unquoted(String etag) {
        return etag.replace("\"", "");
    }

    /** The records that the broker has, in its order. */
    private static List<JsonNode> arrived(RabbitMq broker) throws Exception {
        List<JsonNode> records = new ArrayList<>();
        try (Connection connection = broker.connect();
                Channel channel = connection.createChannel()) {
            for (GetResponse got = channel.basicGet(QUEUE, true); got != null; got = channel.basicGet(QUEUE, true)) {
                records.add(JSON.readTree(got.getBody()).at("/Records/0"));
            }
        }
        return records;
    }

    private static void checkArrived(List<JsonNode> arrived, List<JsonNode> events) {
        assertThat(arrived.stream().map(EventsKillIT::requestId).collect(Collectors.toSet()))
                .isEqualTo(events.stream().map(EventsKillIT::requestId).collect(Collectors.toSet()));

        Set<String> ids = new HashSet<>();
        Map<String, List<String>> sequencers = new TreeMap<>();
        for (JsonNode record : arrived) {
            if (ids.add(record.path("eventId").asText())) {
                sequencers
                        .computeIfAbsent(target(record), key -> new ArrayList<>())
                        .add(record.at("/s3/object/sequencer").asText());
            }
        }
        assertThat(ids).hasSameSizeAs(events);
        assertThat(sequencers).hasSize(WRITERS * KEYS_OF_EACH);
        sequencers.forEach((key, ofKey) -> assertThat(ofKey).as(key).isSorted().doesNotHaveDuplicates());
    }

    private static String requestId(JsonNode record) {
        return record.at("/responseElements/x-amz-request-id").asText();
    }

    private static String target(JsonNode record) {
        return "/" + record.at("/s3/bucket/name").asText() + "/"
                + record.at("/s3/object/key").asText();
    }

    private void checkJournal() throws Exception {
        List<String> puts = new ArrayList<>();
        try (S3Connection connection = new S3Connection(port, KEYS)) {
            // It fails until the lease of an object is over that a killed process was writing.
            Eventually.holds(
                    "the rest of the journal is written",
                    () -> connection
                                    .call("POST", "/" + BUCKETS.get(0) + "?logging=")
                                    .status()
                            == 200);
            List<String> keys = keys(connection);
            assertThat(keys).as("log objects, some written between kills").hasSizeGreaterThan(KILLS / 2);
            for (String key : keys) {
                get(connection, "/" + LOGS + "/" + key)
                        .lines()
                        .filter(line -> line.contains("REST.PUT.OBJECT"))
                        .map(line -> List.of(line.split(" ", -1)))
                        .forEach(fields -> puts.add(fields.get(1) + "/" + fields.get(5) + " " + fields.get(8)));
            }
        }
        assertThat(puts).doesNotHaveDuplicates();
        assertThat(new HashSet<>(puts)).containsAll(written);
    }

    private static String get(S3Connection connection, String target) throws IOException {
        Reply found = connection.call("GET", target);
        assertThat(found.status()).as(found.text()).isEqualTo(200);
        return found.text();
    }

    private static List<String> keys(S3Connection connection) throws IOException {
        List<String> keys = new ArrayList<>();
        String listing;
        do {
            String after = keys.isEmpty()
                    ? ""
                    : "&start-after=" + keys.get(keys.size() - 1).replace("/", "%2F");
            listing = get(connection, "/" + LOGS + "?list-type=2&prefix=journal%2F" + after);
            Matcher key = KEY.matcher(listing);
            while (key.find()) {
                keys.add(key.group(1));
            }
        } while (listing.contains("<IsTruncated>true</IsTruncated>"));
        return keys;
    }

    private void check(List<JsonNode> events) throws IOException {
        Map<String, Long> ofRequest =
                events.stream().collect(Collectors.groupingBy(EventsKillIT::requestId, Collectors.counting()));
        assertThat(ofRequest.values()).as("events of a request").containsOnly(1L);
        assertThat(ofRequest.keySet()).containsAll(acknowledged);

        Map<String, JsonNode> last = new TreeMap<>();
        events.forEach(event -> last.put(target(event), event));
        assertThat(last).hasSize(WRITERS * KEYS_OF_EACH);
        try (S3Connection connection = new S3Connection(port, KEYS)) {
            for (Map.Entry<String, JsonNode> key : last.entrySet()) {
                Reply now = connection.call("GET", key.getKey());
                String etag =
                        now.status() == 404 ? "" : unquoted(now.header("etag").orElseThrow());
                assertThat(key.getValue().at("/s3/object/eTag").asText())
                        .as("of the last event of %s: %s", key.getKey(), key.getValue())
                        .isEqualTo(etag);
            }
        }
    }
}
