package io.pataka.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.DropwizardTestSupport;
import io.pataka.service.metadata.DatabaseSettings;
import io.pataka.service.testing.AccessKeys;
import io.pataka.service.testing.EmbeddedMariaDb;
import io.pataka.service.testing.ServerSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The application as it is shipped, on a real database, as Amazon's own SDK meets it. */
class PatakaApplicationIT {

    private static final AccessKeys KEYS = new AccessKeys("PATAKATEST", "not-a-secret");

    @TempDir
    private static Path folder;

    private static DropwizardTestSupport<PatakaConfiguration> server;
    private static S3Client s3;

    @BeforeAll
    static void start() throws Exception {
        DatabaseSettings database = EmbeddedMariaDb.shared().freshSchema();
        Path settings = ServerSettings.forTests(folder, 0, database, KEYS);
        server = new DropwizardTestSupport<>(PatakaApplication.class, settings.toString());
        server.before();
        s3 = client(KEYS.secret());
    }

    private static S3Client client(String secret) {
        return S3Client.builder()
                .endpointOverride(URI.create("http://127.0.0.1:" + server.getLocalPort()))
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(KEYS.access(), secret)))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    @AfterAll
    static void stop() {
        s3.close();
        server.after();
    }

    @Test
    void keepsBucketsAndObjects() {
        s3.createBucket(request -> request.bucket("journey"));
        s3.putObject(request -> request.bucket("journey").key("a//b c+d ☃"), RequestBody.fromString("hello"));
        assertThat(s3.listBuckets().buckets()).extracting(Bucket::name).contains("journey");
        assertThat(s3.listObjectsV2(request -> request.bucket("journey")).contents())
                .extracting(S3Object::key)
                .containsExactly("a//b c+d ☃");
        assertThat(s3.getObjectAsBytes(request -> request.bucket("journey").key("a//b c+d ☃"))
                        .asUtf8String())
                .isEqualTo("hello");
        s3.deleteObject(request -> request.bucket("journey").key("a//b c+d ☃"));
        assertThatThrownBy(() ->
                        s3.getObjectAsBytes(request -> request.bucket("journey").key("a//b c+d ☃")))
                .isInstanceOf(NoSuchKeyException.class);
        s3.deleteBucket(request -> request.bucket("journey"));
    }

    @Test
    void refusesAWrongSecretInAmazonsWords() {
        try (S3Client forger = client("guessed")) {
            assertThatThrownBy(forger::listBuckets).isInstanceOfSatisfying(S3Exception.class, refusal -> {
                assertThat(refusal.statusCode()).isEqualTo(403);
                assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo("SignatureDoesNotMatch");
                assertThat(refusal.requestId()).hasSize(16);
                assertThat(refusal.extendedRequestId()).isNotBlank();
            });
        }
    }

    @Test
    void tellsOperatorsHowItIs() throws Exception {
        HttpResponse<String> health = admin("/healthcheck");
        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body()).contains("\"volumes\"", "\"database\"", "\"healthy\":true");
        assertThat(admin("/metrics").body()).contains("pataka_operation_duration_seconds", "pataka_requests_running");
    }

    private static HttpResponse<String> admin(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getAdminPort() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString(UTF_8));
    }

    @Test
    void takesNoDiskThatIsNotMountedForANewOne(@TempDir Path elsewhere) throws Exception {
        s3.createBucket(request -> request.bucket("there-is-data"));
        String settings = Files.readString(folder.resolve("pataka.yml"))
                .replace(
                        folder.resolve("volume").toString(),
                        elsewhere.resolve("volume").toString());
        Path file = Files.writeString(elsewhere.resolve("pataka.yml"), settings);
        DropwizardTestSupport<PatakaConfiguration> second = new DropwizardTestSupport<>(
                PatakaApplication.class, file.toString(), ConfigOverride.config("server.adminConnectors[0].port", "0"));
        assertThatThrownBy(second::before).hasStackTraceContaining("Is the disk mounted?");
    }

    @Test
    void refusesToServeTheVolumesOfAnotherDatabase(@TempDir Path elsewhere) throws Exception {
        s3.createBucket(request -> request.bucket("there-are-blobs"));
        s3.putObject(request -> request.bucket("there-are-blobs").key("one"), RequestBody.fromString("hello"));
        DatabaseSettings empty = EmbeddedMariaDb.shared().freshSchema();
        Path file = ServerSettings.forTests(elsewhere, 0, empty, KEYS);
        Files.writeString(
                file,
                Files.readString(file)
                        .replace(
                                elsewhere.resolve("volume").toString(),
                                folder.resolve("volume").toString()));
        DropwizardTestSupport<PatakaConfiguration> second = new DropwizardTestSupport<>(
                PatakaApplication.class, file.toString(), ConfigOverride.config("server.adminConnectors[0].port", "0"));
        assertThatThrownBy(second::before).hasStackTraceContaining("Is it the right database?");
    }
}
