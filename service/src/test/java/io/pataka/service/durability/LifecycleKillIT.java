package io.pataka.service.durability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.testing.AccessKeys;
import io.pataka.service.testing.EmbeddedMariaDb;
import io.pataka.service.testing.Eventually;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.ServerProcess;
import io.pataka.service.testing.ServerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of the server, and of server and database, while sweeps remove and move what clients overwrite. Nothing that was
 * acknowledged is lost before it is due, nothing that is locked is lost at all, and in the end all rules are carried out.
 */
final class LifecycleKillIT {

    private static final int KILLS = 20;
    private static final Duration DAY = Duration.ofSeconds(2);
    private static final AccessKeys KEYS =
            new AccessKeys("LIFECYCLEKILL0000000", "a-secret-of-forty-characters-0123456789x");
    private static final List<String> JVM = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern VERSION = Pattern.compile(
            "<(Version|DeleteMarker)>.*?<Key>([^<]+)</Key>.*?<VersionId>([^<]+)</VersionId>.*?</\\1>", Pattern.DOTALL);
    private static final Pattern STORED = Pattern.compile("<StorageClass>([^<]+)</StorageClass>");

    /** Moved at once. */
    private static final String MOVING = "moving";

    /** Keys below {@code old/} expire after a day. */
    private static final String EXPIRING = "expiring";

    /** Two noncurrent versions of a key stay. */
    private static final String VERSIONED = "versioned";

    /** Everything expires after a day, but a lock keeps some. */
    private static final String LOCKED = "locked";

    private static final int NEWEST = 2;

    private static final int KEYS_WITH_VERSIONS = 8;
    private static final int MOST_LOCKED = 80;

    @TempDir
    private Path folder;

    private final AtomicInteger numbers = new AtomicInteger();
    private final Random random = new Random(15);
    private final List<Ledger> moving = new ArrayList<>();
    private final Ledger staying = new Ledger();
    private final Expiring expiring = new Expiring();
    private final Versions versions = new Versions(VERSIONED);
    private final Versions locked = new Versions(LOCKED);

    private int port;
    private Path settings;
    private int movedSeen;

