package io.pataka.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.db.ManagedDataSource;
import io.pataka.service.blob.VolumeSet;
import io.pataka.service.blob.VolumeSettings;
import io.pataka.service.job.DeletingJob;
import io.pataka.service.job.EpochRaiser;
import io.pataka.service.job.Job;
import io.pataka.service.job.StoreGuard;
import io.pataka.service.metadata.Database;
import io.pataka.service.metadata.DatabaseSettings;
import io.pataka.service.metadata.MariaDbBucketCatalog;
import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.metadata.StoreIdentity;
import io.pataka.service.model.BucketName;
import io.pataka.service.testing.EmbeddedMariaDb;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** While the database is older than the volumes, no job deletes a file. */
final class RestoredDatabaseIT {

    private static final Duration SLICE = Duration.ofMillis(50);

    @TempDir
    private Path folder;

    private EmbeddedMariaDb server;
    private ManagedDataSource source;
    private Database database;
    private StoreIdentity identity;
    private final AtomicInteger deletions = new AtomicInteger();

    @BeforeEach
    void start() {
        server = EmbeddedMariaDb.separate();
        open(server.schema("pataka"));
    }

    private void open(DatabaseSettings settings) {
        source = settings.open(new MetricRegistry());
        database = new Database(source);
        identity = new StoreIdentity(database);
    }

    @AfterEach
    void stop() throws Exception {
        source.stop();
        server.close();
    }

    private VolumeSet volumes() throws IOException {
        return new StoreOpening(database).open(settings(), true, 0);
    }

    private List<VolumeSettings> settings() {
        return List.of(
                new VolumeSettings(1, folder.resolve("one"), Set.of("STANDARD")),
                new VolumeSettings(2, folder.resolve("two"), Set.of("STANDARD")));
    }

    /** A job that only counts how often it might have deleted something. */
    private Job deleting(StoreGuard guard) {
        return new DeletingJob(
                new Job() {
                    @Override
                    public String name() {
                        return "deleting";
                    }

                    @Override
                    public Schedule schedule() {
                        return new Schedule(Duration.ofDays(1), 1);
                    }

                    @Override
                    public Progress runSlice(Duration budget) {
                        deletions.incrementAndGet();
                        return Progress.IDLE;
                    }
                },
                guard);
    }

    @Test
    void noJobDeletesAfterARestoreFromAnOlderDumpUntilAnOperatorAllowsIt() throws Exception {
        VolumeSet volumes = volumes();
        StoreGuard guard = new StoreGuard(identity, volumes);
        EpochRaiser raiser = new EpochRaiser(guard);
        raiser.runSlice(SLICE);
        Path dump = server.dump("pataka", folder.resolve("dump.sql"));
        raiser.runSlice(SLICE);
        deleting(guard).runSlice(SLICE);
        assertThat(deletions).hasValue(1);

        server.restore("pataka", dump);

        raiser.runSlice(SLICE);
        deleting(guard).runSlice(SLICE);
        assertThat(deletions).hasValue(1);
        assertThat(guard.doubt())
                .hasValueSatisfying(reason -> assertThat(reason).contains("acceptRestoredDatabase"));

        identity.raiseTo(volumes.epoch());
        deleting(guard).runSlice(SLICE);
        raiser.runSlice(SLICE);
        assertThat(deletions).hasValue(2);
        assertThat(guard.doubt()).isEmpty();
        assertThat(identity.mark().orElseThrow().epoch()).isEqualTo(volumes.epoch());
    }

    @Test
    void jobsDeleteAfterACrashBetweenDatabaseAndVolumes() throws Exception {
        VolumeSet volumes = volumes();
        StoreGuard guard = new StoreGuard(identity, volumes);
        assertThat(identity.raise(0)).isTrue();

        assertThat(guard.believesTheDatabase()).isTrue();
        new EpochRaiser(guard).runSlice(SLICE);
        assertThat(volumes.epoch()).isEqualTo(2);
    }

    @Test
    void noJobDeletesByTheDatabaseOfAnotherStore() throws Exception {
        VolumeSet volumes = VolumeSet.open(settings(), true, 0);
        StoreGuard guard = new StoreGuard(identity, volumes);
        deleting(guard).runSlice(SLICE);
        identity.claim(UUID.randomUUID());
        deleting(guard).runSlice(SLICE);
        assertThat(deletions).hasValue(0);
    }

    @Test
    void aCheckThatWasSkippedWhileTheDatabaseWasDownIsDoneFirst() throws Exception {
        volumes();
        source.stop();
        server.kill();
        open(server.settings("pataka"));
        VolumeSet volumes = volumes();
        server.start();
        MariaDbBucketCatalog buckets = new MariaDbBucketCatalog(database, Clock.systemUTC());
        assertThat(buckets.find(new BucketName("bucket"))).isEmpty();
        assertThat(identity.mark().orElseThrow().store()).isEqualTo(volumes.id());

        source.stop();
        server.kill();
        open(server.settings("pataka"));
        volumes();
        server.start();
        server.execute("UPDATE pataka.store_identity SET store = '" + UUID.randomUUID() + "'");
        MariaDbBucketCatalog strange = new MariaDbBucketCatalog(database, Clock.systemUTC());
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> strange.find(new BucketName("bucket")))
                    .isInstanceOf(MetadataUnavailableException.class)
                    .hasMessageContaining("not the one that the database describes");
        }
    }
}
