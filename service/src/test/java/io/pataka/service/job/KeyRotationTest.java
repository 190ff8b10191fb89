package io.pataka.service.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.db.ManagedDataSource;
import io.pataka.service.encryption.FileKeyRing;
import io.pataka.service.encryption.KeyRefusedException;
import io.pataka.service.encryption.KeyRefusedException.Reason;
import io.pataka.service.encryption.KeyRingFile;
import io.pataka.service.encryption.KeysUnavailableException;
import io.pataka.service.encryption.ObjectKeys;
import io.pataka.service.encryption.Ring;
import io.pataka.service.encryption.RingKey;
import io.pataka.service.encryption.RingKey.Place;
import io.pataka.service.encryption.WrappingKey;
import io.pataka.service.job.Job.Progress;
import io.pataka.service.metadata.BucketCatalog.Creation;
import io.pataka.service.metadata.Database;
import io.pataka.service.metadata.JobPositions;
import io.pataka.service.metadata.MariaDbBucketCatalog;
import io.pataka.service.metadata.MariaDbJobPositions;
import io.pataka.service.metadata.MariaDbObjectIndex;
import io.pataka.service.metadata.MariaDbSealedRows;
import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.SealedRows;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Content;
import io.pataka.service.model.DataKey;
import io.pataka.service.model.ETag;
import io.pataka.service.model.EncryptionChoice;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Owner;
import io.pataka.service.model.StoredForm.Encrypted;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.testing.Changes;
import io.pataka.service.testing.EmbeddedMariaDb;
import io.pataka.service.testing.SteppedClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeyRotationTest {

    private static final Owner OWNER = new Owner("project", "Project");
    private static final Duration SLICE = Duration.ofMillis(200);
    private static final String SECRET_ID = "6fe1fd2e-24cf-4bd5-8ab1-6b5d3ca1b4a5";

    @TempDir
    private Path folder;

    private final SteppedClock clock = new SteppedClock();
    private final Map<String, DataKey> written = new HashMap<>();
    private Path file;
    private ManagedDataSource source;
    private Database database;
    private MariaDbObjectIndex index;
    private Bucket bucket;
    private SealedRows rows;
    private JobPositions positions;
    private FileKeyRing ring;
    private ObjectKeys keys;
    private KeyRotation job;
    private boolean barbicanIsDown;

    @BeforeEach
    void open() throws Exception {
        source = EmbeddedMariaDb.shared().freshSchema().open(new MetricRegistry());
        database = new Database(source);
        index = new MariaDbObjectIndex(database, Clock.systemUTC());
        bucket = ((Creation.Created) new MariaDbBucketCatalog(database, Clock.systemUTC())
                        .create(new BucketName("bucket"), OWNER, false, 0, Map.of(), Changes.any()))
                .bucket();
        rows = new MariaDbSealedRows(database);
        positions = new MariaDbJobPositions(database);
        file = folder.resolve("ring.yml");
        KeyRingFile.create(file, new Ring("one", Map.of("one", bytes(1))));
        ring = FileKeyRing.open(file, this::secret, clock);
        keys = keys(ring);
        job = restarted();
    }

    @AfterEach
    void close() throws Exception {
        index.close();
        source.stop();
    }

    private KeyRotation restarted() {
        return new KeyRotation(rows, positions, ring, keys, clock, 10);
    }

    private static ObjectKeys keys(FileKeyRing ring) {
        return new ObjectKeys(ring, (keyId, project) -> {
            throw new KeyRefusedException(Reason.NOT_CONFIGURED, "no key manager");
        });
    }

    private WrappingKey secret(String id) {
        if (barbicanIsDown) {
            throw new KeysUnavailableException("Barbican does not answer", null);
        }
        return new WrappingKey(new byte[WrappingKey.LENGTH]);
    }

    private static RingKey bytes(int value) {
        byte[] secret = new byte[WrappingKey.LENGTH];
        Arrays.fill(secret, (byte) value);
        return RingKey.of(secret);
    }

    private void put(String key) throws KeyRefusedException {
        Encrypted form = keys.seal(new EncryptionChoice.S3(), OWNER.id());
        written.put(key, form.dataKey().orElseThrow());
        index.publish(
                bucket,
                new NewVersion(
                        ObjectKey.of(key),
                        5,
                        new ETag("etag"),
                        OWNER,
                        new Content.Whole(BlobId.random(0)),
                        ObjectFacts.builder().form(form).build()),
                WriteCondition.NONE,
                Changes.any());
    }

    private Encrypted form(String key) {
        return (Encrypted)
                index.current(bucket, ObjectKey.of(key)).orElseThrow().facts().form();
    }

    private String keyOf(String key) {
        return form(key).envelope().keyId();
    }

    private void change(Ring fresh) throws IOException {
        KeyRingFile.replace(file, fresh);
        clock.advance(Duration.ofSeconds(1));
    }

    private void runRound() {
        while (job.runSlice(SLICE) == Progress.BUSY) {
            assertThat(job.progress()).isBetween(0.0, 0.99);
        }
    }

    @Test
    void wrapsWithTheActiveKeyAndKeepsTheDataKeys() throws Exception {
        put("a");
        put("b");
        change(KeyRingFile.read(file).with("two", bytes(2)).activate("two"));
        put("c");

        runRound();

        assertThat(job.wrapped()).isEqualTo(2);
        change(new Ring("two", Map.of("two", bytes(2))));
        for (String key : written.keySet()) {
            assertThat(keyOf(key)).isEqualTo("two");
            assertThat(keys.open(form(key), Optional.empty(), OWNER.id()).dataKey())
                    .contains(written.get(key));
        }
        assertThat(job.progress()).isEqualTo(1);
    }

    @Test
    void readsNoRowsWhileThereIsOneKey() throws Exception {
        put("a");
        assertThat(job.runSlice(SLICE)).isEqualTo(Progress.IDLE);
        source.stop();

        assertThat(job.runSlice(SLICE)).isEqualTo(Progress.IDLE);
    }

    @Test
    void givesUpARoundWhenTheOtherKeysAreRemoved() throws Exception {
        Ring old = KeyRingFile.read(file);
        put("a");
        change(old.with("two", bytes(2)));
        assertThat(job.runSlice(Duration.ZERO)).isEqualTo(Progress.BUSY);
        assertThat(job.progress()).isLessThan(1);
        change(old);

        assertThat(job.runSlice(SLICE)).isEqualTo(Progress.IDLE);
        assertThat(job.progress()).isEqualTo(1);
    }

    /** A node whose key ring is an hour old writes with the key that was active then. */
    @Test
    void repeatsTheRoundUntilOneFindsNothingAndEveryHour() throws Exception {
        change(KeyRingFile.read(file).with("two", bytes(2)).activate("two"));
        runRound();
        FileKeyRing old = FileKeyRing.open(oldRing(), this::secret, clock);
        ObjectKeys now = keys;
        keys = keys(old);
        put("late");
        keys = now;

        runRound();
        assertThat(keyOf("late")).as("the last round found nothing").isEqualTo("one");
        clock.advance(Duration.ofHours(1));
        runRound();
        assertThat(keyOf("late")).isEqualTo("two");

        keys = keys(old);
        put("later");
        keys = now;
        runRound();
        assertThat(keyOf("later")).as("the last round found something").isEqualTo("two");
    }

    private Path oldRing() throws IOException {
        Path old = folder.resolve("old.yml");
        KeyRingFile.create(old, new Ring("one", Map.of("one", bytes(1))));
        return old;
    }

    @Test
    void anotherProcessContinuesTheRound() throws Exception {
        for (int i = 0; i < 25; i++) {
            put("k" + i);
        }
        change(KeyRingFile.read(file).with("two", bytes(2)).activate("two"));

        assertThat(job.runSlice(Duration.ZERO)).isEqualTo(Progress.BUSY);
        assertThat(job.runSlice(Duration.ZERO)).isEqualTo(Progress.BUSY);
        assertThat(job.runSlice(Duration.ZERO)).isEqualTo(Progress.BUSY);
        assertThat(job.wrapped()).isEqualTo(10);
        job = restarted();
        runRound();

        assertThat(job.wrapped()).isEqualTo(15);
    }

    @Test
    void aRoundForAnotherKeyBeginsAnew() throws Exception {
        for (int i = 0; i < 15; i++) {
            put("k" + i);
        }
        Ring ringOfThree = KeyRingFile.read(file).with("two", bytes(2)).with("three", bytes(3));
        change(ringOfThree.activate("two"));
        while (job.wrapped() == 0) {
            assertThat(job.runSlice(Duration.ZERO)).isEqualTo(Progress.BUSY);
        }
        change(ringOfThree.activate("three"));

        runRound();

        assertThat(database.<Long>read(handle -> handle.createQuery(
                                "SELECT COUNT(*) FROM object_current WHERE facts NOT LIKE '%\"key\":\"three\"%'")
                        .mapTo(Long.class)
                        .one()))
                .isZero();
    }

    @Test
    void countsWhatNeedsAKeyThatIsNotThere() throws Exception {
        put("a");
        put("b");
        change(new Ring("two", Map.of("two", bytes(2), "three", bytes(3))));

        runRound();

        assertThat(job.stuck()).contains(2L);
        assertThat(keyOf("a")).isEqualTo("one");
    }

    @Test
    void failsWhileAKeyCannotBeRead() throws Exception {
        change(KeyRingFile.read(file)
                .with("kept", new RingKey(Place.BARBICAN, SECRET_ID))
                .activate("kept"));
        put("a");
        change(KeyRingFile.read(file).with("two", bytes(2)).activate("two"));
        barbicanIsDown = true;

        assertThatExceptionOfType(KeysUnavailableException.class).isThrownBy(this::runRound);
        assertThat(job.stuck()).isEmpty();

        barbicanIsDown = false;
        runRound();
        assertThat(keyOf("a")).isEqualTo("two");
    }
}
