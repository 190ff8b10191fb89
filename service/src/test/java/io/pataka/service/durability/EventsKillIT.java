package io.pataka.service.durability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pataka.service.metadata.DatabaseSettings;
import io.pataka.service.testing.AccessKeys;
import io.pataka.service.testing.EmbeddedMariaDb;
import io.pataka.service.testing.QueuedEvents;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.ServerProcess;
import io.pataka.service.testing.ServerSettings;
import java.io.IOException;
import java.nio.file.Path;
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
 * Every acknowledged write has its event and its line in the journal, and none tells of a write that was not made, whatever is killed in
 * between: the server alone, or server and database. Log objects are written meanwhile, and no line is lost or doubled on its way into them.
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
        try (EmbeddedMariaDb database = EmbeddedMariaDb.separate()) {
            port = ServerProcess.freePort();
            DatabaseSettings schema = database.schema("pataka");
            settings = ServerSettings.forTests(folder, port, schema, KEYS);
            String topic = createBuckets(schema);
            for (int kill = 1; kill <= KILLS; kill++) {
                boolean databaseToo = kill % 3 == 0;
                try (ServerProcess server = start()) {
                    writeUntilKilled(threads, server, kill, databaseToo ? Optional.of(database) : Optional.empty());
                }
                if (databaseToo) {
                    database.start();
                }
            }
            try (ServerProcess server = start();
                    QueuedEvents queue = new QueuedEvents(schema)) {
                check(queue.of(topic));
                checkJournal();
                assertThat(server.stop(PATIENCE)).isEqualTo(143);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(puts).hasValueGreaterThanOrEqualTo(PUTS);
    }

    private ServerProcess start() throws IOException, InterruptedException {
        ServerProcess server = ServerProcess.start(
                JVM,
                List.of("io.pataka.service.PatakaApplication", "server", settings.toString()),
                folder.resolve("server.log"));
        server.awaitListening(port, PATIENCE);
        return server;
    }

    private String createBuckets(DatabaseSettings schema) throws Exception {
        try (ServerProcess server = start();
                QueuedEvents queue = new QueuedEvents(schema);
                S3Connection connection = new S3Connection(port, KEYS)) {
            String topic = queue.topic("development", "events-kill", "{}");
            String notifications = "<NotificationConfiguration><TopicConfiguration><Id>all</Id><Topic>" + topic
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
            return topic;
        }
    }

    private static void send(S3Connection connection, String target, String body) throws IOException {
        Reply reply = connection.call("PUT", target, Map.of(), Body.of(body.getBytes(UTF_8)));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    }

    private void writeUntilKilled(
            ExecutorService threads, ServerProcess server, int kill, Optional<EmbeddedMariaDb> database)
            throws Exception {
        List<Future<Void>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            Writer writer = new Writer(BUCKETS.get(i % BUCKETS.size()), "writer-" + i, random.nextLong());
            writers.add(threads.submit(() -> {
                writer.writeUntilTheServerIsGone();
                return null;
            }));
        }
        while (puts.get() < PUTS * kill / KILLS && writers.stream().noneMatch(Future::isDone)) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        if (random.nextBoolean()) {
            database.ifPresent(EmbeddedMariaDb::kill);
        }
        server.kill();
        database.ifPresent(EmbeddedMariaDb::kill);
        for (Future<Void> writer : writers) {
            writer.get(30, TimeUnit.SECONDS);
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

    private void checkJournal() throws IOException {
        List<String> puts = new ArrayList<>();
        try (S3Connection connection = new S3Connection(port, KEYS)) {
            Reply flushed = connection.call("POST", "/" + BUCKETS.get(0) + "?logging=");
            assertThat(flushed.status()).as(flushed.text()).isEqualTo(200);
            List<String> keys = keys(connection);
            assertThat(keys).as("log objects, some written between kills").hasSizeGreaterThan(KILLS / 2);
            for (String key : keys) {
                for (String line :
                        connection.call("GET", "/" + LOGS + "/" + key).text().split("\n")) {
                    String[] fields = line.split(" ");
                    if (line.contains("REST.PUT.OBJECT")) {
                        puts.add(fields[1] + "/" + fields[5] + " " + fields[8]);
                    }
                }
            }
        }
        assertThat(puts).doesNotHaveDuplicates();
        assertThat(new HashSet<>(puts)).containsAll(written);
    }

    private static List<String> keys(S3Connection connection) throws IOException {
        List<String> keys = new ArrayList<>();
        String listing;
        do {
            String after = keys.isEmpty() ? "" : "&start-after=" + keys.get(keys.size() - 1);
            listing = connection
                    .call("GET", "/" + LOGS + "?list-type=2&prefix=journal/" + after)
                    .text();
            Matcher key = KEY.matcher(listing);
            while (key.find()) {
                keys.add(key.group(1));
            }
        } while (listing.contains("<IsTruncated>true</IsTruncated>"));
        return keys;
    }

    private void check(List<JsonNode> events) throws IOException {
        Map<String, Long> ofRequest = events.stream()
                .collect(Collectors.groupingBy(
                        event -> event.at("/responseElements/x-amz-request-id").asText(), Collectors.counting()));
        assertThat(ofRequest.values()).as("events of a request").containsOnly(1L);
        assertThat(ofRequest.keySet()).containsAll(acknowledged);

        Map<String, JsonNode> last = new TreeMap<>();
        events.forEach(event -> last.put(
                "/" + event.at("/s3/bucket/name").asText() + "/"
                        + event.at("/s3/object/key").asText(),
                event));
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
