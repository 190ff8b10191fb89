package io.pataka.service.benchmark;

import io.pataka.service.testing.LinuxProcess;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.ServerProcess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The load bench behind {@code make bench}: the server in a process of its own, MariaDB with its durable defaults, and in the
 * same run what this machine does at best. Throughput on a busy machine says little; CPU per request and the ratios say more.
 */
public final class LoadHarness {

    private static final List<Integer> CONNECTIONS = List.of(1, 16);

    /** Requests are small for the server, which must be warm before it is measured: JIT compilation takes its time. */
    private static final Duration FIRST_WARM_UP = Duration.ofSeconds(120);

    /** Repetitions of a comparison. The median counts, because the speed of a shared machine changes. */
    private static final int ROUNDS = 5;

    private static final String ENCRYPTION = "x-amz-server-side-encryption";

    private final Report report = new Report(System.out);
    private final Map<String, Measurement> results = new HashMap<>();
    private final Map<Size, Body> bodies = new EnumMap<>(Size.class);
    private final AtomicInteger smallPuts = new AtomicInteger();
    private final Path folder;
    private final Duration warmUp;
    private final Duration measured;

    private LoadHarness(Path folder, Duration measured) {
        this.folder = folder;
        this.measured = measured;
        this.warmUp = measured.dividedBy(2);
        ByteBuffer noise = ByteBuffer.allocateDirect(1 << 20);
        byte[] bytes = new byte[1 << 20];
        new Random(1).nextBytes(bytes);
        noise.put(bytes);
        for (Size size : Size.values()) {
            bodies.put(size, new Body(noise, size.bytes));
        }
    }

    /** The object sizes of the bench. */
    private enum Size {
        SMALL("4 KiB", 4 << 10),
        MEDIUM("1 MiB", 1 << 20),
        LARGE("64 MiB", 64 << 20);

        private final String label;
        private final long bytes;

        Size(String label, long bytes) {
            this.label = label;
            this.bytes = bytes;
        }
    }

    /** @param arguments {@code --full}, {@code --keystone}, {@code --encryption}, {@code --notifications} or {@code --logging} for that section only, {@code --seconds=<measured time of each load>}, {@code --folder=<on the disk to measure>} */
    public static void main(String[] arguments) throws Exception {
        boolean full = false;
        boolean keystoneOnly = false;
        boolean encryptionOnly = false;
        boolean notificationsOnly = false;
        boolean loggingOnly = false;
        int seconds = 10;
        Path parent = Path.of("service/target");
        for (String argument : arguments) {
            if (argument.equals("--full")) {
                full = true;
            } else if (argument.equals("--keystone")) {
                keystoneOnly = true;
            } else if (argument.equals("--encryption")) {
                encryptionOnly = true;
            } else if (argument.equals("--notifications")) {
                notificationsOnly = true;
            } else if (argument.equals("--logging")) {
                loggingOnly = true;
            } else if (argument.startsWith("--seconds=")) {
                seconds = Integer.parseInt(argument.substring("--seconds=".length()));
            } else if (argument.startsWith("--folder=")) {
                parent = Path.of(argument.substring("--folder=".length()));
            } else {
                throw new IllegalArgumentException(argument);
            }
        }
        Path folder = Files.createTempDirectory(Files.createDirectories(parent), "bench-")
                .toAbsolutePath();
        try {
            LoadHarness harness = new LoadHarness(folder, Duration.ofSeconds(seconds));
            if (keystoneOnly) {
                harness.measureKeystone(full);
                harness.report.targets();
            } else if (encryptionOnly) {
                harness.runOnly(harness::measureEncryption);
            } else if (notificationsOnly) {
                harness.runOnly(harness::measureNotifications);
            } else if (loggingOnly) {
                harness.runOnly(harness::measureLogging);
            } else {
                harness.run(full);
            }
        } finally {
            delete(folder);
        }
    }

