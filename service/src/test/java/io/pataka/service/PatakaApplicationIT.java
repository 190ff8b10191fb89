package io.pataka.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.DropwizardTestSupport;
import io.pataka.service.metadata.DatabaseSettings;
import io.pataka.service.testing.AccessKeys;
import io.pataka.service.testing.EmbeddedMariaDb;
import io.pataka.service.testing.S3Server;
import io.pataka.service.testing.ServerSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The shipped application on a real database, called by Amazon's SDK. */
class PatakaApplicationIT {

    @RegisterExtension
    static final S3Server SERVER = S3Server.own();

    private final S3Client s3;

    PatakaApplicationIT(S3Client s3) {
        this.s3 = s3;
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
        try (S3Client forger = SERVER.client(new AccessKeys(S3Server.KEYS.access(), "guessed"))) {
            assertThatThrownBy(forger::listBuckets).isInstanceOfSatisfying(S3Exception.class, refusal -> {
                assertThat(refusal.statusCode()).isEqualTo(403);
                assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo("SignatureDoesNotMatch");
                assertThat(refusal.requestId()).hasSize(16);
                assertThat(refusal.extendedRequestId()).isNotBlank();
            });
        }
    }

    @Test
    void reportsHealthAndMetrics() throws Exception {
        assertThat(SERVER.admin("/healthcheck")).contains("\"volumes\"", "\"database\"", "\"healthy\":true");
        assertThat(SERVER.admin("/metrics")).contains("pataka_operation_duration_seconds", "pataka_requests_running");
    }

    @Test
    void takesNoDiskThatIsNotMountedForANewOne(@TempDir Path elsewhere) throws Exception {
        s3.createBucket(request -> request.bucket("there-is-data"));
        String settings = Files.readString(SERVER.settings())
                .replace(SERVER.volume().toString(), elsewhere.resolve("volume").toString());
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
        Path file = ServerSettings.forTests(elsewhere, 0, empty, S3Server.KEYS);
        Files.writeString(
                file,
                Files.readString(file)
                        .replace(
                                elsewhere.resolve("volume").toString(),
                                SERVER.volume().toString()));
        DropwizardTestSupport<PatakaConfiguration> second = new DropwizardTestSupport<>(
                PatakaApplication.class, file.toString(), ConfigOverride.config("server.adminConnectors[0].port", "0"));
        assertThatThrownBy(second::before).hasStackTraceContaining("Is it the right database?");
    }
}
