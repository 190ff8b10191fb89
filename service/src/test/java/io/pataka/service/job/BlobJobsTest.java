package io.pataka.service.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.pataka.service.blob.BlobDamagedException;
import io.pataka.service.blob.BlobDescriptor;
import io.pataka.service.blob.BlobDescriptor.Payload;
import io.pataka.service.blob.BlobGoneException;
import io.pataka.service.blob.BlobInventory;
import io.pataka.service.blob.BlobSink;
import io.pataka.service.blob.BlobStore;
import io.pataka.service.blob.BufferPool;
import io.pataka.service.blob.ShardedBlobInventory;
import io.pataka.service.blob.ShardedBlobStore;
import io.pataka.service.blob.VolumeSet;
import io.pataka.service.blob.VolumeSettings;
import io.pataka.service.metadata.DamageLedger.Kind;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.BlockCodec;
import io.pataka.service.model.ObjectKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Collector, sweeper and scrubber over a real store. */
final class BlobJobsTest {

    private static final Duration SLICE = Duration.ofMillis(50);
    private static final Duration DAY = Duration.ofDays(1);
    private static final ObjectKey KEY = ObjectKey.of("key");

    @TempDir
    private Path directory;

    private final MemoryBlobLedger ledger = new MemoryBlobLedger(Clock.systemUTC());
    private final MemoryDamageLedger damage = new MemoryDamageLedger();
    private BlobStore store;
    private BlobInventory inventory;

    @BeforeEach
    void open() throws IOException {
        VolumeSet volumes = VolumeSet.open(
                List.of(
                        new VolumeSettings(1, directory.resolve("one"), Set.of("STANDARD")),
                        new VolumeSettings(2, directory.resolve("two"), Set.of("STANDARD"))),
                true,
                0);
        store = new ShardedBlobStore(volumes, BufferPool.ofArrays());
        inventory = new ShardedBlobInventory(volumes);
    }

    private BlobInspector inspector() {
        return new BlobInspector(store, inventory, ledger, damage);
    }

    private BlobCollector collector(Duration grace) {
        return new BlobCollector(ledger, damage, store, inspector(), grace);
    }

    private BlobScrubber scrubber() {
        return new BlobScrubber(inventory, inspector(), new MemoryJobPositions(), DAY);
    }

    private BlobId put(int length) throws IOException {
        try (BlobSink sink = store.create("STANDARD", length)) {
            sink.write(new byte[length], 0, length);
            return sink.commit(new BlobDescriptor(
                    5, KEY, length, Payload.of(BlockCodec.PLAIN, length), Optional.empty(), Instant.EPOCH));
        }
    }

    private void round(Job job) throws IOException {
        while (job.runSlice(SLICE) == Job.Progress.BUSY) {
            Thread.onSpinWait();
        }
    }

    private boolean isThere(BlobId blob) {
        try {
            store.describe(blob);
            return true;
        } catch (BlobGoneException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private OrphanSweeper sweeper(Duration age, Duration ahead) {
        Clock clock = Clock.fixed(Instant.now().plus(ahead), ZoneOffset.UTC);
        return new OrphanSweeper(ledger, store, inventory, clock, age, DAY);
    }

    private Path file(BlobId blob) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(it -> it.endsWith(blob.toString())).findFirst().orElseThrow();
        }
    }

    @Test
    void collectsOnlyWhatWasRetiredLongEnoughAgo() throws IOException {
        BlobId retired = put(10);
        BlobId kept = put(10);
        ledger.retire(List.of(retired));

        round(collector(Duration.ofHours(1)));
        assertThat(isThere(retired)).isTrue();
        BlobCollector collector = collector(Duration.ZERO);
        round(collector);

        assertThat(isThere(retired)).isFalse();
        assertThat(isThere(kept)).isTrue();
        assertThat(ledger.waiting()).isZero();
        assertThat(collector.collected()).isEqualTo(1);
    }

    @Test
    void keepsARetiredBlobThatACopyNeeds() throws IOException {
        BlobId shared = put(10);
        ledger.need(shared, 5, KEY);
        ledger.retire(List.of(shared));

        round(collector(Duration.ZERO));

        assertThat(isThere(shared)).isTrue();
        assertThat(ledger.waiting()).isZero();
    }

    @Test
    void collectsTheBlobsOfPartLists() throws IOException {
        List<BlobId> parts = new ArrayList<>();
        for (int i = 0; i < 450; i++) {
            BlobId part = put(1);
            parts.add(part);
            ledger.part(part);
        }

        BlobCollector collector = collector(Duration.ZERO);
        round(collector);

        assertThat(collector.collected()).isEqualTo(450);
        assertThat(parts).noneMatch(this::isThere);
    }

