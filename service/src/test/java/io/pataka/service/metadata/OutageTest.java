package io.pataka.service.metadata;

import static io.pataka.service.metadata.MetadataTestBed.CHANGE;
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
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.testing.EmbeddedMariaDb;
import io.pataka.service.testing.Eventually;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.tomcat.jdbc.pool.DataSourceProxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A database that freezes, or is killed and started again. */
@Timeout(120)
final class OutageTest {

    private static final Duration ANSWER_TIMEOUT = Duration.seconds(3);

    /** The answer timeout, the same again for the connection, and more for a busy machine. */
    private static final Duration BOUND = Duration.seconds(6);

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
                ANSWER_TIMEOUT));
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
        BlobId blob = BlobId.random(0);
        bed.objects.publish(bucket, version("k", blob), WriteCondition.NONE, CHANGE);
        DatabaseHealth health = new DatabaseHealth(bed.database);
        assertThat(health.execute().isHealthy()).isTrue();

        server.freeze();
        assertThatThrownBy(() -> bed.objects.current(bucket, key("k")))
                .isInstanceOf(MetadataUnavailableException.class);
        MetadataUnavailableException write = catchThrowableOfType(
                MetadataUnavailableException.class,
                () -> bed.objects.publish(bucket, version("k", BlobId.random(0)), WriteCondition.NONE, CHANGE));
        assertThat(write).isNotNull();
        assertThat(health.execute().isHealthy()).isFalse();

        server.thaw();
        assertThat(bed.objects.current(bucket, key("k"))).isPresent();
        assertThat(health.execute().isHealthy()).isTrue();
    }

    /** What a call may be doing when the database stops answering. */
    private enum Moment {
        ON_A_CONNECTION_JUST_USED {
            @Override
            void call(MetadataTestBed bed, Bucket bucket, Runnable freeze) {
                bed.objects.current(bucket, key("k"));
                freeze.run();
                bed.objects.current(bucket, key("k"));
            }
        },
        ON_A_CONNECTION_THAT_IS_VALIDATED {
            @Override
            void call(MetadataTestBed bed, Bucket bucket, Runnable freeze) {
                bed.objects.current(bucket, key("k"));
                ((DataSourceProxy) bed.source).getPoolProperties().setValidationInterval(0);
                freeze.run();
                bed.objects.current(bucket, key("k"));
            }
        },
        WITHOUT_A_CONNECTION {
            @Override
            void call(MetadataTestBed bed, Bucket bucket, Runnable freeze) {
                ((DataSourceProxy) bed.source).purge();
                freeze.run();
                bed.objects.current(bucket, key("k"));
            }
        },
        IN_A_STATEMENT {
            @Override
            void call(MetadataTestBed bed, Bucket bucket, Runnable freeze) {
                bed.database.read(handle -> {
                    CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS)
                            .execute(freeze);
                    return handle.createQuery("SELECT SLEEP(1)")
                            .mapTo(Integer.class)
                            .one();
                });
            }
        },
        IN_A_TRANSACTION {
            @Override
            void call(MetadataTestBed bed, Bucket bucket, Runnable freeze) {
                bed.database.transact(handle -> {
                    freeze.run();
                    return handle.createQuery("SELECT 1").mapTo(Integer.class).one();
                });
            }
        },
        AT_THE_COMMIT {
            @Override
            void call(MetadataTestBed bed, Bucket bucket, Runnable freeze) {
                bed.database.transact(handle -> {
                    freeze.run();
                    return null;
                });
            }
        },
        IN_A_WRITE {
            @Override
            void call(MetadataTestBed bed, Bucket bucket, Runnable freeze) {
                freeze.run();
                bed.objects.publish(bucket, version("k", BlobId.random(0)), WriteCondition.NONE, CHANGE);
            }
        };

        abstract void call(MetadataTestBed bed, Bucket bucket, Runnable freeze);
    }

    @ParameterizedTest
    @EnumSource
    void aFrozenDatabaseIsReportedAboutWhenTheAnswerTimeoutIsOver(Moment moment) {
        Bucket bucket = bed.bucket(Versioning.OFF);
        bed.objects.publish(bucket, version("k", BlobId.random(0)), WriteCondition.NONE, CHANGE);
        AtomicLong frozen = new AtomicLong();
        Runnable freeze = () -> {
            server.freeze();
            frozen.set(System.nanoTime());
        };

        assertThatThrownBy(() -> moment.call(bed, bucket, freeze)).isInstanceOf(MetadataUnavailableException.class);

        assertThat(Duration.nanoseconds(System.nanoTime() - frozen.get()).toMilliseconds())
                .isLessThan(BOUND.toMilliseconds());
    }

    @Test
    void callersWithoutAConnectionWaitNoLonger() throws Exception {
        Bucket bucket = bed.bucket(Versioning.OFF);
        assertThatAllEndInTime(() -> bed.objects.current(bucket, key("k")));
    }

    /** They share one load and its failure. If each loaded by itself in turn, the last one would wait longer than a minute. */
    @Test
    void callersThatWantTheSameBucketWaitNoLonger() throws Exception {
        Bucket bucket = bed.bucket(Versioning.OFF);
        assertThatAllEndInTime(() -> bed.buckets.find(bucket.name()));
        assertThatAllEndInTime(() -> bed.buckets.document(bucket, DocumentKind.POLICY));
    }

    private void assertThatAllEndInTime(Runnable call) throws Exception {
        int many = 64;
        ExecutorService callers = Executors.newFixedThreadPool(many);
        server.freeze();
        try {
            long frozen = System.nanoTime();
            List<Future<Long>> calls = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                calls.add(callers.submit(() -> {
                    assertThatThrownBy(call::run).isInstanceOf(MetadataUnavailableException.class);
                    return Duration.nanoseconds(System.nanoTime() - frozen).toMilliseconds();
                }));
            }
            for (Future<Long> ended : calls) {
                assertThat(ended.get()).isLessThan(BOUND.toMilliseconds());
            }
        } finally {
            server.thaw();
            callers.shutdownNow();
        }
    }

    @Test
    void aKilledDatabaseIsUnavailableAndComesBackWithEveryAcknowledgedWrite() throws Exception {
        Bucket bucket = bed.bucket(Versioning.OFF);
        Map<String, BlobId> acknowledged = new ConcurrentHashMap<>();
        Map<String, Map<BlobId, Boolean>> attempted = new HashMap<>();
        AtomicLong writes = new AtomicLong();
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService writers = Executors.newFixedThreadPool(4);
        for (int writer = 0; writer < 4; writer++) {
            String name = "k" + writer;
            Map<BlobId, Boolean> tries = new ConcurrentHashMap<>();
            attempted.put(name, tries);
            writers.execute(() -> {
                while (!stop.get()) {
                    BlobId blob = BlobId.random(0);
                    tries.put(blob, true);
                    try {
                        bed.objects.publish(bucket, version(name, blob), WriteCondition.NONE, CHANGE);
                        acknowledged.put(name, blob);
                        writes.incrementAndGet();
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
        Eventually.holds("each writer has written", () -> acknowledged.size() == 4);
        for (int outage = 0; outage < 3; outage++) {
            long before = writes.get();
            Eventually.holds("the writers go on", () -> writes.get() > before + 100);
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
                    .as("the last acknowledged write, or one whose outcome is unknown")
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
                        losing.objects.publish(bucket, version("k", BlobId.random(0)), WriteCondition.NONE, CHANGE);
                assertThat(losing.versions(bucket).stream().map(ListedVersion::id))
                        .containsExactly(published.id());
            }
        }
    }

    /** The other nodes of the cluster may have the write, or not. */
    @Test
    void aWriteWhoseServerLostItsClusterIsFoundAgainOrKept() {
        try (MetadataTestBed losing = new MetadataTestBed(server.schema("test_leaving"), new LostAnswers()::around)) {
            Bucket bucket = losing.bucket(Versioning.OFF);
            LostAnswers.failNext(new SQLException("Not connected to Primary Component", "HY000", 1180));
            Published published = (Published)
                    losing.objects.publish(bucket, version("k", BlobId.random(0)), WriteCondition.NONE, CHANGE);
            assertThat(losing.objects.current(bucket, key("k")).orElseThrow().id())
                    .isEqualTo(published.id());

            MetadataUnavailableException unknown = catchThrowableOfType(
                    MetadataUnavailableException.class,
                    () -> losing.database.transact(handle -> {
                        LostAnswers.failNext(new SQLException("Not connected to Primary Component", "HY000", 1180));
                        return null;
                    }));
            assertThat(unknown.isOutcomeUnknown()).isTrue();
        }
    }

    /** As after an operator, or a failover, took the writes elsewhere. */
    @Test
    void aServerThatIsReadOnlyRefusesWritesAndIsUsedAgainWhenItIsNot() {
        DatabaseSettings schema = server.schema("test_read_only");
        server.execute("CREATE USER plain@'127.0.0.1' IDENTIFIED BY 'plain'");
        server.execute("GRANT ALL ON test_read_only.* TO plain@'127.0.0.1'");
        try (MetadataTestBed plain = new MetadataTestBed(new DatabaseSettings(schema.url(), "plain", "plain"))) {
            for (Versioning versioning : List.of(Versioning.OFF, Versioning.ENABLED)) {
                Bucket bucket = plain.bucket(versioning);
                server.execute("SET GLOBAL read_only = ON");
                MetadataUnavailableException refused = catchThrowableOfType(
                        MetadataUnavailableException.class,
                        () -> plain.objects.publish(
                                bucket, version("k", BlobId.random(0)), WriteCondition.NONE, CHANGE));
                assertThat(refused.isOutcomeUnknown()).isFalse();
                assertThat(plain.objects.current(bucket, key("k"))).isEmpty();

                CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS)
                        .execute(() -> server.execute("SET GLOBAL read_only = OFF"));
                plain.objects.publish(bucket, version("k", BlobId.random(0)), WriteCondition.NONE, CHANGE);
                assertThat(plain.objects.current(bucket, key("k"))).isPresent();
            }
        }
    }

    @Test
    void oneLostConnectionIsEnoughToCloseAllThatWereMadeBefore() throws Exception {
        Bucket bucket = bed.bucket(Versioning.OFF);
        ((DataSourceProxy) bed.source).getPoolProperties().setValidationInterval(Long.MAX_VALUE);
        int many = 8;
        CountDownLatch open = new CountDownLatch(many);
        ExecutorService callers = Executors.newFixedThreadPool(many);
        List<Future<Integer>> calls = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            calls.add(callers.submit(() -> bed.database.read(handle -> {
                open.countDown();
                try {
                    open.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return handle.createQuery("SELECT 1").mapTo(Integer.class).one();
            })));
        }
        for (Future<Integer> call : calls) {
            assertThat(call.get()).isEqualTo(1);
        }
        callers.shutdown();
        server.kill();
        server.start();

        assertThat(bed.objects.current(bucket, key("k"))).isEmpty();
        for (int i = 0; i < many; i++) {
            bed.objects.publish(bucket, version("k", BlobId.random(0)), WriteCondition.NONE, CHANGE);
        }
    }
}
