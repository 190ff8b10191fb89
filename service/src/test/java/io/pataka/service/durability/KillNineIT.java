package io.pataka.service.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.testing.AccessKeys;
import io.pataka.service.testing.EmbeddedMariaDb;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.ServerProcess;
import io.pataka.service.testing.ServerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every acknowledged write survives {@code kill -9} of the server alone and of server and database together, and no client ever
 * sees a part of a write.
 */
final class KillNineIT {

    private static final int KILLS = 50;
    private static final int WRITERS = 6;
    private static final int KEYS_OF_EACH = 20;
    private static final String BUCKET = "trial";
    private static final AccessKeys KEYS =
            new AccessKeys("KILLNINE000000000000", "a-secret-of-forty-characters-0123456789x");

    /** Options for a fast start, not for speed later. */
    private static final List<String> JVM = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final AtomicInteger numbers = new AtomicInteger();
    private final List<Ledger> ledgers = new ArrayList<>();
    private final Random random = new Random(9);

    private int port;
    private Path settings;

    @Test
    void everyAcknowledgedWriteSurvivesFiftyKillsUnderConcurrentWriters() throws Exception {
        for (int i = 0; i < WRITERS; i++) {
            Ledger ledger = new Ledger();
            for (int k = 0; k < KEYS_OF_EACH; k++) {
                ledger.add("writer-" + i + "/key-" + k);
            }
            ledgers.add(ledger);
        }
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try (EmbeddedMariaDb database = EmbeddedMariaDb.separate()) {
            port = ServerProcess.freePort();
            settings = ServerSettings.forTests(folder, port, database.schema("pataka"), KEYS);
            createBucket();
            for (int kill = 1; kill <= KILLS; kill++) {
                boolean databaseToo = kill % 5 == 0;
                try (ServerProcess server = start()) {
                    checkEveryKey(kill);
                    writeUntilKilled(threads, server, databaseToo ? Optional.of(database) : Optional.empty());
                }
                if (databaseToo) {
                    database.start();
                }
            }
            try (ServerProcess server = start()) {
                checkEveryKey(KILLS + 1);
                assertThat(server.stop(PATIENCE)).isEqualTo(143);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(ledgers)
                .allSatisfy(ledger -> assertThat(ledger.acknowledgements()).isGreaterThan(KILLS));
    }

    /** The first start also leaves an archive of the classes that were loaded, so that the next ones take half the time. */
    private void createBucket() throws IOException, InterruptedException {
        try (ServerProcess server = start("-XX:ArchiveClassesAtExit=" + classes());
                S3Connection connection = new S3Connection(port, KEYS)) {
            assertThat(connection
                            .call("PUT", "/" + BUCKET, Map.of(), Body.of(new byte[0]))
                            .status())
                    .isEqualTo(200);
            server.stop(PATIENCE);
        }
    }

    private ServerProcess start() throws IOException, InterruptedException {
        return start("-XX:SharedArchiveFile=" + classes());
    }

    private ServerProcess start(String option) throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(JVM);
        options.add(option);
        ServerProcess server =
                ServerProcess.startJar(options, List.of("server", settings.toString()), folder.resolve("server.log"));
        server.awaitListening(port, PATIENCE);
        return server;
    }

    private Path classes() {
        return folder.resolve("classes.jsa");
    }

    private void writeUntilKilled(ExecutorService threads, ServerProcess server, Optional<EmbeddedMariaDb> database)
            throws Exception {
        List<Future<Void>> writers = new ArrayList<>();
        for (Ledger ledger : ledgers) {
            writers.add(threads.submit(new Writer(port, KEYS, BUCKET, ledger, numbers, random.nextLong())));
        }
        TimeUnit.MILLISECONDS.sleep(200 + random.nextInt(600));
        if (random.nextBoolean()) {
            database.ifPresent(EmbeddedMariaDb::kill);
        }
        server.kill();
        database.ifPresent(EmbeddedMariaDb::kill);
        for (Future<Void> writer : writers) {
            writer.get(30, TimeUnit.SECONDS);
        }
    }

    private void checkEveryKey(int round) throws IOException {
        try (S3Connection connection = new S3Connection(port, KEYS)) {
            LedgerCheck.check(connection, BUCKET, ledgers, "before kill " + round);
        }
    }
}
