package io.pataka.service.metadata;

import static io.pataka.service.metadata.MetadataTestBed.key;
import static io.pataka.service.metadata.MetadataTestBed.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dropwizard.util.Duration;
import io.pataka.service.health.DatabaseHealth;
import io.pataka.service.metadata.ObjectIndex.ListedVersion;
import io.pataka.service.metadata.ObjectIndex.Publication.Published;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.Content;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.testing.EmbeddedMariaDb;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A database that freezes, or is killed and started again. */
@Timeout(120)
final class OutageTest {

    private EmbeddedMariaDb server;
    private MetadataTestBed bed;

    @BeforeEach
    void open() {
        server = EmbeddedMariaDb.separate();
        DatabaseSettings schema = server.freshSchema();
        bed = new MetadataTestBed(new DatabaseSettings(
                schema.url(),
                schema.user(),
                schema.password(),
                schema.connections(),
                Duration.seconds(2),
                Duration.seconds(3)));
    }

    @AfterEach
    void close() {
        server.thaw();
        bed.close();
        server.close();
    }

    @Test
    @Timeout(60)
    void aFrozenDatabaseIsUnavailableInBoundedTimeAndThenGoesOn() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        BlobId blob = BlobId.random(0, 0);
        bed.objects.publish(bucket, version("k", blob), WriteCondition.NONE);
        DatabaseHealth health = new DatabaseHealth(bed.database);
        assertThat(health.execute().isHealthy()).isTrue();

        server.freeze();
        assertThatThrownBy(() -> bed.objects.current(bucket, key("k")))
                .isInstanceOf(MetadataUnavailableException.class);
        MetadataUnavailableException write = catchThrowableOfType(
                MetadataUnavailableException.class,
                () -> bed.objects.publish(bucket, version("k", BlobId.random(0, 0)), WriteCondition.NONE));
        assertThat(write).isNotNull();
        assertThat(health.execute().isHealthy()).isFalse();

        server.thaw();
        assertThat(bed.objects.current(bucket, key("k"))).isPresent();
        assertThat(health.execute().isHealthy()).isTrue();
    }

    @Test
    void aKilledDatabaseIsUnavailableAndComesBackWithEveryAcknowledgedWrite() throws Exception {
        Bucket bucket = bed.bucket(Versioning.OFF);
        Map<String, BlobId> acknowledged = new ConcurrentHashMap<>();
        Map<String, Map<BlobId, Boolean>> attempted = new HashMap<>();
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService writers = Executors.newFixedThreadPool(4);
        for (int writer = 0; writer < 4; writer++) {
            String name = "k" + writer;
            Map<BlobId, Boolean> tries = new ConcurrentHashMap<>();
            attempted.put(name, tries);
            writers.execute(() -> {
                while (!stop.get()) {
                    BlobId blob = BlobId.random(0, 0);
                    tries.put(blob, true);
                    try {
                        bed.objects.publish(bucket, version(name, blob), WriteCondition.NONE);
                        acknowledged.put(name, blob);
                        tries.clear();
                        tries.put(blob, true);
                    } catch (MetadataUnavailableException e) {
                        if (!e.isOutcomeUnknown()) {
                            tries.remove(blob);
                        }
                    }
                }
            });
        }
        while (acknowledged.size() < 4) {
            Thread.sleep(10);
        }
        for (int outage = 0; outage < 3; outage++) {
            Thread.sleep(300);
            server.kill();
            assertThatThrownBy(() -> bed.objects.current(bucket, key("k0")))
                    .isInstanceOf(MetadataUnavailableException.class)
                    .matches(e -> !((MetadataUnavailableException) e).isOutcomeUnknown());
            server.start();
            assertThat(bed.objects.current(bucket, key("k0"))).isPresent();
        }
        stop.set(true);
        writers.shutdown();
        assertThat(writers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();

        assertThat(acknowledged).hasSize(4);
        attempted.forEach((name, tries) -> {
            Content content =
                    bed.objects.current(bucket, key(name)).orElseThrow().content();
            assertThat(tries.keySet().stream().map(Content.Whole::new))
                    .as("the last acknowledged write, or one whose outcome nobody was told")
                    .contains((Content.Whole) content);
        });
    }

    @Test
    void aWriteWhoseAnswerWasLostIsFoundAgain() {
        try (MetadataTestBed losing = new MetadataTestBed(server.schema("test_losing"), new LostAnswers()::around)) {
            for (Versioning versioning : Versioning.values()) {
                Bucket bucket = losing.bucket(versioning);
                LostAnswers.loseNext();
                Published published = (Published)
                        losing.objects.publish(bucket, version("k", BlobId.random(0, 0)), WriteCondition.NONE);
                assertThat(losing.versions(bucket).stream().map(ListedVersion::id))
                        .containsExactly(published.id());
            }
        }
    }
}
