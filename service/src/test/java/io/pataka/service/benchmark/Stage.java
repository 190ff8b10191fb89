package io.pataka.service.benchmark;

import io.pataka.service.metadata.DatabaseSettings;
import io.pataka.service.testing.AccessKeys;
import io.pataka.service.testing.EmbeddedMariaDb;
import io.pataka.service.testing.LinuxProcess;
import io.pataka.service.testing.QueuedEvents;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.ServerProcess;
import io.pataka.service.testing.ServerSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server under load and its database, each a process of its own, with durable storage on a real disk. */
final class Stage implements AutoCloseable {

    static final String BUCKET = "bench";

    static final AccessKeys KEYS = new AccessKeys("BENCH000000000000000", "a-secret-of-forty-characters-0123456789x");
    private static final Pattern COLLECTION = Pattern.compile(" (\\d+)M->(\\d+)M\\(");

    /** Rows that one statement adds. */
    private static final int CHUNK = 250_000;

    private final Path folder;
    private final EmbeddedMariaDb database;
    private final DatabaseSettings access;
    private final Connection observer;
    private final LinuxProcess databaseProcess;
    private final int port;
    private final Path settings;

    private ServerProcess server;
    private Path gcLog;
    private int starts;

    Stage(Path folder) throws IOException, SQLException {
        this.folder = folder;
        this.database = EmbeddedMariaDb.persistent(folder.resolve("mariadb"));
        this.access = database.schema("pataka");
        this.observer = DriverManager.getConnection(access.url(), access.user(), access.password());
        this.databaseProcess = new LinuxProcess(
                Long.parseLong(Files.readString(folder.resolve("mariadb/pid")).trim()));
        this.port = ServerProcess.freePort();
        this.settings = ServerSettings.forTests(folder, port, access, KEYS);
    }

