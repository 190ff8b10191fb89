package io.pataka.service.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.metadata.DatabaseSettings;
import io.pataka.service.metadata.Schema;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Three nodes of Debian's MariaDB with Galera on 127.0.0.1, with the settings of {@code etc/mariadb-galera.cnf}; only addresses and sizes
 * are replaced. Each node can be killed, frozen, cut off from the others, and started again. For each node {@code etc/galera-check} answers
 * on a port of its own. Everything ends with this JVM.
 */
public final class GaleraCluster implements AutoCloseable {

    private static final int NODES = 3;
    private static final Path SHIPPED = Path.of("../etc");
    private static final String PROGRAM = "/usr/sbin/mariadbd";
    private static final String USER = "pataka";
    private static final String ADMINISTRATOR = System.getProperty("user.name");

    /** rsync, with which a node gives everything to another, takes nothing as root. */
    private static final String OWNER = ADMINISTRATOR.equals("root") ? "mysql" : ADMINISTRATOR;

    private static final Duration START = Duration.ofMinutes(2);

    /** What a node says that looked for the last write on its disk. */
    private static final Pattern RECOVERED = Pattern.compile("Recovered position:? *([0-9a-f-]{36}:-?[0-9]+)");

    private final Path home;
    private final String password;
    private final List<Node> nodes;

    /** Does nothing; the folder is removed with it. */
    private final WatchedProcess remover;

    private GaleraCluster() throws IOException {
        home = temporaryHome();
        remover = WatchedProcess.start(List.of("sleep", "infinity"), Map.of(), Optional.of(home));
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        password = HexFormat.of().formatHex(random);
        nodes = IntStream.rangeClosed(1, NODES).mapToObj(Node::new).toList();
    }

    /** A new cluster, all of whose nodes are synced. */
    public static GaleraCluster start() throws IOException {
        GaleraCluster cluster = new GaleraCluster();
        try {
            cluster.begin();
            return cluster;
        } catch (IOException | RuntimeException e) {
            try (cluster) {
                throw e;
            }
        }
    }

    /** The others begin with copies of what the first has, so that they need only what is written since, as after a short absence. */
    private void begin() throws IOException {
        install();
        Node first = nodes.get(0);
        List<Node> others = nodes.subList(1, NODES);
        first.begin("--wsrep-new-cluster");
        first.awaitSynced();
        first.execute("CREATE USER '" + USER + "'@'127.0.0.1' IDENTIFIED BY '" + password + "'");
        first.execute("GRANT ALL ON *.* TO '" + USER + "'@'127.0.0.1'");
        first.stop();
        for (Node node : others) {
            run("cp", "-a", first.data.toString(), node.data.toString());
            Files.delete(node.data.resolve("galera.cache"));
        }
        first.begin("--wsrep-new-cluster");
        first.awaitSynced();
        for (Node node : others) {
            node.begin();
        }
        for (Node node : others) {
            node.awaitSynced();
        }
    }

    /** The nodes, of which the first was started first. */
    public List<Node> nodes() {
        return nodes;
    }

    /** A database with the present schema, made through the first node; requests reach it at a port, such as that of a proxy. */
    public DatabaseSettings schema(String name, int port) {
        Node first = nodes.get(0);
        first.execute("CREATE DATABASE `" + name + "` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        try {
            Schema.migrate(settings(name, first.port()));
        } catch (SQLException e) {
            throw new IllegalStateException("the schema cannot be made", e);
        }
        return settings(name, port);
    }

    /** How a database is reached at a port, such as that of one node. */
    public DatabaseSettings settings(String name, int port) {
        return new DatabaseSettings("jdbc:mariadb://127.0.0.1:" + port + "/" + name, USER, password);
    }

    /** Waits until all nodes are synced and know of each other. */
    public void awaitWhole() throws IOException {
        for (Node node : nodes) {
            node.await(
                    () -> node.isSynced() && node.status("wsrep_cluster_size").equals(Integer.toString(NODES)));
        }
    }

    private void install() throws IOException {
        Path data = nodes.get(0).data;
        run(
                "mariadb-install-db",
                "--no-defaults",
                "--datadir=" + data,
                "--auth-root-authentication-method=socket",
                "--auth-root-socket-user=" + ADMINISTRATOR,
                "--skip-test-db",
                "--innodb-log-file-size=32M",
                "--user=" + ADMINISTRATOR);
        run("chown", "-R", OWNER, home.toString());
    }

