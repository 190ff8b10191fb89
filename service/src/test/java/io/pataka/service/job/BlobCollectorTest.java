package io.pataka.service.job;

import static io.pataka.service.job.JobTestBed.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.pataka.service.metadata.DamageLedger.Kind;
import io.pataka.service.model.BlobId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Which retired blobs the collector deletes, and which it keeps. */
class BlobCollectorTest {

    @TempDir
    private Path directory;

    private JobTestBed bed;

    @BeforeEach
    void open() throws IOException {
        bed = new JobTestBed(directory);
    }

    @Test
    void collectsOnlyWhatWasRetiredLongEnoughAgo() throws IOException {
        BlobId retired = bed.put(10);
        BlobId kept = bed.put(10);
        bed.ledger.retire(List.of(retired));

        bed.round(bed.collector(Duration.ofHours(1)));
        assertThat(bed.isThere(retired)).isTrue();
        BlobCollector collector = bed.collector(Duration.ZERO);
        bed.round(collector);

        assertThat(bed.isThere(retired)).isFalse();
        assertThat(bed.isThere(kept)).isTrue();
        assertThat(bed.ledger.waiting()).isZero();
        assertThat(collector.collected()).isEqualTo(1);
    }

    @Test
    void keepsARetiredBlobThatACopyNeeds() throws IOException {
        BlobId shared = bed.put(10);
        bed.ledger.need(shared, 5, KEY);
        bed.ledger.retire(List.of(shared));

        bed.round(bed.collector(Duration.ZERO));

        assertThat(bed.isThere(shared)).isTrue();
        assertThat(bed.ledger.waiting()).isZero();
    }

    @Test
    void collectsTheBlobsOfPartLists() throws IOException {
        List<BlobId> parts = new ArrayList<>();
        for (int i = 0; i < 450; i++) {
            BlobId part = bed.put(1);
            parts.add(part);
            bed.ledger.part(part);
        }

        BlobCollector collector = bed.collector(Duration.ZERO);
        bed.round(collector);

        assertThat(collector.collected()).isEqualTo(450);
        assertThat(parts).noneMatch(bed::isThere);
    }

    @Test
    void collectsADamagedBlobFromQuarantine() throws IOException {
        BlobId blob = bed.put(10);
        bed.inventory.quarantine(blob);
        bed.ledger.retire(List.of(blob));

        bed.round(bed.collector(Duration.ZERO));

        assertThat(bed.ledger.waiting()).isZero();
        assertThat(bed.isThere(blob)).isFalse();
    }

    @Test
    void keepsABlobOfAnUnknownOwnerUntilNothingNeedsIt() throws IOException {
        BlobId blob = bed.put(10);
        Files.writeString(bed.file(blob), "x");
        bed.ledger.retire(List.of(blob));
        BlobCollector collector = bed.collector(Duration.ZERO);

        bed.round(collector);
        assertThat(bed.ledger.waiting()).isEqualTo(1);
        assertThat(bed.file(blob).getParent().getFileName()).hasToString("quarantine");
        assertThat(bed.damage.find(blob)).isPresent();
        bed.damage.abandon(blob);
        bed.round(collector);

        assertThat(bed.ledger.waiting()).isZero();
        assertThat(bed.inventory.quarantined(blob.store())).isEmpty();
        assertThat(bed.damage.find(blob)).isEmpty();
        assertThat(collector.collected()).isEqualTo(1);
    }

    @Test
    void logsOnceWhatCannotBeCollected() throws IOException {
        BlobId damaged = bed.put(10);
        Files.writeString(bed.file(damaged), "x");
        BlobId elsewhere = BlobId.random(99);
        bed.ledger.retire(List.of(damaged, elsewhere));
        BlobCollector collector = bed.collector(Duration.ZERO);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger("io.pataka.service.job");
        log.start();
        logger.addAppender(log);
        try {
            for (int i = 0; i < 5; i++) {
                bed.round(collector);
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
    void forgetsALostBlobThatIsCollected() throws IOException {
        BlobId damaged = bed.put(10);
        BlobId missing = bed.put(10);
        bed.damage.record(damaged, Kind.DAMAGED, "test");
        bed.damage.record(missing, Kind.MISSING, "test");
        bed.inventory.quarantine(damaged);
        bed.store.delete(missing);
        bed.damage.abandon(missing);
        bed.ledger.retire(List.of(damaged, missing));

        bed.round(bed.collector(Duration.ZERO));

        assertThat(bed.damage.list(Optional.empty(), 10)).isEmpty();
        assertThat(bed.ledger.waiting()).isZero();
    }

    @Test
    void remembersALostBlobThatACopyNeeds() throws IOException {
        BlobId missing = bed.put(10);
        bed.damage.record(missing, Kind.MISSING, "test");
        bed.store.delete(missing);
        bed.ledger.retire(List.of(missing));

        bed.round(bed.collector(Duration.ZERO));

        assertThat(bed.damage.find(missing)).isPresent();
    }

    @Test
    void collectsAgainWhatACrashLeftInTheLedger() throws IOException {
        BlobId retired = bed.put(10);
        bed.ledger.retire(List.of(retired));
        bed.store.delete(retired);

        bed.round(bed.collector(Duration.ZERO));

        assertThat(bed.ledger.waiting()).isZero();
    }

    @Test
    void collectsPastBlobsWhoseVolumeIsNotHere() throws IOException {
        List<BlobId> elsewhere = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            elsewhere.add(BlobId.random(99));
        }
        bed.ledger.retire(elsewhere);
        BlobId here = bed.put(10);
        bed.ledger.retire(List.of(here));

        bed.round(bed.collector(Duration.ZERO));

        assertThat(bed.isThere(here)).isFalse();
        assertThat(bed.ledger.waiting()).isEqualTo(500);
    }

    @Test
    void deletesItsBlobAndNotTheOneThatExchangedNamesWithIt() throws IOException {
        BlobId deleted = bed.put(10);
        BlobId kept = bed.putBeside(deleted, 10);
        bed.ledger.need(kept, 5, KEY);
        bed.exchange(deleted, kept);
        bed.ledger.retire(List.of(deleted));
        // As after the audit found that no version needs it.
        bed.damage.record(deleted, Kind.DAMAGED, "a read came upon it");
        bed.damage.abandon(deleted);
        BlobCollector collector = bed.collector(Duration.ZERO);

        bed.round(collector);
        bed.round(collector);

        bed.store.verify(kept);
        assertThat(bed.isThere(deleted)).isFalse();
        assertThat(bed.ledger.waiting()).isZero();
    }

    @Test
    void leavesTheOnlyFileOfABlobOfAnotherVolume() throws IOException {
        BlobId deleted = bed.put(10);
        BlobId kept;
        do {
            kept = bed.put(10);
        } while (kept.store() == deleted.store());
        Path misplaced = bed.file(deleted);
        Files.move(bed.file(kept), misplaced, StandardCopyOption.REPLACE_EXISTING);
        bed.ledger.retire(List.of(deleted));
        bed.damage.record(deleted, Kind.DAMAGED, "a read came upon it");
        bed.damage.abandon(deleted);

        bed.round(bed.collector(Duration.ZERO));

        assertThat(bed.file(deleted)).exists();
        assertThat(bed.ledger.waiting()).isEqualTo(1);
    }
}