    /**
     * @param heap as {@code -Xmx} has it
     * @return from the start of the process to its first reply
     */
    Duration startServer(String heap) throws IOException, InterruptedException {
        gcLog = folder.resolve("gc-" + ++starts + ".log");
        List<String> options = new ArrayList<>(List.of("-Xmx" + heap, "-XX:+UseParallelGC", "-Xlog:gc:file=" + gcLog));
        long begin = System.nanoTime();
        server = ServerProcess.start(
                options,
                List.of("io.pataka.service.PatakaApplication", "server", settings.toString()),
                folder.resolve("server.log"));
        server.awaitListening(port, Duration.ofSeconds(60));
        try (S3Connection connection = connect()) {
            connection.call("GET", "/");
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    void stopServer() throws IOException, InterruptedException {
        server.stop(Duration.ofSeconds(60));
    }

    S3Connection connect() throws IOException {
        return new S3Connection(port, KEYS);
    }

    void createBucket(String name) throws IOException {
        put("/" + name, Body.of(new byte[0]));
    }

    /** Makes a topic, from which nothing takes events, and has those of all writes into a bucket sent to it. */
    void createBucketsTopic(String bucket) throws Exception {
        try (QueuedEvents queue = new QueuedEvents(access)) {
            String topic = queue.topic("development", bucket, "{}");
            String document = "<NotificationConfiguration><TopicConfiguration><Topic>" + topic
                    + "</Topic></TopicConfiguration></NotificationConfiguration>";
            put("/" + bucket + "?notification=", Body.of(document.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /**
     * Has a bucket logged into another.
     *
     * @param type {@code Standard} or {@code Journal}
     */
    void log(String bucket, String target, String type) throws IOException {
        String policy = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Principal\":"
                + " {\"Service\": \"logging.s3.amazonaws.com\"}, \"Action\": \"s3:PutObject\", \"Resource\":"
                + " \"arn:aws:s3:::" + target + "/*\"}]}";
        try (S3Connection connection = connect()) {
            S3Connection.Reply reply = connection.call(
                    "PUT", "/" + target + "?policy=", Map.of(), Body.of(policy.getBytes(StandardCharsets.UTF_8)));
            if (reply.status() != 204) {
                throw new IOException("the policy of " + target + ": " + reply.head() + reply.text());
            }
        }
        String document = "<BucketLoggingStatus><LoggingEnabled><TargetBucket>" + target
                + "</TargetBucket><TargetPrefix>" + bucket + "/</TargetPrefix><LoggingType>" + type
                + "</LoggingType></LoggingEnabled></BucketLoggingStatus>";
        put("/" + bucket + "?logging=", Body.of(document.getBytes(StandardCharsets.UTF_8)));
    }

    void put(String path, Body body) throws IOException {
        try (S3Connection connection = connect()) {
            S3Connection.Reply reply = connection.call("PUT", path, Map.of(), body);
            if (reply.status() != 200) {
                throw new IOException("PUT " + path + ": " + reply.head() + reply.text());
            }
        }
    }

    /**
     * Fills a bucket with keys {@code key-0000001} and on that all share one row's content, for listings only: written past the
     * server, because a million PUTs would take longer than all that is measured.
     */
    void fill(String bucket, int keys) throws IOException, SQLException {
        put("/" + bucket + "/key-", Body.of("content".getBytes(StandardCharsets.UTF_8)));
        List<String> columns = new ArrayList<>();
        try (Statement statement = observer.createStatement()) {
            try (ResultSet found = statement.executeQuery("SELECT column_name FROM information_schema.columns"
                    + " WHERE table_schema = DATABASE() AND table_name = 'object_current' ORDER BY ordinal_position")) {
                while (found.next()) {
                    columns.add(found.getString(1));
                }
            }
            String names = String.join(", ", columns);
            String values = names.replace("object_key", "CONCAT(object_key, LPAD(seq, 7, '0'))");
            statement.execute("INSERT INTO object_current (" + names + ") SELECT " + values
                    + " FROM object_current, seq_1_to_" + keys
                    + " WHERE bucket_id = (SELECT id FROM bucket WHERE name = '" + bucket
                    + "') AND object_key = 'key-'");
            statement.execute("ANALYZE TABLE object_current");
        }
    }

    /** How a bucket is filled for sweeps: keys {@code key-00000001} and on that all share one row's content, a part of them older. */
    record Aged(String bucket, int keys, int everyNth, Duration age) {}

    /** Fills a bucket past the server, as {@link #fill}. */
    void fill(Aged aged) throws IOException, SQLException {
        put("/" + aged.bucket() + "/key-", Body.of("content".getBytes(StandardCharsets.UTF_8)));
        String names = columns();
        String values = names.replace("object_key", "CONCAT(object_key, LPAD(seq, 8, '0'))")
                .replace(
                        "sequence",
                        "sequence - IF(seq % " + aged.everyNth() + " = 0, " + sequences(aged.age()) + ", 0)");
        for (int from = 1; from <= aged.keys(); from += CHUNK) {
            int to = Math.min(aged.keys(), from + CHUNK - 1);
            execute("INSERT INTO object_current (" + names + ") SELECT " + values + " FROM object_current, seq_" + from
                    + "_to_" + to + " WHERE bucket_id = " + id(aged.bucket()) + " AND object_key = 'key-'");
        }
        execute("ANALYZE TABLE object_current");
    }

    /** Makes other keys old: those with a remainder. */
    void age(Aged aged, int remainder) throws SQLException {
        execute("UPDATE object_current SET sequence = sequence - " + sequences(aged.age()) + " WHERE bucket_id = "
                + id(aged.bucket()) + " AND object_key > 'key-' AND SUBSTR(object_key, 5) % " + aged.everyNth() + " = "
                + remainder);
    }

    private static long sequences(Duration age) {
        return age.toSeconds() * 1_000_000 * 2_048;
    }

    private String columns() throws SQLException {
        return text("SELECT GROUP_CONCAT(column_name ORDER BY ordinal_position SEPARATOR ', ')"
                + " FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'object_current'");
    }

    private static String id(String bucket) {
        return "(SELECT id FROM bucket WHERE name = '" + bucket + "')";
    }

    /** Whether the lifecycle rules of a bucket were carried out since they were changed. */
    boolean isSwept(String bucket) throws SQLException {
        return text("SELECT COUNT(*) FROM bucket_turn WHERE job = 'lifecycle' AND holder IS NULL AND position IS NULL"
                        + " AND due_at > UNIX_TIMESTAMP(NOW(6)) * 1000000 AND bucket_id = " + id(bucket))
                .equals("1");
    }

    /** Whether the sweep of a bucket is on its way. */
    boolean isBeingSwept(String bucket) throws SQLException {
        return text("SELECT COUNT(*) FROM bucket_turn WHERE job = 'lifecycle' AND position IS NOT NULL AND bucket_id = "
                        + id(bucket))
                .equals("1");
    }

    /** From now on the database keeps the longer statements of servers that are started later. */
    void watchStatements() throws SQLException {
        execute("SET SESSION long_query_time = 3600");
        execute("SET GLOBAL log_output = 'TABLE', GLOBAL long_query_time = 0.01, GLOBAL slow_query_log = ON");
        execute("TRUNCATE mysql.slow_log");
    }

    /** The longest statement of servers since {@link #watchStatements}, in milliseconds; 0 if none took more than 10. */
    double longestStatement() throws SQLException {
        return Double.parseDouble(text("SELECT COALESCE(MAX(TIME_TO_SEC(query_time)), 0) * 1000 FROM mysql.slow_log"));
    }

    /** Its text. */
    String longestStatementText() throws SQLException {
        return text("SELECT COALESCE((SELECT LEFT(CONVERT(sql_text USING utf8mb4), 300) FROM mysql.slow_log"
                + " ORDER BY query_time DESC LIMIT 1), '')");
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = observer.createStatement()) {
            statement.execute(sql);
        }
    }

    private String text(String sql) throws SQLException {
        try (Statement statement = observer.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            found.next();
            return found.getString(1);
        }
    }

    Load load(int connections, Duration warmUp, Duration measured) {
        return new Load(port, KEYS, connections, warmUp, measured);
    }

    Consumption consumption() {
        try (Statement statement = observer.createStatement();
                ResultSet status = statement.executeQuery("SHOW GLOBAL STATUS LIKE 'Questions'")) {
            status.next();
            return new Consumption(serverProcess().cpu(), databaseProcess.cpu(), status.getLong(2));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    LinuxProcess serverProcess() {
        return new LinuxProcess(server.pid());
    }

    /** The fullest that the server's heap was when a collection began, in MiB, since its start. */
    long peakHeap() throws IOException {
        long peak = 0;
        for (Matcher line = COLLECTION.matcher(Files.readString(gcLog)); line.find(); ) {
            peak = Math.max(peak, Long.parseLong(line.group(1)));
        }
        return peak;
    }

    @Override
    public void close() throws SQLException {
        observer.close();
        if (server != null) {
            server.close();
        }
        database.close();
    }
}
