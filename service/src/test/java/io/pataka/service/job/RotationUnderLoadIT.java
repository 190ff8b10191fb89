package io.pataka.service.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.db.ManagedDataSource;
import io.pataka.service.encryption.FileKeyRing;
import io.pataka.service.encryption.KeyRefusedException;
import io.pataka.service.encryption.KeyRefusedException.Reason;
import io.pataka.service.encryption.KeyRingFile;
import io.pataka.service.encryption.KeySource;
import io.pataka.service.encryption.ObjectKeys;
import io.pataka.service.encryption.Ring;
import io.pataka.service.job.Job.Progress;
import io.pataka.service.metadata.Database;
import io.pataka.service.metadata.MariaDbJobPositions;
import io.pataka.service.metadata.MariaDbSealedRows;
import io.pataka.service.testing.KeyRings;
import io.pataka.service.testing.NewBucket;
import io.pataka.service.testing.S3Server;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Keys are changed again and again while objects are written, copied, tagged and completed. The server runs no job of its own. */
final class RotationUnderLoadIT {

    private static final int WRITERS = 4;
    private static final int ROUNDS_OF_WRITERS = 15;
    private static final Duration SLICE = Duration.ofMillis(200);

    @RegisterExtension
    final S3Server server = S3Server.own("jobs: {enabled: false}");

    private final Map<String, String> written = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    private ManagedDataSource source;
    private KeyRotation job;
    private Path file;

    @BeforeEach
    void open() throws Exception {
        file = server.settings().resolveSibling("keyring.yml");
        source = server.database().open(new MetricRegistry());
        Database database = new Database(source);
        FileKeyRing ring = FileKeyRing.open(
                file,
                id -> {
                    throw new KeyRefusedException(Reason.NOT_CONFIGURED, "no Barbican");
                },
                Clock.systemUTC());
        job = new KeyRotation(
                new MariaDbSealedRows(database),
                new MariaDbJobPositions(database),
                ring,
                new ObjectKeys(ring, KeySource.NONE),
                Clock.systemUTC(),
                7);
    }

    @AfterEach
    void close() throws Exception {
        threads.shutdownNow();
        source.stop();
    }

    /** The server and the job look at the file at most once a second. */
    private void activateNewKey(String id) throws Exception {
        KeyRingFile.replace(
                file, KeyRingFile.read(file).with(id, KeyRings.randomKey()).activate(id));
        Thread.sleep(1_100);
    }

    /** @return how many data keys it wrapped */
    private long runRound() throws Exception {
        long before = job.wrapped();
        while (job.runSlice(SLICE) == Progress.BUSY) {
            // until the round is complete
        }
        return job.wrapped() - before;
    }

    private void write(S3Client client, String bucket, String writer) {
        for (int i = 0; i < ROUNDS_OF_WRITERS; i++) {
            String key = writer + "-" + i;
            put(client, bucket, writer, key);
            put(client, bucket, key, key);
            client.putObjectTagging(request -> request.bucket(bucket)
                    .key(key)
                    .tagging(tags ->
                            tags.tagSet(Tag.builder().key("t").value("v").build())));
            client.copyObject(request -> request.sourceBucket(bucket)
                    .sourceKey(key)
                    .destinationBucket(bucket)
                    .destinationKey(key + "-copy")
                    .serverSideEncryption(ServerSideEncryption.AES256));
            written.put(key + "-copy", key);
            upload(client, bucket, key + "-parts");
        }
    }

    private void put(S3Client client, String bucket, String key, String text) {
        client.putObject(
                request -> request.bucket(bucket).key(key).serverSideEncryption(ServerSideEncryption.AES256),
                RequestBody.fromString(text));
        written.put(key, text);
    }

    private void upload(S3Client client, String bucket, String key) {
        String id = client.createMultipartUpload(
                        request -> request.bucket(bucket).key(key).serverSideEncryption(ServerSideEncryption.AES256))
                .uploadId();
        String part = client.uploadPart(
                        request -> request.bucket(bucket).key(key).uploadId(id).partNumber(1),
                        RequestBody.fromString(key))
                .eTag();
        client.completeMultipartUpload(request -> request.bucket(bucket)
                .key(key)
                .uploadId(id)
                .multipartUpload(list -> list.parts(
                        CompletedPart.builder().partNumber(1).eTag(part).build())));
        written.put(key, key);
    }

