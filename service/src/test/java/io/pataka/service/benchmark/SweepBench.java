package io.pataka.service.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The bench of lifecycle sweeps behind {@code make bench-sweep}: a bucket with many keys, of which one in a hundred is due. It measures a
 * sweep by itself, and requests with a sweep beside them and without.
 */
public final class SweepBench {

    private static final String BUCKET = "many";
    private static final String OBJECT = "/" + Stage.BUCKET + "/small";
    private static final int SIZE = 4 << 10;
    private static final int EVERY = 100;
    private static final Duration AGE = Duration.ofDays(40);
    private static final Duration WARM_UP = Duration.ofSeconds(60);
    private static final List<Integer> CONNECTIONS = List.of(1, 16);
    private static final int ROUNDS = 5;

    private static final String RULES = "<LifecycleConfiguration><Rule><ID>old</ID><Filter><Prefix/></Filter>"
            + "<Status>Enabled</Status><Expiration><Days>30</Days></Expiration></Rule></LifecycleConfiguration>";

    private final Report report = new Report(System.out);
    private final Stage stage;
    private final Stage.Aged aged;
    private final Duration measured;
    private int remainder;

    private SweepBench(Stage stage, int keys, Duration measured) {
        this.stage = stage;
        this.aged = new Stage.Aged(BUCKET, keys, EVERY, AGE);
        this.measured = measured;
    }

    /** @param arguments {@code --keys=<number>}, {@code --seconds=<measured time of each load>}, {@code --folder=<on the disk to measure>} */
    public static void main(String[] arguments) throws Exception {
        int keys = 10_000_000;
        int seconds = 10;
        Path parent = Path.of("service/target");
        for (String argument : arguments) {
            if (argument.startsWith("--keys=")) {
                keys = Integer.parseInt(argument.substring("--keys=".length()));
            } else if (argument.startsWith("--seconds=")) {
                seconds = Integer.parseInt(argument.substring("--seconds=".length()));
            } else if (argument.startsWith("--folder=")) {
                parent = Path.of(argument.substring("--folder=".length()));
            } else {
                throw new IllegalArgumentException(argument);
            }
        }
        Path folder = Files.createTempDirectory(Files.createDirectories(parent), "sweep-")
                .toAbsolutePath();
        try (Stage stage = new Stage(folder)) {
            new SweepBench(stage, keys, Duration.ofSeconds(seconds)).run();
        } finally {
            delete(folder);
        }
    }

    private void run() throws Exception {
        stage.startServer("512m");
        stage.createBucket(Stage.BUCKET);
        stage.put(OBJECT, Body.of(new byte[SIZE]));
        stage.createBucket(BUCKET);
        stage.fill(aged);
        stage.stopServer();
        stage.watchStatements();
        stage.startServer("512m");
        stage.load(16, WARM_UP, Duration.ofMillis(1)).run(SweepBench::get, SIZE, stage::consumption);

        report.section("A sweep over " + aged.keys() + " keys, of which 1 in " + EVERY + " is removed");
        sweepAlone();
        report.section("GET 4 KiB beside a sweep");
        report.header();
        for (int connections : CONNECTIONS) {
            compare(connections);
        }
        report.fact("peak heap of the server (-Xmx512m)", stage.peakHeap(), "MiB");
        report.fact("peak resident memory", stage.serverProcess().peakMemory() / 1048576.0, "MiB");
        report.atMost("longest statement, ms", 100, stage.longestStatement());
        report.targets();
        System.out.println(stage.longestStatementText());
    }

    private void sweepAlone() throws Exception {
        Consumption before = stage.consumption();
        long begun = System.nanoTime();
        setRules();
        while (!stage.isSwept(BUCKET)) {
            Thread.sleep(100);
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        Consumption used = stage.consumption().since(before);
        report.fact("time", seconds, "s");
        report.fact("keys a second", aged.keys() / seconds, "");
        report.fact("CPU of the server", used.server().toMillis() / 1000.0, "s");
        report.fact("CPU of the database", used.database().toMillis() / 1000.0, "s");
        report.fact(
                "CPU for a million keys", (used.server().plus(used.database())).toMillis() * 1000.0 / aged.keys(), "s");
        report.fact("statements", used.statements(), "");
    }

    /** In turns, because the speed of a shared machine changes. */
    private void compare(int connections) throws Exception {
        double[] ratios = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            removeRules();
            stage.age(aged, ++remainder);
            Load load = stage.load(connections, measured.dividedBy(5), measured);
            Measurement without = load.run(SweepBench::get, SIZE, stage::consumption);
            setRules();
            while (!stage.isBeingSwept(BUCKET)) {
                Thread.sleep(10);
            }
            Measurement beside = load.run(SweepBench::get, SIZE, stage::consumption);
            if (!stage.isBeingSwept(BUCKET)) {
                throw new IllegalStateException("the sweep ended before the load: use more keys or fewer seconds");
            }
            report.row("GET 4 KiB", connections, without);
            report.row("GET 4 KiB, sweep", connections, beside);
            ratios[i] = beside.p99() / without.p99();
        }
        Arrays.sort(ratios);
        report.atMost(
                "p99 of GET 4 KiB beside a sweep / without, connections: " + connections, 1.5, ratios[ROUNDS / 2]);
    }

    private void setRules() throws Exception {
        byte[] document = RULES.getBytes(UTF_8);
        String md5 = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("MD5").digest(document));
        try (S3Connection connection = stage.connect()) {
            Reply reply =
                    connection.call("PUT", "/" + BUCKET + "?lifecycle=", Map.of("content-md5", md5), Body.of(document));
            if (reply.status() != 200) {
                throw new IOException(reply.head() + reply.text());
            }
        }
    }

    /** The sweep ends with the unit that it is doing. */
    private void removeRules() throws IOException, SQLException, InterruptedException {
        try (S3Connection connection = stage.connect()) {
            connection.call("DELETE", "/" + BUCKET + "?lifecycle=");
        }
        Thread.sleep(1_000);
    }

    private static void get(S3Connection connection, int worker, int turn) throws IOException {
        Reply reply = connection.discard("GET", OBJECT, Map.of(), Body.NONE);
        if (reply.status() != 200 || reply.length() != SIZE) {
            throw new IOException("not what was asked for: " + reply.head());
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