    @Test
    void rulesAreCarriedOutAndNothingElseIsLostInTwentyKills() throws Exception {
        for (int i = 0; i < 2; i++) {
            Ledger ledger = new Ledger();
            for (int k = 0; k < 30; k++) {
                ledger.add("writer-" + i + "/key-" + k);
            }
            moving.add(ledger);
        }
        for (int k = 0; k < 10; k++) {
            staying.add("staying/" + k);
        }
        ExecutorService threads = Executors.newCachedThreadPool();
        try (EmbeddedMariaDb database = EmbeddedMariaDb.separate()) {
            port = ServerProcess.freePort();
            settings = ServerSettings.forTests(folder, port, database.schema("pataka"), KEYS);
            ServerSettings.replace(settings, "logging:", "lifecycle: {day: " + DAY.toSeconds() + "s}\nlogging:");
            try (ServerProcess server = start()) {
                createBuckets();
                writeUntilKilled(threads, server, Optional.empty());
            }
            for (int kill = 2; kill <= KILLS; kill++) {
                boolean databaseToo = kill % 4 == 0;
                endLeases(database);
                try (ServerProcess server = start()) {
                    check(kill);
                    writeUntilKilled(threads, server, databaseToo ? Optional.of(database) : Optional.empty());
                }
                if (databaseToo) {
                    database.start();
                }
            }
            endLeases(database);
            try (ServerProcess server = start()) {
                check(KILLS + 1);
                awaitAllRules();
                check(KILLS + 2);
                assertThat(server.stop(PATIENCE)).isEqualTo(143);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(movedSeen).as("objects that were moved when they were read").isPositive();
        assertThat(moving)
                .allSatisfy(ledger -> assertThat(ledger.acknowledgements()).isGreaterThan(KILLS));
    }

    /** As time does: the leases of the process that was killed have two minutes. */
    private static void endLeases(EmbeddedMariaDb database) {
        database.execute("UPDATE `pataka`.bucket_turn SET expires_at = 0");
    }

    private ServerProcess start() throws IOException, InterruptedException {
        ServerProcess server = ServerProcess.start(
                JVM,
                List.of("io.pataka.service.PatakaApplication", "server", settings.toString()),
                folder.resolve("server.log"));
        server.awaitListening(port, PATIENCE);
        return server;
    }

    private void createBuckets() throws IOException, GeneralSecurityException {
        try (S3Connection connection = new S3Connection(port, KEYS)) {
            for (String bucket : List.of(MOVING, EXPIRING, VERSIONED)) {
                send(connection, "PUT", "/" + bucket, Map.of(), "");
            }
            send(connection, "PUT", "/" + LOCKED, Map.of("x-amz-bucket-object-lock-enabled", "true"), "");
            send(
                    connection,
                    "PUT",
                    "/" + VERSIONED + "?versioning=",
                    Map.of(),
                    "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
            rules(
                    connection,
                    MOVING,
                    "",
                    "<Transition><Days>0</Days><StorageClass>STANDARD_IA</StorageClass></Transition>");
            rules(connection, EXPIRING, "old/", "<Expiration><Days>1</Days></Expiration>");
            rules(
                    connection,
                    VERSIONED,
                    "",
                    "<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays><NewerNoncurrentVersions>" + NEWEST
                            + "</NewerNoncurrentVersions></NoncurrentVersionExpiration>");
            rules(
                    connection,
                    LOCKED,
                    "",
                    "<Expiration><Days>1</Days></Expiration><NoncurrentVersionExpiration><NoncurrentDays>1"
                            + "</NoncurrentDays></NoncurrentVersionExpiration>");
        }
    }

    private static void rules(S3Connection connection, String bucket, String prefix, String actions)
            throws IOException, GeneralSecurityException {
        String document = "<LifecycleConfiguration><Rule><ID>rule</ID><Filter><Prefix>" + prefix
                + "</Prefix></Filter><Status>Enabled</Status>" + actions + "</Rule></LifecycleConfiguration>";
        send(
                connection,
                "PUT",
                "/" + bucket + "?lifecycle=",
                Map.of("content-md5", md5(document.getBytes(UTF_8))),
                document);
    }

    private static String md5(byte[] bytes) throws GeneralSecurityException {
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("MD5").digest(bytes));
    }

    private static void send(
            S3Connection connection, String method, String target, Map<String, String> headers, String body)
            throws IOException {
        Reply reply = connection.call(method, target, headers, Body.of(body.getBytes(UTF_8)));
        assertThat(reply.status()).as("%s %s: %s", method, target, reply.text()).isEqualTo(200);
    }

    private void writeUntilKilled(ExecutorService threads, ServerProcess server, Optional<EmbeddedMariaDb> database)
            throws Exception {
        List<Future<Void>> writers = new ArrayList<>();
        for (Ledger ledger : moving) {
            writers.add(threads.submit(new Writer(port, KEYS, MOVING, ledger, numbers, random.nextLong())));
        }
        writers.add(threads.submit(new Writer(port, KEYS, EXPIRING, staying, numbers, random.nextLong())));
        writers.add(threads.submit(untilGone(expiring::write)));
        writers.add(threads.submit(untilGone(versions::write)));
        writers.add(threads.submit(untilGone(locked::write)));
        TimeUnit.MILLISECONDS.sleep(300 + random.nextInt(1500));
        if (random.nextBoolean()) {
            database.ifPresent(EmbeddedMariaDb::kill);
        }
        server.kill();
        database.ifPresent(EmbeddedMariaDb::kill);
        for (Future<Void> writer : writers) {
            writer.get(30, TimeUnit.SECONDS);
        }
    }

    /** One write after the other. */
    private interface Write {
        void by(S3Connection connection, Random random) throws IOException, GeneralSecurityException;
    }

    private Callable<Void> untilGone(Write write) {
        Random own = new Random(random.nextLong());
        return () -> {
            try (S3Connection connection = new S3Connection(port, KEYS)) {
                while (true) {
                    write.by(connection, own);
                }
            } catch (IOException theServerIsGone) {
                return null;
            }
        };
    }

    private Writing newWriting() {
        return new Writing(numbers.incrementAndGet(), 100 + random.nextInt(20_000));
    }

    private static Map<String, String> headers(Writing writing) {
        return Map.of(
                "content-type",
                writing.contentType(),
                "x-amz-meta-number",
                Integer.toString(writing.number()),
                "x-amz-meta-size",
                Integer.toString(writing.size()));
    }

    private static boolean isAcknowledged(Reply reply) {
        assertThat(reply.status()).as("%s", reply.text()).isIn(200, 503);
        return reply.status() == 200;
    }

    /** Objects that expire a day after the last of their writes. */
    private final class Expiring {
        private final Ledger ledger = new Ledger();
        private final Map<String, Long> lastBegun = new HashMap<>();

        Expiring() {
            for (int k = 0; k < 30; k++) {
                ledger.add("old/" + k);
            }
        }

        void write(S3Connection connection, Random own) throws IOException {
            String key = ledger.keys().get(own.nextInt(ledger.keys().size()));
            Writing writing = newWriting();
            long begun = System.nanoTime();
            ledger.begun(key, Optional.of(writing));
            if (isAcknowledged(
                    connection.call("PUT", "/" + EXPIRING + "/" + key, headers(writing), Body.of(writing.content())))) {
                ledger.acknowledged(key, Optional.of(writing));
                lastBegun.put(key, begun);
            }
        }

        void check(S3Connection connection, int round) throws IOException {
            for (String key : ledger.keys()) {
                Optional<Writing> found = read(connection, EXPIRING, key, round);
                if (found.isEmpty() && lastBegun.containsKey(key)) {
                    assertThat(System.nanoTime() - lastBegun.get(key))
                            .as("before kill %d the age of %s, which is gone", round, key)
                            .isGreaterThanOrEqualTo(DAY.toNanos());
                } else {
                    assertThat(ledger.possible(key))
                            .as("before kill %d %s", round, key)
                            .contains(found);
                }
            }
        }
    }

    /** Versions that were acknowledged, by key. In the bucket with object lock, some are locked. */
    private final class Versions {
        private final String bucket;
        private final Map<String, Map<String, Writing>> acknowledged = new TreeMap<>();
        private final Map<String, Map<String, Writing>> held = new TreeMap<>();
        private int locks;

        Versions(String bucket) {
            this.bucket = bucket;
        }

        void write(S3Connection connection, Random own) throws IOException, GeneralSecurityException {
            String key = "key-" + own.nextInt(KEYS_WITH_VERSIONS);
            Writing writing = newWriting();
            boolean lock = bucket.equals(LOCKED) && locks < MOST_LOCKED && own.nextInt(4) == 0;
            Map<String, String> headers = new TreeMap<>(headers(writing));
            headers.put("content-md5", md5(writing.content()));
            if (lock) {
                headers.put("x-amz-object-lock-legal-hold", "ON");
            }
            Reply reply = connection.call("PUT", "/" + bucket + "/" + key, headers, Body.of(writing.content()));
            if (isAcknowledged(reply)) {
                locks += lock ? 1 : 0;
                Map<String, Map<String, Writing>> known = lock ? held : acknowledged;
                known.computeIfAbsent(key, absent -> new TreeMap<>())
                        .put(reply.header("x-amz-version-id").orElseThrow(), writing);
            }
        }

        /** By key, the ids of objects and delete markers. */
        Map<String, List<String>> listed(S3Connection connection) throws IOException {
            Map<String, List<String>> ids = new TreeMap<>();
            for (int k = 0; k < KEYS_WITH_VERSIONS; k++) {
                Reply reply = connection.call("GET", "/" + bucket + "?prefix=key-" + k + "&versions=");
                assertThat(reply.text()).contains("<IsTruncated>false");
                for (Matcher line = VERSION.matcher(reply.text()); line.find(); ) {
                    ids.computeIfAbsent(line.group(2), absent -> new ArrayList<>())
                            .add(line.group(3));
                }
            }
            return ids;
        }

        /** A version is missing only if enough newer ones of its key are there. */
        void checkNewest(S3Connection connection, int round) throws IOException {
            Map<String, List<String>> present = listed(connection);
            acknowledged.forEach((key, ids) -> ids.keySet().forEach(id -> {
                List<String> all = present.getOrDefault(key, List.of());
                if (!all.contains(id)) {
                    assertThat(all.stream().filter(other -> number(other) > number(id)))
                            .as("before kill %d versions of %s newer than %s, which is gone", round, key, id)
                            .hasSizeGreaterThan(NEWEST);
                }
            }));
        }

        void checkHeld(S3Connection connection, int round) throws IOException {
            for (Map.Entry<String, Map<String, Writing>> key : held.entrySet()) {
                for (Map.Entry<String, Writing> version : key.getValue().entrySet()) {
                    String name = key.getKey() + "?versionId=" + version.getKey();
                    assertThat(read(connection, bucket, name, round))
                            .as("before kill %d the locked %s", round, name)
                            .contains(version.getValue());
                }
            }
        }

        private long number(String id) {
            return Long.parseLong(id, 36);
        }
    }

    private void check(int round) throws IOException {
        try (S3Connection connection = new S3Connection(port, KEYS)) {
            for (Ledger ledger : moving) {
                check(connection, MOVING, ledger, round);
            }
            check(connection, EXPIRING, staying, round);
            expiring.check(connection, round);
            versions.checkNewest(connection, round);
            locked.checkHeld(connection, round);
        }
    }

    private void check(S3Connection connection, String bucket, Ledger ledger, int round) throws IOException {
        for (String key : ledger.keys()) {
            Optional<Writing> found = read(connection, bucket, key, round);
            assertThat(ledger.possible(key))
                    .as("before kill %d %s is %s", round, key, found)
                    .contains(found);
            ledger.seen(key, found);
        }
    }

    private Optional<Writing> read(S3Connection connection, String bucket, String name, int round) throws IOException {
        Reply reply = connection.call("GET", "/" + bucket + "/" + name);
        if (reply.status() == 404) {
            return Optional.empty();
        }
        assertThat(reply.status())
                .as("before kill %d GET %s: %s", round, name, reply.text())
                .isEqualTo(200);
        Writing writing = Writing.of(reply, name + " before kill " + round);
        if (reply.header("x-amz-storage-class").filter("STANDARD_IA"::equals).isPresent()) {
            movedSeen++;
        }
        return Optional.of(writing);
    }

    private void awaitAllRules() throws Exception {
        try (S3Connection connection = new S3Connection(port, KEYS)) {
            Eventually.holds("all objects are moved", () -> {
                Reply reply = connection.call("GET", "/" + MOVING + "?list-type=2");
                return reply.text().contains("<Key>")
                        && STORED.matcher(reply.text())
                                .results()
                                .allMatch(match -> match.group(1).equals("STANDARD_IA"));
            });
            Eventually.holds(
                    "all old objects are gone",
                    () -> !connection
                            .call("GET", "/" + EXPIRING + "?list-type=2&prefix=old%2F")
                            .text()
                            .contains("<Key>"));
            Eventually.holds(
                    "a few versions are left",
                    () -> versions.listed(connection).values().stream().allMatch(ids -> ids.size() <= NEWEST + 1));
            Eventually.holds("only markers and locked versions are left", () -> {
                Map<String, List<String>> left = locked.listed(connection);
                return locked.acknowledged.entrySet().stream()
                        .noneMatch(key -> left.getOrDefault(key.getKey(), List.of()).stream()
                                .anyMatch(key.getValue()::containsKey));
            });
        }
    }
}