    @Test
    void collectsADamagedBlobFromQuarantine() throws IOException {
        BlobId blob = put(10);
        inventory.quarantine(blob);
        ledger.retire(List.of(blob));

        round(collector(Duration.ZERO));

        assertThat(ledger.waiting()).isZero();
        assertThat(isThere(blob)).isFalse();
    }

    @Test
    void keepsABlobWhoseOwnerCannotBeToldUntilNothingNeedsIt() throws IOException {
        BlobId blob = put(10);
        Files.writeString(file(blob), "x");
        ledger.retire(List.of(blob));
        BlobCollector collector = collector(Duration.ZERO);

        round(collector);
        assertThat(ledger.waiting()).isEqualTo(1);
        assertThat(file(blob).getParent().getFileName()).hasToString("quarantine");
        assertThat(damage.find(blob)).isPresent();
        damage.abandon(blob);
        round(collector);

        assertThat(ledger.waiting()).isZero();
        assertThat(inventory.quarantined(blob.store())).isEmpty();
        assertThat(damage.find(blob)).isEmpty();
        assertThat(collector.collected()).isEqualTo(1);
    }

    @Test
    void saysOnceWhatCannotBeCollected() throws IOException {
        BlobId damaged = put(10);
        Files.writeString(file(damaged), "x");
        BlobId elsewhere = BlobId.random(99);
        ledger.retire(List.of(damaged, elsewhere));
        BlobCollector collector = collector(Duration.ZERO);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger("io.pataka.service.job");
        log.start();
        logger.addAppender(log);
        try {
            for (int i = 0; i < 5; i++) {
                round(collector);
            }
        } finally {
            logger.detachAppender(log);
        }

        for (BlobId blob : List.of(damaged, elsewhere)) {
            assertThat(log.list)
                    .filteredOn(line -> line.getLoggerName().equals(BlobCollector.class.getName()))
                    .filteredOn(line -> line.getFormattedMessage().contains(blob.toString()))
                    .hasSize(1);
        }
    }

    @Test
    void strikesOffALostBlobThatIsCollected() throws IOException {
        BlobId damaged = put(10);
        BlobId missing = put(10);
        damage.record(damaged, Kind.DAMAGED, "test");
        damage.record(missing, Kind.MISSING, "test");
        inventory.quarantine(damaged);
        store.delete(missing);
        damage.abandon(missing);
        ledger.retire(List.of(damaged, missing));

        round(collector(Duration.ZERO));

        assertThat(damage.list(Optional.empty(), 10)).isEmpty();
        assertThat(ledger.waiting()).isZero();
    }

    @Test
    void keepsInMindALostBlobThatACopyNeeds() throws IOException {
        BlobId missing = put(10);
        damage.record(missing, Kind.MISSING, "test");
        store.delete(missing);
        ledger.retire(List.of(missing));

        round(collector(Duration.ZERO));

        assertThat(damage.find(missing)).isPresent();
    }

    @Test
    void releasesAnIntactBlobFromQuarantineAndNoDamagedOne() throws IOException {
        BlobId intact = put(10);
        BlobId damaged = put(10);
        byte[] bytes = Files.readAllBytes(file(damaged));
        bytes[0] ^= 1;
        Files.write(file(damaged), bytes);
        inventory.quarantine(intact);
        inventory.quarantine(damaged);

        round(scrubber());

        assertThat(file(intact).getParent().getFileName()).doesNotHaveToString("quarantine");
        assertThat(file(damaged).getParent().getFileName()).hasToString("quarantine");
    }

    private void exchange(BlobId first, BlobId second) throws IOException {
        Path one = file(first);
        Path other = file(second);
        Path aside = directory.resolve("aside");
        Files.move(one, aside);
        Files.move(other, one);
        Files.move(aside, other);
    }

    /** The shards are on the same volume. */
    private BlobId putBeside(BlobId blob, int length) throws IOException {
        BlobId beside;
        do {
            beside = put(length);
        } while (beside.store() != blob.store());
        return beside;
    }

    @Test
    void theScrubberPutsBackFilesThatExchangedNames() throws IOException {
        BlobId first = put(10);
        BlobId second = putBeside(first, 10);
        exchange(first, second);
        damage.record(second, Kind.DAMAGED, "a read came upon it");
        BlobScrubber scrubber = scrubber();

        round(scrubber);

        store.verify(first);
        store.verify(second);
        assertThat(scrubber.damaged()).isZero();
        assertThat(damage.list(Optional.empty(), 10)).isEmpty();
    }

