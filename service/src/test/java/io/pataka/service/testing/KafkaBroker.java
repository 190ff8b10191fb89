package io.pataka.service.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.development.SelfSignedCertificate;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A Kafka broker in a process of its own, on 127.0.0.1 with free ports. It has a listener without TLS and SASL, one with TLS, and one with TLS
 * and SASL for the user {@link #USER}. Topics are not made by themselves. Its data stay when it is killed and started again.
 */
public final class KafkaBroker implements AutoCloseable {

    public static final String USER = "alice";

    /** With characters that would end the text in a login configuration. */
    public static final String PASSWORD = "a\\b\"c;d e";

    private static final Duration START = Duration.ofMinutes(2);
    private static final int NODE = 1;
    private static final int SCRAM_ITERATIONS = 4096;

    private final Path folder;
    private final SelfSignedCertificate certificate;
    private final int port;
    private final int tlsPort;
    private final int loginPort;
    private ServerProcess process;

    private KafkaBroker(Path folder) throws Exception {
        this.folder = folder.toAbsolutePath();
        this.certificate = SelfSignedCertificate.in(this.folder);
        this.port = ServerProcess.freePort();
        this.tlsPort = ServerProcess.freePort();
        this.loginPort = ServerProcess.freePort();
        configure();
        format();
        start();
    }

    /**
     * Starts a broker and waits until it takes connections.
     *
     * @param folder for the files of the broker alone
     */
    public static KafkaBroker in(Path folder) throws Exception {
        return new KafkaBroker(folder);
    }

    private Path settings() {
        return folder.resolve("server.properties");
    }

    private Path data() {
        return folder.resolve("data");
    }

    private void configure() throws IOException {
        int controller = ServerProcess.freePort();
        String pem = folder.resolve("server.pem").toString();
        Files.writeString(
                Path.of(pem),
                Files.readString(certificate.key(), UTF_8) + Files.readString(certificate.certificate(), UTF_8));
        Properties settings = new Properties();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(NODE));
        settings.put("controller.quorum.voters", NODE + "@127.0.0.1:" + controller);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("inter.broker.listener.name", "PLAIN");
        settings.put(
                "listeners",
                "PLAIN://127.0.0.1:" + port + ",TLS://127.0.0.1:" + tlsPort + ",LOGIN://127.0.0.1:" + loginPort
                        + ",CONTROLLER://127.0.0.1:" + controller);
        settings.put("listener.security.protocol.map", "PLAIN:PLAINTEXT,TLS:SSL,LOGIN:SASL_SSL,CONTROLLER:PLAINTEXT");
        settings.put("log.dirs", data().toString());
        settings.put("auto.create.topics.enable", "false");
        // Otherwise a group of consumers reads nothing, because its topic cannot be made.
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("ssl.keystore.type", "PEM");
        settings.put("ssl.keystore.location", pem);
        settings.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512");
        String quoted = PASSWORD.replace("\\", "\\\\").replace("\"", "\\\"");
        settings.put(
                "listener.name.login.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required user_" + USER + "=\"" + quoted
                        + "\";");
        for (String mechanism : List.of("scram-sha-256", "scram-sha-512")) {
            settings.put(
                    "listener.name.login." + mechanism + ".sasl.jaas.config",
                    "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        }
        try (OutputStream out = Files.newOutputStream(settings())) {
            settings.store(out, null);
        }
    }

    private void format() throws Exception {
        try (PrintStream log = new PrintStream(log().toFile(), UTF_8)) {
            new Formatter()
                    .setPrintStream(log)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(NODE)
                    .setDirectories(List.of(data().toString()))
                    .setMetadataLogDirectory(data().toString())
                    .setControllerListenerName("CONTROLLER")
                    .run();
        }
    }

    private Path log() {
        return folder.resolve("output.log");
    }

    /** Starts the broker on its ports again after {@link #kill()}. */
    public void start() throws IOException, InterruptedException {
        process = ServerProcess.start(
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                List.of("kafka.Kafka", settings().toString()),
                log());
        for (int listener : new int[] {port, tlsPort, loginPort}) {
            process.awaitListening(listener, START);
        }
    }

    /** Without TLS and SASL. */
    public int port() {
        return port;
    }

    /** With TLS and the certificate {@link #certificate()}. */
    public int tlsPort() {
        return tlsPort;
    }

    /** With TLS and SASL. */
    public int loginPort() {
        return loginPort;
    }

    /** For localhost and 127.0.0.1. */
    public SelfSignedCertificate certificate() {
        return certificate;
    }

    private Map<String, Object> connection() {
        return Map.of("bootstrap.servers", "127.0.0.1:" + port);
    }

    /** Makes a topic. */
    public void makeTopic(String name, int partitions) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(connection())) {
            admin.createTopics(Set.of(new NewTopic(name, partitions, (short) 1)))
                    .all()
                    .get();
        }
    }

    /** Lets the user log in with a mechanism of SCRAM; with PLAIN the user can at once. */
    public void allowScram(ScramMechanism mechanism) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(connection())) {
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                            USER, new ScramCredentialInfo(mechanism, SCRAM_ITERATIONS), PASSWORD)))
                    .all()
                    .get();
        }
    }

    /**
     * Reads from the beginning of a topic.
     *
     * @param atLeast waits a minute for so many records
     */
    public List<ConsumerRecord<String, String>> read(String topic, int atLeast) {
        Map<String, Object> settings = new HashMap<>(connection());
        settings.put("group.id", Uuid.randomUuid().toString());
        settings.put("auto.offset.reset", "earliest");
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(Set.of(topic));
            long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
            while (records.size() < atLeast && System.nanoTime() < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            consumer.poll(Duration.ofMillis(200)).forEach(records::add);
        }
        return records;
    }

    /** {@code kill -9}. */
    public void kill() throws InterruptedException {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }
}