    private void run(String... command) throws IOException {
        File log = home.resolve("install.log").toFile();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(command[0] + " failed: " + Files.readString(log.toPath()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + command[0] + " ran", e);
        }
    }

    private String endsOfLogs() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Node node : nodes) {
            Path log = node.folder.resolve("mariadb.log");
            List<String> lines = Files.exists(log) ? Files.readAllLines(log, UTF_8) : List.of();
            text.append("\n").append(node).append(":\n");
            text.append(String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size())));
        }
        return text.toString();
    }

    private static Path temporaryHome() throws IOException {
        Path memory = Path.of("/dev/shm");
        boolean fits = Files.isWritable(memory) && Files.getFileStore(memory).getUsableSpace() > 4L << 30;
        return fits ? Files.createTempDirectory(memory, "pataka-galera-") : Files.createTempDirectory("pataka-galera-");
    }

    /** Ends all nodes and deletes their files. */
    @Override
    public void close() throws IOException {
        for (Node node : nodes) {
            node.end();
        }
        remover.kill();
        try (Stream<Path> paths = Files.walk(home)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** One MariaDB server. */
    public final class Node {

        private final String name;
        private final Path folder;
        private final Path data;
        private final int port;
        private final int checkPort;
        private final int groupPort;
        private final int catchUpPort;
        private final int copyPort;
        private WatchedProcess server;
        private WatchedProcess check;

        private Node(int number) {
            try {
                name = "db" + number;
                folder = Files.createDirectories(home.resolve(name));
                data = folder.resolve("data");
                port = ServerProcess.freePort();
                checkPort = ServerProcess.freePort();
                groupPort = ServerProcess.freePort();
                catchUpPort = ServerProcess.freePort();
                copyPort = ServerProcess.freePort();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** As in {@code etc/mariadb-galera.cnf}: db1, db2 or db3. */
        public String name() {
            return name;
        }

        /** Where the server takes connections. */
        public int port() {
            return port;
        }

        /** Where {@code galera-check} answers HTTP, also while the server is down. */
        public int checkPort() {
            return checkPort;
        }

        /** Starts the server again after {@link #kill()} or {@link #stop()}; returns when it has caught up. */
        public void start() throws IOException {
            begin("--wsrep-start-position=" + lastWrite());
            awaitSynced();
        }

        private void begin(String... options) throws IOException {
            server = WatchedProcess.start(command(options), Map.of("TMPDIR", folder.toString()), Optional.empty());
            if (check == null) {
                check = WatchedProcess.start(checking(), Map.of(), Optional.empty());
            }
        }

        private List<String> command(String... options) throws IOException {
            List<String> command = new ArrayList<>(List.of(PROGRAM, "--defaults-file=" + configuration()));
            command.addAll(List.of(options));
            command.add("--datadir=" + data);
            command.add("--socket=" + socket());
            command.add("--pid-file=" + folder.resolve("pid"));
            command.add("--log-error=" + folder.resolve("mariadb.log"));
            command.add("--port=" + port);
            command.add("--user=" + OWNER);
            command.add("--innodb-log-file-size=32M");
            command.add("--wsrep-sst-receive-address=127.0.0.1:" + copyPort);
            return command;
        }

        private Path configuration() throws IOException {
            String addresses = nodes.stream().map(Node::groupAddress).collect(Collectors.joining(","));
            Path file = folder.resolve("mariadb.cnf");
            String shipped = Files.readString(SHIPPED.resolve("mariadb-galera.cnf"), UTF_8);
            Files.writeString(
                    file,
                    replace(
                            shipped,
                            List.of(
                                    List.of("bind_address = 0.0.0.0", "bind_address = 127.0.0.1"),
                                    List.of("gcomm://192.0.2.21,192.0.2.22,192.0.2.23", "gcomm://" + addresses),
                                    List.of("wsrep_node_name = db1", "wsrep_node_name = " + name),
                                    List.of(
                                            "wsrep_node_address = 192.0.2.21",
                                            "wsrep_node_address = " + groupAddress()),
                                    List.of(
                                            "gcache.size=1G",
                                            "gcache.size=64M; gcache.page_size=16M; gmcast.listen_addr=tcp://"
                                                    + groupAddress() + "; ist.recv_addr=127.0.0.1:" + catchUpPort),
                                    List.of("wsrep_slave_threads = 8", "wsrep_slave_threads = 2"),
                                    List.of("innodb_buffer_pool_size = 1G", "innodb_buffer_pool_size = 64M"))));
            return file;
        }

        private String groupAddress() {
            return "127.0.0.1:" + groupPort;
        }

        private List<String> checking() {
            String command = SHIPPED.toAbsolutePath().normalize().resolve("galera-check") + " --no-defaults --socket="
                    + socket();
            return List.of(
                    "socat",
                    "TCP-LISTEN:" + checkPort + ",bind=127.0.0.1,reuseaddr,fork",
                    "EXEC:" + command.replace(":", "\\:"));
        }

        private Path socket() {
            return folder.resolve("sock");
        }

        /** The last write that is on the disk of a server that was killed. With it the server asks the others only for what is missing. */
        private String lastWrite() throws IOException {
            Path log = folder.resolve("recovery.log");
            List<String> command = command("--wsrep-recover");
            command.replaceAll(option -> option.startsWith("--log-error=") ? "--log-error=" + log : option);
            Files.deleteIfExists(log);
            run(command.toArray(String[]::new));
            Matcher found = RECOVERED.matcher(Files.readString(log));
            if (!found.find()) {
                throw new IOException("no last write of " + name + ": " + Files.readString(log));
            }
            return found.group(1);
        }

        private void awaitSynced() throws IOException {
            await(this::isSynced);
        }

        private void await(BooleanSupplier condition) throws IOException {
            long deadline = System.nanoTime() + START.toNanos();
            while (!condition.getAsBoolean()) {
                if (!server.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException(name + " does not join the others: " + endsOfLogs());
                }
                try {
                    Thread.sleep(50);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted while " + name + " started", e);
                }
            }
        }

        /** Whether the node is in the cluster and has all writes. */
        public boolean isSynced() {
            try {
                return status("wsrep_local_state").equals("4");
            } catch (IllegalStateException notYet) {
                return false;
            }
        }

        /** The value of a status variable of the server. */
        public String status(String variable) {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SHOW GLOBAL STATUS LIKE '" + variable + "'")) {
                return row.next() ? row.getString(2) : "";
            } catch (SQLException e) {
                throw new IllegalStateException(name + " does not say " + variable, e);
            }
        }

        /** Runs a statement as the administrator of this server. */
        public void execute(String sql) {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(name + ": " + sql, e);
            }
        }

        private Connection connect() throws SQLException {
            return DriverManager.getConnection(
                    "jdbc:mariadb://localhost/?localSocket=" + socket() + "&connectTimeout=2000&socketTimeout=5000",
                    ADMINISTRATOR,
                    "");
        }

        /** Stops the server as an operator does. */
        public void stop() {
            server.stop();
        }

        /** Ends the server as a power cut would end it. */
        public void kill() {
            server.kill();
        }

        /** Makes the server do nothing, while its connections stay open. */
        public void freeze() {
            server.freeze();
        }

        /** Lets a frozen server go on. */
        public void thaw() {
            server.thaw();
        }

        /** Cuts the server off from the other nodes, and not from its clients. */
        public void isolate() {
            execute("SET GLOBAL wsrep_provider_options = 'gmcast.isolate=1'");
        }

        /** Ends {@link #isolate()}. */
        public void reconnect() {
            execute("SET GLOBAL wsrep_provider_options = 'gmcast.isolate=0'");
        }

        private void end() {
            for (WatchedProcess process :
                    Stream.of(server, check).filter(Objects::nonNull).toList()) {
                if (process.isAlive()) {
                    process.kill();
                }
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * Replaces parts of a shipped file, all of which it must have.
     *
     * @param replacements each a part and what it becomes
     */
    static String replace(String shipped, List<List<String>> replacements) {
        String text = shipped;
        for (List<String> replacement : replacements) {
            if (!text.contains(replacement.get(0))) {
                throw new IllegalStateException("the shipped file has no " + replacement.get(0));
            }
            text = text.replace(replacement.get(0), replacement.get(1));
        }
        return text;
    }
}
