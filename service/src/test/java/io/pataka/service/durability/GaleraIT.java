package io.pataka.service.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.metadata.DatabaseSettings;
import io.pataka.service.testing.Eventually;
import io.pataka.service.testing.GaleraCluster;
import io.pataka.service.testing.GaleraCluster.Node;
import io.pataka.service.testing.HaProxy;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Server;
import io.pataka.service.testing.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes of Pataka on a Galera cluster of three, behind HAProxy with the shipped settings. The database server that takes the writes is
 * killed, frozen and cut off from the others under clients that write. Every acknowledged write is there afterwards, through either node,
 * and the clients' writes go on.
 *
 * <p>The system property {@code pataka.galera.kills} gives the number of kills.
 */
final class GaleraIT {

    private static final int KILLS = Integer.getInteger("pataka.galera.kills", 3);
    private static final int WRITERS = 6;
    private static final int KEYS_OF_EACH = 10;
    private static final String BUCKET = "trial";

    @TempDir
    private Path folder;

    private final AtomicInteger numbers = new AtomicInteger();
    private final List<Ledger> ledgers = new ArrayList<>();
    private final Random random = new Random(17);
    private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    private final List<Long> pauses = new ArrayList<>();

    private GaleraCluster cluster;
    private HaProxy proxy;
    private S3Server first;
    private S3Server second;

    @BeforeEach
    void start() throws Exception {
        cluster = GaleraCluster.start();
        int port = ServerProcess.freePort();
        DatabaseSettings database = cluster.schema("pataka", port);
        proxy = HaProxy.before(cluster, folder, port);
        first = S3Server.on(database).start();
        second = S3Server.nodeBeside(first).start();
        for (int i = 0; i < WRITERS; i++) {
            Ledger ledger = new Ledger();
            for (int k = 0; k < KEYS_OF_EACH; k++) {
                ledger.add("writer-" + i + "/key-" + k);
            }
            ledgers.add(ledger);
        }
        try (S3Connection connection = first.connect()) {
            assertThat(connection.call("PUT", "/" + BUCKET).status()).isEqualTo(200);
        }
    }

    @AfterEach
    void stop() throws IOException {
        threads.shutdownNow();
        for (AutoCloseable opened : new AutoCloseable[] {second, first, proxy, cluster}) {
            if (opened != null) {
                try {
                    opened.close();
                } catch (Exception e) {
                    throw new IOException(e);
                }
            }
        }
    }

    /** What happens to the database server that takes the writes, and how it comes back. */
    private enum Fault {
        KILL {
            @Override
            void strike(Node node) {
                node.kill();
            }

            @Override
            void repair(Node node) throws IOException {
                node.start();
            }
        },
        FREEZE {
            @Override
            void strike(Node node) {
                node.freeze();
            }

            @Override
            void repair(Node node) {
                node.thaw();
            }
        },
        CUT_OFF {
            @Override
            void strike(Node node) {
                node.isolate();
            }

            @Override
            void repair(Node node) {
                node.reconnect();
            }
        };

        abstract void strike(Node node);

        abstract void repair(Node node) throws IOException;
    }

    @Test
    void acknowledgedWritesSurviveTheLossOfTheWriter() throws Exception {
        for (int kill = 1; kill <= KILLS; kill++) {
            trial(Fault.KILL, kill);
        }
        trial(Fault.FREEZE, 1);
        trial(Fault.CUT_OFF, 1);

        assertThat(ledgers)
                .allSatisfy(ledger -> assertThat(ledger.acknowledgements()).isGreaterThan(KILLS));
        System.out.printf(
                "GaleraIT: %d faults, %d acknowledged writes; writes went on after %s ms%n",
                pauses.size(),
                ledgers.stream().mapToInt(Ledger::acknowledgements).sum(),
                pauses);
    }

    private void trial(Fault fault, int number) throws Exception {
        Node writer = writer();
        List<Writer> clients = new ArrayList<>();
        List<Future<Void>> ends = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            S3Server node = i % 2 == 0 ? first : second;
            Writer client = new Writer(node.port(), S3Server.KEYS, BUCKET, ledgers.get(i), numbers, random.nextLong());
            clients.add(client);
            ends.add(threads.submit(client));
        }
        TimeUnit.MILLISECONDS.sleep(500 + random.nextInt(1000));

        fault.strike(writer);
        long struck = System.nanoTime();
        Eventually.holds(
                "all clients write again after %s of %s: %s".formatted(fault, writer, proxy.output()),
                () -> clients.stream().allMatch(client -> client.hasWrittenSince(struck)));
        long pause = Duration.ofNanos(System.nanoTime() - struck).toMillis();
        pauses.add(pause);
        System.out.printf("GaleraIT: %s of %s, all clients wrote again after %d ms%n", fault, writer, pause);
        clients.forEach(Writer::stop);
        for (Future<Void> end : ends) {
            end.get(60, TimeUnit.SECONDS);
        }

        String when = "after " + fault + " " + number;
        check(second, when);
        fault.repair(writer);
        cluster.awaitWhole();
        check(first, when + " and repair");
    }

    private void check(S3Server node, String when) throws IOException {
        try (S3Connection connection = node.connect()) {
            LedgerCheck.check(connection, BUCKET, ledgers, when);
        }
    }

    /** The database server that HAProxy has chosen. */
    private Node writer() throws IOException {
        String name = proxy.busiestServer("mariadb");
        return cluster.nodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
