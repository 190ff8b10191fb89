package io.pataka.service.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.DropwizardTestSupport;
import io.pataka.service.PatakaApplication;
import io.pataka.service.PatakaConfiguration;
import io.pataka.service.metadata.DatabaseSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The application as it is shipped, in this process, on a real database of its own and one volume. */
public final class S3TestBed implements AutoCloseable {

    private static final AccessKeys KEYS = new AccessKeys("PATAKATEST", "not-a-secret");

    private final DropwizardTestSupport<PatakaConfiguration> server;
    private final DatabaseSettings database;
    private final Path settings;

    private S3TestBed(DropwizardTestSupport<PatakaConfiguration> server, DatabaseSettings database, Path settings) {
        this.server = server;
        this.database = database;
        this.settings = settings;
    }

    /**
     * @param folder empty; gets settings, credentials and objects
     */
    public static S3TestBed start(Path folder) throws Exception {
        return start(folder, "");
    }

    /**
     * @param folder empty; gets settings, credentials and objects
     * @param moreSettings lines of YAML to add to those of every test
     */
    public static S3TestBed start(Path folder, String moreSettings) throws Exception {
        DatabaseSettings database = EmbeddedMariaDb.shared().freshSchema();
        Path settings = ServerSettings.forTests(folder, 0, database, KEYS);
        Files.writeString(settings, moreSettings, StandardOpenOption.APPEND);
        DropwizardTestSupport<PatakaConfiguration> server =
                new DropwizardTestSupport<>(PatakaApplication.class, settings.toString());
        server.before();
        return new S3TestBed(server, database, settings);
    }

    /** A second server on the same database and the same volume. */
    public S3TestBed anotherNode() throws Exception {
        DropwizardTestSupport<PatakaConfiguration> other = new DropwizardTestSupport<>(
                PatakaApplication.class,
                settings.toString(),
                ConfigOverride.config("server.adminConnectors[0].port", "0"));
        other.before();
        return new S3TestBed(other, database, settings);
    }

    /** Scheme, host and port. */
    public String endpoint() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** Where its rows are. */
    public DatabaseSettings database() {
        return database;
    }

    /** Those of its only user. */
    public AccessKeys keys() {
        return KEYS;
    }

    /** A signed connection that sends what it is told, byte for byte. */
    public S3Connection connect() throws IOException {
        return new S3Connection(server.getLocalPort(), KEYS);
    }

    /** Runs a task on the admin port, and returns what it says. */
    public String adminTask(String name) throws IOException {
        URL url = new URL("http://127.0.0.1:" + server.getAdminPort() + "/tasks/" + name);
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        connection.setRequestMethod("POST");
        try (InputStream in = connection.getInputStream()) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    /** Amazon's own client, with its defaults. */
    public S3Client client() {
        return S3Client.builder()
                .endpointOverride(URI.create(endpoint()))
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(KEYS.access(), KEYS.secret())))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    @Override
    public void close() {
        server.after();
    }
}