    @Test
    void theScrubberPutsBackWhatAnEarlierReleaseTookForDamaged() throws IOException {
        BlobId first = put(10);
        BlobId second = putBeside(first, 10);
        exchange(first, second);
        inventory.quarantine(first);
        inventory.quarantine(second);

        round(scrubber());

        store.verify(first);
        store.verify(second);
        assertThat(inventory.quarantined(first.store())).isEmpty();
    }

    @Test
    void theCollectorDeletesItsBlobAndNotTheOneThatExchangedNamesWithIt() throws IOException {
        BlobId deleted = put(10);
        BlobId kept = putBeside(deleted, 10);
        ledger.need(kept, 5, KEY);
        exchange(deleted, kept);
        ledger.retire(List.of(deleted));
        // As if no version needed it, which the audit tells.
        damage.record(deleted, Kind.DAMAGED, "a read came upon it");
        damage.abandon(deleted);
        BlobCollector collector = collector(Duration.ZERO);

        round(collector);
        round(collector);

        store.verify(kept);
        assertThat(isThere(deleted)).isFalse();
        assertThat(ledger.waiting()).isZero();
    }

    @Test
    void theCollectorLeavesTheOnlyFileOfABlobOfAnotherVolume() throws IOException {
        BlobId deleted = put(10);
        BlobId kept;
        do {
            kept = put(10);
        } while (kept.store() == deleted.store());
        Path misplaced = file(deleted);
        Files.move(file(kept), misplaced, StandardCopyOption.REPLACE_EXISTING);
        ledger.retire(List.of(deleted));
        damage.record(deleted, Kind.DAMAGED, "a read came upon it");
        damage.abandon(deleted);

        round(collector(Duration.ZERO));

        assertThat(file(deleted)).exists();
        assertThat(ledger.waiting()).isEqualTo(1);
    }

    @Test
    void theScrubberDoesNotReplaceAFileThatAnOperatorBroughtBack() throws IOException {
        BlobId blob = put(3000);
        Path place = file(blob);
        byte[] whole = Files.readAllBytes(place);
        byte[] broken = whole.clone();
        broken[0] ^= 1;
        Files.write(place, broken);
        BlobScrubber scrubber = scrubber();
        round(scrubber);
        Files.write(place, whole);

        round(scrubber);
        round(scrubber);

        store.verify(blob);
        assertThat(place).hasBinaryContent(whole);
    }

    @Test
    void writesDownWhatAnEarlierReleaseLeftInQuarantine() throws IOException {
        BlobId blob = put(10);
        Files.writeString(file(blob), "x");
        inventory.quarantine(blob);

        round(scrubber());

        assertThat(damage.find(blob).map(lost -> lost.kind())).contains(Kind.DAMAGED);
    }

    @Test
    void collectsAgainWhatACrashLeftInTheLedger() throws IOException {
        BlobId retired = put(10);
        ledger.retire(List.of(retired));
        store.delete(retired);

        round(collector(Duration.ZERO));

        assertThat(ledger.waiting()).isZero();
    }

    @Test
    void collectsPastBlobsWhoseVolumeIsNotHere() throws IOException {
        List<BlobId> elsewhere = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            elsewhere.add(BlobId.random(99));
        }
        ledger.retire(elsewhere);
        BlobId here = put(10);
        ledger.retire(List.of(here));

        round(collector(Duration.ZERO));