    private void run(boolean full) throws Exception {
        report.section("Limits of this machine, " + Runtime.getRuntime().availableProcessors() + " processors, Java "
                + Runtime.version());
        report.fact("MD5 on one core", MachineLimits.md5(), "MiB/s");
        report.fact(
                "64 MiB written and fsynced, one after the other",
                MachineLimits.durableWrite(folder, Size.LARGE.bytes, 9),
                "MiB/s");
        report.fact(
                "4 KiB written and fsynced, one after the other",
                MachineLimits.durableWrite(folder, Size.SMALL.bytes, 501) * 256,
                "files/s");

        try (Stage stage = new Stage(folder)) {
            stage.startServer("512m");
            stage.createBucket(Stage.BUCKET);
            for (Size size : Size.values()) {
                stage.put("/" + Stage.BUCKET + "/" + size.name(), bodies.get(size));
            }
            stage.createBucket("many");
            stage.fill("many", 100_000);
            warm(stage);
            report.section("Pataka");
            report.header();
            for (Size size : Size.values()) {
                measureGet(stage, size);
                if (size != Size.LARGE) {
                    measureHead(stage, size);
                }
                measurePut(stage, size);
            }
            double share = shareOfTheLimit(stage);
            measureListing(stage);
            measureEncryption(stage);
            measureNotifications(stage);
            measureLogging(stage);
            report.fact(
                    "peak resident memory of the server (-Xmx512m)",
                    stage.serverProcess().peakMemory() / 1048576.0,
                    "MiB");
            report.fact("peak heap of the server", stage.peakHeap(), "MiB");
            stage.stopServer();
            measureBareJetty();
            judge(share);
            if (full) {
                measureHugeObject(stage);
                measureMillionKeys(stage);
                measureStart(stage);
            }
        }
        measureKeystone(full);
        report.targets();
    }

    /** A section of the bench. */
    @FunctionalInterface
    private interface Section {
        void measure(Stage stage) throws Exception;
    }

    private void runOnly(Section section) throws Exception {
        try (Stage stage = new Stage(folder)) {
            stage.startServer("512m");
            stage.createBucket(Stage.BUCKET);
            for (Size size : Size.values()) {
                stage.put("/" + Stage.BUCKET + "/" + size.name(), bodies.get(size));
            }
            stage.createBucket("many");
            stage.fill("many", 100_000);
            warm(stage);
            section.measure(stage);
            stage.stopServer();
        }
        report.targets();
    }

    private void measureKeystone(boolean full) throws Exception {
        new KeystoneSection(report, folder, warmUp.multipliedBy(2), measured).measure(full);
    }

    private void warm(Stage stage) throws Exception {
        stage.load(16, FIRST_WARM_UP, Duration.ofMillis(1))
                .run(
                        (connection, worker, turn) -> {
                            get(connection, Size.SMALL);
                            put(connection, "/" + Stage.BUCKET + "/warm/" + worker + "/" + turn, Size.SMALL);
                            list(connection, "many", turn % 99_000);
                        },
                        0,
                        stage::consumption);
    }

    private void measureGet(Stage stage, Size size) throws Exception {
        measure(stage, "GET " + size.label, size.bytes, (connection, worker, turn) -> get(connection, size));
    }

    private void measureHead(Stage stage, Size size) throws Exception {
        measure(
                stage,
                "HEAD " + size.label,
                0,
                (connection, worker, turn) -> check(
                        connection.discard("HEAD", "/" + Stage.BUCKET + "/" + size.name(), Map.of(), Body.NONE), 0));
    }

