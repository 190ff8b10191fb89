package io.pataka.service.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.blob.BlobDamagedException;
import io.pataka.service.metadata.DamageLedger.Kind;
import io.pataka.service.model.BlobId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the scrubber treats damaged blobs and files under the name of another blob. */
class DamagedBlobsTest {

    @TempDir
    private Path directory;

    private JobTestBed bed;

    @BeforeEach
    void open() throws IOException {
        bed = new JobTestBed(directory);
    }

    @Test
    void releasesAnIntactBlobFromQuarantineAndNoDamagedOne() throws IOException {
        BlobId intact = bed.put(10);
        BlobId damaged = bed.put(10);
        byte[] bytes = Files.readAllBytes(bed.file(damaged));
        bytes[0] ^= 1;
        Files.write(bed.file(damaged), bytes);
        bed.inventory.quarantine(intact);
        bed.inventory.quarantine(damaged);

        bed.round(bed.scrubber());

        assertThat(bed.file(intact).getParent().getFileName()).doesNotHaveToString("quarantine");
        assertThat(bed.file(damaged).getParent().getFileName()).hasToString("quarantine");
    }

    @Test
    void theScrubberPutsBackFilesThatExchangedNames() throws IOException {
        BlobId first = bed.put(10);
        BlobId second = bed.putBeside(first, 10);
        bed.exchange(first, second);
        bed.damage.record(second, Kind.DAMAGED, "a read came upon it");
        BlobScrubber scrubber = bed.scrubber();

        bed.round(scrubber);

        bed.store.verify(first);
        bed.store.verify(second);
        assertThat(scrubber.damaged()).isZero();
        assertThat(bed.damage.list(Optional.empty(), 10)).isEmpty();
    }

    @Test
    void theScrubberPutsBackWhatAnEarlierReleaseTookForDamaged() throws IOException {
        BlobId first = bed.put(10);
        BlobId second = bed.putBeside(first, 10);
        bed.exchange(first, second);
        bed.inventory.quarantine(first);
        bed.inventory.quarantine(second);

        bed.round(bed.scrubber());

        bed.store.verify(first);
        bed.store.verify(second);
        assertThat(bed.inventory.quarantined(first.store())).isEmpty();
    }

    @Test
    void theScrubberDoesNotReplaceAFileThatAnOperatorBroughtBack() throws IOException {
        BlobId blob = bed.put(3000);
        Path place = bed.file(blob);
        byte[] whole = Files.readAllBytes(place);
        byte[] broken = whole.clone();
        broken[0] ^= 1;
        Files.write(place, broken);
        BlobScrubber scrubber = bed.scrubber();
        bed.round(scrubber);
        Files.write(place, whole);

        bed.round(scrubber);
        bed.round(scrubber);

        bed.store.verify(blob);
        assertThat(place).hasBinaryContent(whole);
    }

    @Test
    void recordsWhatAnEarlierReleaseLeftInQuarantine() throws IOException {
        BlobId blob = bed.put(10);
        Files.writeString(bed.file(blob), "x");
        bed.inventory.quarantine(blob);

        bed.round(bed.scrubber());

        assertThat(bed.damage.find(blob).map(lost -> lost.kind())).contains(Kind.DAMAGED);
    }

    @Test
    void movesEveryDamagedBlobToQuarantine() throws IOException {
        List<BlobId> damaged = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            BlobId blob = bed.put(1 + i * 9000);
            if (i % 3 == 0) {
                byte[] bytes = Files.readAllBytes(bed.file(blob));
                bytes[bytes.length * i / 30] ^= 1;
                Files.write(bed.file(blob), bytes);
                damaged.add(blob);
            }
        }
        BlobScrubber scrubber = bed.scrubber();

        bed.round(scrubber);

        assertThat(scrubber.damaged()).isEqualTo(10);
        assertThat(scrubber.verified()).isEqualTo(20);
        assertThat(bed.damage.counts()).containsExactly(Map.entry(Kind.DAMAGED, 10L));
        for (BlobId blob : damaged) {
            assertThat(bed.file(blob).getParent().getFileName()).hasToString("quarantine");
            assertThatThrownBy(() -> bed.store.verify(blob)).isInstanceOf(BlobDamagedException.class);
        }
        bed.round(scrubber);
        assertThat(scrubber.damaged()).isEqualTo(10);
        assertThat(scrubber.verified()).isEqualTo(40);
    }

    @Test
    void staysWithinItsBudgetAndGoesOnWhereItEnded() throws IOException {
        bed.put(10);
        BlobScrubber scrubber = bed.scrubber();

        assertThat(scrubber.runSlice(Duration.ZERO)).isEqualTo(Job.Progress.BUSY);
        bed.round(scrubber);

        assertThat(scrubber.verified()).isEqualTo(1);
    }
}