        assertThat(isThere(here)).isFalse();
        assertThat(ledger.waiting()).isEqualTo(500);
    }

    @Test
    void sweepsOldOrphansAndNothingElse() throws IOException {
        BlobId needed = put(10);
        BlobId orphan = put(10);
        ledger.need(needed, 5, KEY);

        OrphanSweeper young = sweeper(DAY, Duration.ofHours(23));
        round(young);
        assertThat(young.orphans()).isZero();
        OrphanSweeper sweeper = sweeper(DAY, Duration.ofHours(25));
        round(sweeper);
        round(collector(Duration.ZERO));

        assertThat(sweeper.orphans()).isEqualTo(1);
        assertThat(isThere(needed)).isTrue();
        assertThat(isThere(orphan)).isFalse();
    }

    @Test
    void leavesAnOrphanToTheGraceOfTheCollector() throws IOException {
        BlobId orphan = put(10);

        round(sweeper(DAY, Duration.ofDays(2)));

        assertThat(isThere(orphan)).isTrue();
        assertThat(ledger.due(Duration.ZERO, 10)).containsExactly(orphan);
    }

    @Test
    void retiresNothingForADatabaseThatHardlyKnowsTheStore() throws IOException {
        for (int i = 0; i < 120; i++) {
            put(1);
        }
        OrphanSweeper sweeper = sweeper(DAY, Duration.ofDays(2));

        round(sweeper);

        assertThat(ledger.waiting()).isZero();
        assertThat(sweeper.orphans()).isZero();
        assertThat(sweeper.doubted()).isEqualTo(120);
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 99, 1_050, 2_300})
    void judgesTheStoreAsAWholeHoweverManyBlobsItHas(int blobs) throws IOException {
        for (int i = 0; i < blobs; i++) {
            put(1);
        }
        OrphanSweeper sweeper = sweeper(DAY, Duration.ofDays(2));

        round(sweeper);

        assertThat(ledger.waiting()).isZero();
        assertThat(sweeper.doubted()).isEqualTo(blobs);
    }

    @Test
    void countsNoBlobThatWaitsForTheCollectorAsAnOrphan() throws IOException {
        for (int i = 0; i < 120; i++) {
            ledger.retire(List.of(put(1)));
        }
        BlobId orphan = put(1);
        OrphanSweeper sweeper = sweeper(DAY, Duration.ofDays(2));

        round(sweeper);

        assertThat(sweeper.doubted()).isZero();
        assertThat(sweeper.orphans()).isEqualTo(1);
        assertThat(ledger.isRetired(orphan)).isTrue();
    }

    @Test
    void retiresManyOrphansOfAStoreThatIsKnown() throws IOException {
        for (int i = 0; i < 120; i++) {
            put(1);
            ledger.need(put(1), 5, KEY);
        }
        OrphanSweeper sweeper = sweeper(DAY, Duration.ofDays(2));

        round(sweeper);

        assertThat(ledger.waiting()).isEqualTo(120);
        assertThat(sweeper.doubted()).isZero();
    }

    @Test
    void removesIncompleteWrites() throws IOException {
        Path left = directory.resolve("two/incoming/left");
        Files.writeString(left, "x");

        round(sweeper(DAY, Duration.ZERO));
        assertThat(left).exists();
        OrphanSweeper sweeper = sweeper(Duration.ofSeconds(-5), Duration.ZERO);
        round(sweeper);

        assertThat(left).doesNotExist();
        assertThat(sweeper.incomplete()).isEqualTo(1);
    }

    @Test
    void leavesADamagedBlobToTheScrubber() throws IOException {
        BlobId damaged = put(10);
        Files.writeString(file(damaged), "x");

        OrphanSweeper sweeper = sweeper(DAY, Duration.ofDays(2));
        round(sweeper);

        assertThat(sweeper.orphans()).isZero();
        assertThat(ledger.waiting()).isZero();
    }

    @Test
    void findsEveryDamagedBlobAndPutsItAside() throws IOException {
        List<BlobId> damaged = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            BlobId blob = put(1 + i * 9000);
            if (i % 3 == 0) {
                byte[] bytes = Files.readAllBytes(file(blob));
                bytes[bytes.length * i / 30] ^= 1;
                Files.write(file(blob), bytes);
                damaged.add(blob);
            }
        }
        BlobScrubber scrubber = scrubber();

        round(scrubber);

        assertThat(scrubber.damaged()).isEqualTo(10);
        assertThat(scrubber.verified()).isEqualTo(20);
        assertThat(damage.counts()).containsExactly(Map.entry(Kind.DAMAGED, 10L));
        for (BlobId blob : damaged) {
            assertThat(file(blob).getParent().getFileName()).hasToString("quarantine");
            assertThatThrownBy(() -> store.verify(blob)).isInstanceOf(BlobDamagedException.class);
        }
        round(scrubber);
        assertThat(scrubber.damaged()).isEqualTo(10);
        assertThat(scrubber.verified()).isEqualTo(40);
    }

    @Test
    void staysWithinItsBudgetAndGoesOnWhereItEnded() throws IOException {
        put(10);
        BlobScrubber scrubber = scrubber();

        assertThat(scrubber.runSlice(Duration.ZERO)).isEqualTo(Job.Progress.BUSY);
        round(scrubber);

        assertThat(scrubber.verified()).isEqualTo(1);
    }
}
