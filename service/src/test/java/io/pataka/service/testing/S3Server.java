package io.pataka.service.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.DropwizardTestSupport;
import io.pataka.service.PatakaApplication;
import io.pataka.service.PatakaConfiguration;
import io.pataka.service.metadata.DatabaseSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The shipped application in this process, with a real database, one volume and the credentials of two users. Register it with
 * {@code @RegisterExtension}: in a static field the server runs for all tests of the class, in an instance field for one test.
 *
 * <p>Tests, and constructors of test classes, may have parameters of these types; what is opened is closed after the test:
 *
 * <ul>
 *   <li>{@link S3Connection} and {@link S3Client}, with the keys of the {@linkplain #KEYS owner}; with {@code @}{@link Guest} those of the
 *       {@linkplain #GUEST guest}
 *   <li>{@code @}{@link NewBucket} {@link String}, the name of a new bucket of the owner
 * </ul>
 */
public final class S3Server
        implements BeforeAllCallback,
                AfterAllCallback,
                BeforeEachCallback,
                AfterEachCallback,
                ParameterResolver,
                AutoCloseable {

    /** The keys of the user who owns all buckets, of the account {@code development}. */
    public static final AccessKeys KEYS = new AccessKeys("PATAKATEST", "not-a-secret");

    /** The keys of a user of another account, {@code guests}. */
    public static final AccessKeys GUEST = new AccessKeys("PATAKAGUEST", "not-a-secret-either");

    private static final S3Server SHARED = new S3Server(null, "", settings -> {}, true);
    private static final Namespace NAMESPACE = Namespace.create(S3Server.class);
    private static final AtomicInteger BUCKETS = new AtomicInteger();

    private final S3Server first;
    private final String moreSettings;
    private final Edit edit;
    private final boolean shared;
    private Path folder;
    private DatabaseSettings database;
    private DropwizardTestSupport<PatakaConfiguration> server;
    private boolean forOneTest;

    private S3Server(S3Server first, String moreSettings, Edit edit, boolean shared) {
        this.first = first;
        this.moreSettings = moreSettings;
        this.edit = edit;
        this.shared = shared;
    }

    /**
     * One server for all classes of this JVM, with the default settings. It stops when all tests have run. A test that uses it looks at
     * its own buckets only: others have theirs in the same database and on the same volume.
     */
    public static S3Server shared() {
        return SHARED;
    }

    /**
     * A server with a database and a volume of its own.
     *
     * @param moreSettings lines of YAML, to add to those of every server; none for the default settings
     */
    public static S3Server own(String... moreSettings) {
        return new S3Server(null, String.join("\n", List.of(moreSettings)), settings -> {}, false);
    }

    /** A server with a database and a volume of its own, whose settings are edited before it starts. */
    public static S3Server edited(Edit edit) {
        return new S3Server(null, "", edit, false);
    }

    /** Changes a file of settings, which is in a folder of its own. */
    @FunctionalInterface
    public interface Edit {
        void edit(Path settings) throws IOException;
    }

    /** A server with a volume of its own on a database that the test has made. */
    public static S3Server on(DatabaseSettings database) {
        S3Server server = new S3Server(null, "", settings -> {}, false);
        server.database = database;
        return server;
    }

    /** A second node with the settings, the database and the volume of a server that runs already. */
    public static S3Server nodeBeside(S3Server first) {
        return new S3Server(first, "", settings -> {}, false);
    }

    /** Starts the server in a test that registers none; close it in the end. */
    public S3Server start() throws Exception {
        if (first != null) {
            folder = first.folder;
            database = first.database;
        } else {
            folder = Files.createTempDirectory("pataka-server-");
            if (database == null) {
                database = EmbeddedMariaDb.shared().freshSchema();
            }
            ServerSettings.forTests(folder, 0, database, KEYS);
            Files.writeString(settings(), moreSettings, StandardOpenOption.APPEND);
            edit.edit(settings());
            KeyFile.append(folder.resolve("credentials.yml"), GUEST, "guests", "guest-1");
        }
        DropwizardTestSupport<PatakaConfiguration> starting = new DropwizardTestSupport<>(
                PatakaApplication.class,
                settings().toString(),
                ConfigOverride.config("server.adminConnectors[0].port", "0"));
        starting.before();
        server = starting;
        return this;
    }

    /** The settings file. */
    public Path settings() {
        return folder.resolve("pataka.yml");
    }

    /** The directory of the only volume. */
    public Path volume() {
        return folder.resolve("volume");
    }

    /** The files of all blobs on the volume. */
    public Set<Path> blobFiles() throws IOException {
        try (Stream<Path> found = Files.walk(volume().resolve("objects"))) {
            return found.filter(Files::isRegularFile).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** The only file that a write adds to the volume. */
    public Path fileOf(Write write) throws IOException {
        Set<Path> before = blobFiles();
        write.run();
        Set<Path> added = blobFiles();
        added.removeAll(before);
        assertThat(added).hasSize(1);
        return added.iterator().next();
    }

    /** A request that stores a blob. */
    @FunctionalInterface
    public interface Write {
        void run() throws IOException;
    }

    /** Scheme, host and port. */
    public String endpoint() {
        return "http://127.0.0.1:" + port();
    }

    public int port() {
        return server.getLocalPort();
    }

    /** The database that has the server's rows. */
    public DatabaseSettings database() {
        return database;
    }

    /** A connection that signs with the owner's keys, and sends what it gets byte for byte. */
    public S3Connection connect() throws IOException {
        return connect(KEYS);
    }

    public S3Connection connect(AccessKeys keys) throws IOException {
        return new S3Connection(port(), keys);
    }

    /** Amazon's own client with its defaults and the owner's keys. */
    public S3Client client() {
        return client(KEYS);
    }

    public S3Client client(AccessKeys keys) {
        return client(StaticCredentialsProvider.create(AwsBasicCredentials.create(keys.access(), keys.secret())));
    }

    public S3Client client(AwsCredentialsProvider credentials) {
        return S3Client.builder()
                .endpointOverride(URI.create(endpoint()))
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials)
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    /** The body of the answer to a GET on the admin port, such as {@code /metrics}. */
    public String admin(String path) throws IOException {
        return askAdmin("GET", path);
    }

    /** Runs a task on the admin port, and returns its output. */
    public String adminTask(String name) throws IOException {
        return askAdmin("POST", "/tasks/" + name);
    }

    private String askAdmin(String method, String path) throws IOException {
        URL url = new URL("http://127.0.0.1:" + server.getAdminPort() + path);
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        connection.setRequestMethod(method);
        try (InputStream in = connection.getInputStream()) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        if (!shared) {
            start();
        } else if (server == null) {
            start();
            // JUnit closes what is in the store of the root when all tests have run.
            context.getRoot().getStore(NAMESPACE).put(S3Server.class, this);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (!shared) {
            close();
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        if (server == null) {
            start();
            forOneTest = true;
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (forOneTest) {
            close();
        }
    }

    /** What a constructor gets is closed after the test, and not after the class. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == S3Connection.class
                || type == S3Client.class
                || (type == String.class && parameter.isAnnotated(NewBucket.class));
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        try {
            AccessKeys keys = parameter.isAnnotated(Guest.class) ? GUEST : KEYS;
            return type == String.class
                    ? newBucket(context)
                    : closedAfter(context, type == S3Client.class ? client(keys) : connect(keys));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String prefix(ExtensionContext context) {
        return context.getRequiredTestClass()
                .getSimpleName()
                .replaceAll("(.)([A-Z])", "$1-$2")
                .toLowerCase(Locale.ROOT);
    }

    private String newBucket(ExtensionContext context) throws IOException {
        String name = prefix(context) + "-" + BUCKETS.incrementAndGet();
        try (S3Connection connection = connect()) {
            S3Connection.Reply reply = connection.call("PUT", "/" + name);
            assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        }
        return name;
    }

    private static AutoCloseable closedAfter(ExtensionContext context, AutoCloseable opened) {
        context.getStore(NAMESPACE).put(opened, opened);
        return opened;
    }

    @Override
    public void close() {
        if (server != null) {
            server.after();
            server = null;
        }
        if (first == null && folder != null) {
            delete(folder);
            folder = null;
        }
    }

    private static void delete(Path tree) {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