    /** How much of what MD5 or the disk would allow a PUT of 64 MiB reaches, each measured beside its limit. */
    private double shareOfTheLimit(Stage stage) throws Exception {
        double[] shares = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            double limit = Math.min(MachineLimits.md5(), MachineLimits.durableWrite(folder, Size.LARGE.bytes, 9));
            Measurement made = stage.load(1, warmUp.dividedBy(5), measured.dividedBy(2))
                    .run(
                            (connection, worker, turn) -> put(connection, "/" + Stage.BUCKET + "/share", Size.LARGE),
                            Size.LARGE.bytes,
                            stage::consumption);
            report.fact("PUT 64 MiB, one connection", made.mebibytesPerSecond(), "MiB/s");
            report.fact("  the lower of MD5 and disk just before", limit, "MiB/s");
            shares[i] = made.mebibytesPerSecond() / limit;
        }
        Arrays.sort(shares);
        return shares[ROUNDS / 2];
    }

    /** Requests about encrypted objects, each beside the same request about plain ones. */
    private void measureEncryption(Stage stage) throws Exception {
        try (S3Connection connection = stage.connect()) {
            putSealed(connection, sealed(Size.SMALL), Size.SMALL);
            putSealed(connection, sealed(Size.LARGE), Size.LARGE);
        }
        stage.load(16, FIRST_WARM_UP.dividedBy(4), Duration.ofMillis(1))
                .run(
                        (connection, worker, turn) -> {
                            getSealed(connection, Size.SMALL);
                            putSealed(connection, sealed(Size.SMALL) + "-" + worker, Size.SMALL);
                        },
                        0,
                        stage::consumption);
        report.section("SSE-S3 beside plain");
        report.header();
        for (Size size : List.of(Size.SMALL, Size.LARGE)) {
            compare(
                    stage,
                    new Comparison("GET", size, "SSE-S3", 1.15),
                    (connection, worker, turn) -> get(connection, size),
                    (connection, worker, turn) -> getSealed(connection, size));
            String run = "/" + Stage.BUCKET + "/beside-" + size.name() + "/";
            compare(
                    stage,
                    new Comparison("PUT", size, "SSE-S3", 1.15),
                    (connection, worker, turn) -> put(connection, run + "plain/" + place(size, worker), size),
                    (connection, worker, turn) -> putSealed(connection, run + "sealed/" + place(size, worker), size));
        }
    }

    /** Writes with an event each, which stays in its queue, beside the same writes without. */
    private void measureNotifications(Stage stage) throws Exception {
        String bucket = "notifying";
        stage.createBucket(bucket);
        stage.createBucketsTopic(bucket);
        Load.Request notifying = (connection, worker, turn) ->
                put(connection, "/" + bucket + "/" + place(Size.SMALL, worker), Size.SMALL);
        stage.load(16, FIRST_WARM_UP.dividedBy(4), Duration.ofMillis(1)).run(notifying, 0, stage::consumption);
        report.section("With notifications beside without");
        report.header();
        compare(
                stage,
                new Comparison("PUT", Size.SMALL, "notified", 1.4),
                (connection, worker, turn) ->
                        put(connection, "/" + Stage.BUCKET + "/silent/" + place(Size.SMALL, worker), Size.SMALL),
                notifying);
    }

    /** Writes into buckets that are logged, beside the same writes into one that is not. */
    private void measureLogging(Stage stage) throws Exception {
        report.section("With bucket logging beside without");
        report.header();
        stage.createBucket("logs");
        compareLogged(stage, "accessed", "Standard", 1.1);
        compareLogged(stage, "journaled", "Journal", 1.4);
    }

    private void compareLogged(Stage stage, String bucket, String type, double mostCpu) throws Exception {
        stage.createBucket(bucket);
        stage.log(bucket, "logs", type);
        Load.Request logged = (connection, worker, turn) ->
                put(connection, "/" + bucket + "/" + place(Size.SMALL, worker), Size.SMALL);
        stage.load(16, FIRST_WARM_UP.dividedBy(4), Duration.ofMillis(1)).run(logged, 0, stage::consumption);
        compare(
                stage,
                new Comparison("PUT", Size.SMALL, type, mostCpu),
                (connection, worker, turn) ->
                        put(connection, "/" + Stage.BUCKET + "/silent/" + place(Size.SMALL, worker), Size.SMALL),
                logged);
    }

    private static String sealed(Size size) {
        return "/" + Stage.BUCKET + "/sealed-" + size.name();
    }

    /**
     * Measures two requests in turns, because the speed of a shared machine changes. Of small ones the CPU counts, and of large ones the
     * throughput on one connection.
     */
    private void compare(Stage stage, Comparison comparison, Load.Request plain, Load.Request other) throws Exception {
        Size size = comparison.size();
        String name = comparison.method() + " " + size.label;
        boolean isSmall = size == Size.SMALL;
        int connections = isSmall ? 16 : 1;
        double[] ratios = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            Load load = stage.load(connections, warmUp.dividedBy(2), measured.dividedBy(2));
            Measurement before = load.run(plain, size.bytes, stage::consumption);
            Measurement made = load.run(other, size.bytes, stage::consumption);
            report.row(name + " plain", connections, before);
            report.row(name + " " + comparison.other(), connections, made);
            ratios[i] = isSmall ? made.cpu() / before.cpu() : made.mebibytesPerSecond() / before.mebibytesPerSecond();
        }
        Arrays.sort(ratios);
        double median = ratios[ROUNDS / 2];
        if (isSmall) {
            report.atMost(name + ": CPU " + comparison.other() + " / plain", comparison.mostCpu(), median);
        } else {
            report.atLeast(name + ": MiB/s " + comparison.other() + " / plain", 0.6, median);
        }
    }

    /**
     * @param other what the second request is, beside the plain one
     * @param mostCpu that the second may take, as a multiple of the first
     */
    private record Comparison(String method, Size size, String other, double mostCpu) {}

    /** Small objects get a new key each; large ones replace their worker's, or the disk would fill. */
    private void measurePut(Stage stage, Size size) throws Exception {
        String run = "/" + Stage.BUCKET + "/put-" + size.name() + "/";
        measure(
                stage,
                "PUT " + size.label,
                size.bytes,
                (connection, worker, turn) -> put(connection, run + place(size, worker), size));
    }

    private int place(Size size, int worker) {
        return size == Size.SMALL ? smallPuts.incrementAndGet() : worker;
    }

    private void measureListing(Stage stage) throws Exception {
        measure(
                stage,
                "LIST 1,000 of 100,000",
                0,
                (connection, worker, turn) -> list(connection, "many", (worker * 7919 + turn * 1000) % 99_000));
    }

    private void measure(Stage stage, String name, long bytes, Load.Request request) throws Exception {
        for (int connections : CONNECTIONS) {
            Measurement made = stage.load(connections, warmUp, measured).run(request, bytes, stage::consumption);
            report.row(name, connections, made);
            results.put(name + " " + connections, made);
        }
    }

    private void measureBareJetty() throws Exception {
        Path files = Files.createDirectory(folder.resolve("files"));
        for (Size size : Size.values()) {
            byte[] content = new byte[(int) size.bytes];
            new Random(1).nextBytes(content);
            Files.write(files.resolve(size.name()), content);
        }
        int port = ServerProcess.freePort();
        try (ServerProcess jetty = ServerProcess.start(
                List.of("-Xmx512m"),
                List.of(BareJetty.class.getName(), Integer.toString(port), files.toString()),
                folder.resolve("jetty.log"))) {
            jetty.awaitListening(port, Duration.ofSeconds(30));
            LinuxProcess process = new LinuxProcess(jetty.pid());
            report.section("A bare Jetty handler sending the same files");
            report.header();
            for (Size size : Size.values()) {
                for (int connections : CONNECTIONS) {
                    Measurement made = new Load(port, Stage.KEYS, connections, warmUp.multipliedBy(2), measured)
                            .run(
                                    (connection, worker, turn) -> check(
                                            connection.discard("GET", "/" + size.name(), Map.of(), Body.NONE),
                                            size.bytes),
                                    size.bytes,
                                    () -> new Consumption(process.cpu(), Duration.ZERO, 0));
                    report.row("bare GET " + size.label, connections, made);
                    results.put("bare GET " + size.label + " " + connections, made);
                }
            }
        }
    }

    private void judge(double share) {
        for (int connections : CONNECTIONS) {
            report.atLeast(
                    "GET 64 MiB / bare Jetty, connections: " + connections,
                    0.7,
                    result("GET 64 MiB", connections).mebibytesPerSecond()
                            / result("bare GET 64 MiB", connections).mebibytesPerSecond());
        }
        report.atLeast("PUT 64 MiB / the lower of MD5 on one core and the disk", 0.7, share);
        report.atMost(
                "GET 4 KiB: CPU ms per request, database included",
                0.3,
                result("GET 4 KiB", 16).cpu());
        report.atMost(
                "GET 4 KiB: SQL statements per request",
                1.05,
                result("GET 4 KiB", 16).statements());
        report.atMost(
                "GET 4 KiB: p99 ms, connections: 16",
                10,
                result("GET 4 KiB", 16).p99());
        report.atMost(
                "PUT 4 KiB: CPU ms per request, database included",
                0.6,
                result("PUT 4 KiB", 16).cpu());
        report.atMost(
                "PUT 4 KiB: SQL statements per request",
                1.05,
                result("PUT 4 KiB", 16).statements());
    }

    private Measurement result(String name, int connections) {
        return results.get(name + " " + connections);
    }

    private void measureHugeObject(Stage stage) throws Exception {
        report.section("An object of 5 GiB, server with -Xmx256m");
        stage.startServer("256m");
        Body body = new Body(bodies.get(Size.MEDIUM).repeated(), 5L << 30);
        String path = "/" + Stage.BUCKET + "/huge";
        try (S3Connection connection = stage.connect()) {
            long begin = System.nanoTime();
            check(connection.discard("PUT", path, Map.of(), body), 0);
            report.fact("PUT", 5120 / ((System.nanoTime() - begin) / 1e9), "MiB/s");
            begin = System.nanoTime();
            check(connection.discard("GET", path, Map.of(), Body.NONE), body.length());
            report.fact("GET", 5120 / ((System.nanoTime() - begin) / 1e9), "MiB/s");
        }
        report.fact("peak resident memory", stage.serverProcess().peakMemory() / 1048576.0, "MiB");
        report.atMost("PUT and GET of 5 GiB: peak heap in MiB", 256, stage.peakHeap());
        stage.stopServer();
    }

    private void measureMillionKeys(Stage stage) throws Exception {
        report.section("LIST 1,000 keys out of 1,000,000, one connection");
        stage.startServer("512m");
        stage.createBucket("million");
        stage.fill("million", 1_000_000);
        Map<String, Integer> places = Map.of("begin", 0, "middle", 500_000, "end", 998_999);
        for (String place : List.of("begin", "middle", "end")) {
            Measurement made = stage.load(1, warmUp, measured)
                    .run(
                            (connection, worker, turn) -> list(connection, "million", places.get(place)),
                            0,
                            stage::consumption);
            report.fact("median at the " + place, made.median(), "ms");
            report.atMost("LIST of 1,000 at the " + place + " of 1,000,000: median ms", 20, made.median());
        }
        stage.stopServer();
    }

    private void measureStart(Stage stage) throws Exception {
        double[] seconds = new double[5];
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] = stage.startServer("512m").toMillis() / 1000.0;
            stage.stopServer();
        }
        Arrays.sort(seconds);
        report.atMost("start to first reply with an existing database: median s", 5, seconds[seconds.length / 2]);
    }

    private static void get(S3Connection connection, Size size) throws IOException {
        check(connection.discard("GET", "/" + Stage.BUCKET + "/" + size.name(), Map.of(), Body.NONE), size.bytes);
    }

    private static void getSealed(S3Connection connection, Size size) throws IOException {
        check(connection.discard("GET", sealed(size), Map.of(), Body.NONE), size.bytes);
    }

    private void put(S3Connection connection, String path, Size size) throws IOException {
        check(connection.discard("PUT", path, Map.of(), bodies.get(size)), 0);
    }

    private void putSealed(S3Connection connection, String path, Size size) throws IOException {
        Map<String, String> headers = Map.of(ENCRYPTION, "AES256");
        Reply reply = connection.discard("PUT", path, headers, bodies.get(size));
        check(reply, 0);
        if (reply.header(ENCRYPTION).filter("AES256"::equals).isEmpty()) {
            throw new IOException("not encrypted: " + reply.head());
        }
    }

    private static void list(S3Connection connection, String bucket, int after) throws IOException {
        String target = String.format("/%s?list-type=2&start-after=key-%07d", bucket, after);
        Reply reply = connection.discard("GET", target, Map.of(), Body.NONE);
        // A thousand entries take more than a hundred bytes each.
        if (reply.status() != 200 || reply.length() < 100_000) {
            throw new IOException(reply.head());
        }
    }

    private static void check(Reply reply, long length) throws IOException {
        if (reply.status() != 200 || reply.length() != length) {
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
