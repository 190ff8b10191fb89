package io.pataka.service.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.pataka.service.development.SelfSignedCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * Debian's RabbitMQ as a node of its own, on 127.0.0.1 with free ports. Its user is guest with the password guest. Queues and messages that
 * are durable stay when it is killed and started again.
 */
public final class RabbitMq implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(3);
    private static final String PROGRAM = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    private final Path folder;
    private final SelfSignedCertificate certificate;
    private final int port;
    private final int tlsPort;
    private final int nodesPort;
    private final int distributionPort;
    private Process process;

    private RabbitMq(Path folder) throws IOException, InterruptedException {
        this.folder = folder.toAbsolutePath();
        this.certificate = SelfSignedCertificate.in(this.folder);
        this.port = ServerProcess.freePort();
        this.tlsPort = ServerProcess.freePort();
        this.nodesPort = ServerProcess.freePort();
        this.distributionPort = ServerProcess.freePort();
        Files.writeString(file("rabbitmq.conf"), """
                listeners.tcp.local = 127.0.0.1:%d
                listeners.ssl.local = 127.0.0.1:%d
                ssl_options.cacertfile = %s
                ssl_options.certfile = %s
                ssl_options.keyfile = %s
                disk_free_limit.absolute = 1MB
                """.formatted(
                        port, tlsPort, certificate.certificate(), certificate.certificate(), certificate.key()));
        Files.writeString(file("plugins"), "[].\n");
        Files.writeString(file("environment"), "");
        start();
    }

    /**
     * Starts a node and waits until it takes connections.
     *
     * @param folder for the files of the node alone
     */
    public static RabbitMq in(Path folder) throws IOException, InterruptedException {
        return new RabbitMq(folder);
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    /** Starts the node on its ports again after {@link #kill()}. */
    public void start() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(PROGRAM)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        Map<String, String> environment = builder.environment();
        environment.put("HOME", folder.toString());
        environment.put("RABBITMQ_NODENAME", "pataka@localhost");
        environment.put("RABBITMQ_MNESIA_BASE", file("mnesia").toString());
        environment.put("RABBITMQ_LOG_BASE", file("log").toString());
        environment.put("RABBITMQ_CONFIG_FILE", file("rabbitmq.conf").toString());
        environment.put("RABBITMQ_CONF_ENV_FILE", file("environment").toString());
        environment.put("RABBITMQ_ENABLED_PLUGINS_FILE", file("plugins").toString());
        environment.put("RABBITMQ_PID_FILE", file("pid").toString());
        environment.put("RABBITMQ_DIST_PORT", Integer.toString(distributionPort));
        // The script then replaces itself by the server, which would read a shell's commands from its input.
        environment.put("RABBITMQ_ALLOW_INPUT", "1");
        environment.put("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-noinput");
        nodes(environment);
        process = builder.start();
        process.getOutputStream().close();
        awaitConnections();
    }

    /** Erlang's daemon that knows the ports of nodes; each test has its own. */
    private void nodes(Map<String, String> environment) {
        environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
        environment.put("ERL_EPMD_PORT", Integer.toString(nodesPort));
    }

    private Path log() {
        return file("output.log");
    }

    private void awaitConnections() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (true) {
            try (Connection connection = connect()) {
                if (connection.isOpen()) {
                    return;
                }
            } catch (IOException | TimeoutException notYet) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException("RabbitMQ does not start: " + Files.readString(log(), UTF_8), notYet);
                }
            }
            Thread.sleep(100);
        }
    }

    /** A connection of the user guest to the virtual host {@code /}. */
    public Connection connect() throws IOException, TimeoutException {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(port);
        factory.setAutomaticRecoveryEnabled(false);
        return factory.newConnection();
    }

    /** Without TLS. */
    public int port() {
        return port;
    }

    /** With TLS and the certificate {@link #certificate()}. */
    public int tlsPort() {
        return tlsPort;
    }

    /** For localhost and 127.0.0.1. */
    public SelfSignedCertificate certificate() {
        return certificate;
    }

    /** The process id of the node. */
    public long pid() {
        return process.pid();
    }

    /** Ends the node as a power cut would end it. */
    public void kill() throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        kill();
        ProcessBuilder builder = new ProcessBuilder("epmd", "-port", Integer.toString(nodesPort), "-kill")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        nodes(builder.environment());
        builder.start().waitFor();
    }
}
