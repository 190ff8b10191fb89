package io.pataka.service.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Debian's HAProxy with settings of a test, in the foreground. It ends with this JVM, or when it is closed. */
public final class HaProxy implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(30);
    private static final Path SHIPPED = Path.of("../etc");

    private final ServerProcess process;
    private final Path socket;

    private HaProxy(ServerProcess process, Path socket) {
        this.process = process;
        this.socket = socket;
    }

    /**
     * Starts HAProxy with a file of settings, and waits until it listens.
     *
     * @param port one of those that the settings name
     */
    public static HaProxy start(Path settings, int port) throws IOException, InterruptedException {
        Path folder = settings.toAbsolutePath().getParent();
        Path socket = Files.createTempDirectory("pataka-haproxy-").resolve("sock");
        Path admin = folder.resolve(settings.getFileName() + ".admin");
        Files.writeString(admin, "global\n    stats socket " + socket + " level admin\n");
        ServerProcess process = ServerProcess.program(
                List.of("haproxy", "-db", "-n", "2000", "-f", admin.toString(), "-f", settings.toString()),
                folder.resolve(settings.getFileName() + ".log"));
        process.awaitListening(port, START);
        return new HaProxy(process, socket);
    }

    /** In front of a cluster's nodes, with {@code etc/haproxy-mariadb.cfg}; only addresses are replaced. */
    public static HaProxy before(GaleraCluster cluster, Path folder, int port)
            throws IOException, InterruptedException {
        List<GaleraCluster.Node> nodes = cluster.nodes();
        String text = GaleraCluster.replace(
                Files.readString(SHIPPED.resolve("haproxy-mariadb.cfg"), UTF_8),
                List.of(
                        List.of("bind 127.0.0.1:3306", "bind 127.0.0.1:" + port),
                        List.of("127.0.0.1:10000", "127.0.0.1:" + ServerProcess.freePort()),
                        List.of("server port 9200 check", "server check"),
                        server(nodes.get(0), "192.0.2.21:3306"),
                        server(nodes.get(1), "192.0.2.22:3306"),
                        server(nodes.get(2), "192.0.2.23:3306")));
        return start(Files.writeString(folder.resolve("haproxy-mariadb.cfg"), text, UTF_8), port);
    }

    private static List<String> server(GaleraCluster.Node node, String address) {
        return List.of(address, "127.0.0.1:" + node.port() + " port " + node.checkPort());
    }

    /** Runs a command of HAProxy's administrator, and returns the answer. */
    public String command(String text) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap((text + "\n").getBytes(UTF_8)));
            return new String(Channels.newInputStream(channel).readAllBytes(), UTF_8);
        }
    }

    /** The name of the server of a proxy that has the most connections now. */
    public String busiestServer(String proxy) throws IOException {
        String[] lines = command("show stat").split("\n");
        List<String> columns = List.of(lines[0].replaceFirst("^# ", "").split(",", -1));
        return List.of(lines).stream()
                .skip(1)
                .map(line -> List.of(line.split(",", -1)))
                .filter(row -> row.get(0).equals(proxy) && !row.get(1).equals("FRONTEND"))
                .filter(row -> !row.get(1).equals("BACKEND"))
                .max((one, other) -> Integer.compare(current(columns, one), current(columns, other)))
                .orElseThrow()
                .get(1);
    }

    private static int current(List<String> columns, List<String> row) {
        return Integer.parseInt(row.get(columns.indexOf("scur")));
    }

    /** All it has printed. */
    public String output() {
        return process.output();
    }

    @Override
    public void close() {
        process.close();
        try {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(socket.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return the problems that HAProxy finds in a file of settings; empty for none */
    public static String problems(Path settings) throws IOException, InterruptedException {
        Process check = new ProcessBuilder("haproxy", "-c", "-f", settings.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(check.getInputStream().readAllBytes(), UTF_8);
        return check.waitFor() == 0 && !said.contains("WARNING") ? "" : said;
    }
}