    @Test
    void noObjectIsLost(S3Client client, @NewBucket String bucket) throws Exception {
        client.putBucketVersioning(
                request -> request.bucket(bucket).versioningConfiguration(versioning -> versioning.status("Enabled")));
        activateNewKey("k0");
        List<Future<?>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            String name = "writer" + i;
            writers.add(threads.submit(() -> write(client, bucket, name)));
        }
        int keys = 0;
        while (writers.stream().anyMatch(writer -> !writer.isDone())) {
            activateNewKey("k" + ++keys);
            runRound();
        }
        for (Future<?> writer : writers) {
            writer.get();
        }

        activateNewKey("last");
        while (runRound() > 0) {
            // until a round finds nothing
        }
        Ring all = KeyRingFile.read(file);
        KeyRingFile.replace(file, new Ring("last", Map.of("last", all.keys().get("last"))));
        Thread.sleep(1_100);

        assertThat(written).hasSize(WRITERS * (1 + 3 * ROUNDS_OF_WRITERS));
        for (Map.Entry<String, String> object : written.entrySet()) {
            var answer =
                    client.getObjectAsBytes(request -> request.bucket(bucket).key(object.getKey()));
            assertThat(answer.asString(UTF_8)).isEqualTo(object.getValue());
            assertThat(answer.response().serverSideEncryption()).isEqualTo(ServerSideEncryption.AES256);
            if (object.getKey().matches("writer\\d-\\d+")) {
                assertThat(answer.response().tagCount()).isEqualTo(1);
            }
        }
        for (var version : client.listObjectVersionsPaginator(request -> request.bucket(bucket))
                .versions()) {
            assertThat(client.getObjectAsBytes(request ->
                                    request.bucket(bucket).key(version.key()).versionId(version.versionId()))
                            .asByteArray())
                    .isNotEmpty();
        }
    }

    private URL presigned(String bucket, String key) {
        try (S3Presigner presigner = S3Presigner.builder()
                .endpointOverride(URI.create(server.endpoint()))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(S3Server.KEYS.access(), S3Server.KEYS.secret())))
                .serviceConfiguration(
                        S3Configuration.builder().pathStyleAccessEnabled(true).build())
                .build()) {
            return presigner
                    .presignPutObject(url -> url.signatureDuration(Duration.ofMinutes(5))
                            .putObjectRequest(put -> put.bucket(bucket).key(key)))
                    .url();
        }
    }

    /** A slow client may send a body for days. */
    @Test
    void anObjectDoesNotNeedAKeyThatWasRemovedWhileItsBodyWasReceived(S3Client client, @NewBucket String bucket)
            throws Exception {
        client.putBucketEncryption(request -> request.bucket(bucket)
                .serverSideEncryptionConfiguration(encryption -> encryption.rules(
                        rule -> rule.applyServerSideEncryptionByDefault(standard -> standard.sseAlgorithm("AES256")))));
        activateNewKey("old");
        byte[] half = new byte[1 << 20];
        HttpURLConnection slow = (HttpURLConnection) presigned(bucket, "slow").openConnection();
        slow.setRequestMethod("PUT");
        slow.setDoOutput(true);
        slow.setFixedLengthStreamingMode(2 * half.length);
        int filesBefore = server.blobFiles().size();
        try (OutputStream body = slow.getOutputStream()) {
            body.write(half);
            body.flush();
            // The data key was wrapped before bytes were received.
            Thread.sleep(1_000);
            activateNewKey("new");
            assertThat(runRound()).isZero();
            Ring all = KeyRingFile.read(file);
            KeyRingFile.replace(file, new Ring("new", Map.of("new", all.keys().get("new"))));
            Thread.sleep(1_100);
            body.write(half);
        }
        assertThat(slow.getResponseCode()).isEqualTo(200);

        assertThat(server.blobFiles()).hasSize(filesBefore + 1);
        assertThat(client.getObjectAsBytes(request -> request.bucket(bucket).key("slow"))
                        .asByteArray())
                .hasSize(2 * half.length);
    }
}
