package io.pataka.service.job;

import static io.pataka.service.job.JobTestBed.DAY;
import static io.pataka.service.job.JobTestBed.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.model.BlobId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files without rows the sweeper retires, and when it retires none. */
class OrphanSweeperTest {

    @TempDir
    private Path directory;

    private JobTestBed bed;

    @BeforeEach
    void open() throws IOException {
        bed = new JobTestBed(directory);
    }

    @Test
    void sweepsOldOrphansAndNothingElse() throws IOException {
        BlobId needed = bed.put(10);
        BlobId orphan = bed.put(10);
        bed.ledger.need(needed, 5, KEY);

        OrphanSweeper young = bed.sweeper(DAY, Duration.ofHours(23));
        bed.round(young);
        assertThat(young.orphans()).isZero();
        OrphanSweeper sweeper = bed.sweeper(DAY, Duration.ofHours(25));
        bed.round(sweeper);
        bed.round(bed.collector(Duration.ZERO));

        assertThat(sweeper.orphans()).isEqualTo(1);
        assertThat(bed.isThere(needed)).isTrue();
        assertThat(bed.isThere(orphan)).isFalse();
    }

    @Test
    void leavesAnOrphanToTheGraceOfTheCollector() throws IOException {
        BlobId orphan = bed.put(10);

        bed.round(bed.sweeper(DAY, Duration.ofDays(2)));

        assertThat(bed.isThere(orphan)).isTrue();
        assertThat(bed.ledger.due(Duration.ZERO, 10)).containsExactly(orphan);
    }

    @Test
    void retiresNothingForADatabaseThatKnowsFewBlobsOfTheStore() throws IOException {
        for (int i = 0; i < 120; i++) {
            bed.put(1);
        }
        OrphanSweeper sweeper = bed.sweeper(DAY, Duration.ofDays(2));

        bed.round(sweeper);

        assertThat(bed.ledger.waiting()).isZero();
        assertThat(sweeper.orphans()).isZero();
        assertThat(sweeper.doubted()).isEqualTo(120);
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 99, 1_050, 2_300})
    void judgesTheStoreAsAWholeHoweverManyBlobsItHas(int blobs) throws IOException {
        for (int i = 0; i < blobs; i++) {
            bed.put(1);
        }
        OrphanSweeper sweeper = bed.sweeper(DAY, Duration.ofDays(2));

        bed.round(sweeper);

        assertThat(bed.ledger.waiting()).isZero();
        assertThat(sweeper.doubted()).isEqualTo(blobs);
    }

    @Test
    void countsNoBlobThatWaitsForTheCollectorAsAnOrphan() throws IOException {
        for (int i = 0; i < 120; i++) {
            bed.ledger.retire(List.of(bed.put(1)));
        }
        BlobId orphan = bed.put(1);
        OrphanSweeper sweeper = bed.sweeper(DAY, Duration.ofDays(2));

        bed.round(sweeper);

        assertThat(sweeper.doubted()).isZero();
        assertThat(sweeper.orphans()).isEqualTo(1);
        assertThat(bed.ledger.isRetired(orphan)).isTrue();
    }

    @Test
    void retiresManyOrphansOfAStoreThatIsKnown() throws IOException {
        for (int i = 0; i < 120; i++) {
            bed.put(1);
            bed.ledger.need(bed.put(1), 5, KEY);
        }
        OrphanSweeper sweeper = bed.sweeper(DAY, Duration.ofDays(2));

        bed.round(sweeper);

        assertThat(bed.ledger.waiting()).isEqualTo(120);
        assertThat(sweeper.doubted()).isZero();
    }

    @Test
    void removesIncompleteWrites() throws IOException {
        Path left = directory.resolve("two/incoming/left");
        Files.writeString(left, "x");

        bed.round(bed.sweeper(DAY, Duration.ZERO));
        assertThat(left).exists();
        OrphanSweeper sweeper = bed.sweeper(Duration.ofSeconds(-5), Duration.ZERO);
        bed.round(sweeper);

        assertThat(left).doesNotExist();
        assertThat(sweeper.incomplete()).isEqualTo(1);
    }

    @Test
    void leavesADamagedBlobToTheScrubber() throws IOException {
        BlobId damaged = bed.put(10);
        Files.writeString(bed.file(damaged), "x");

        OrphanSweeper sweeper = bed.sweeper(DAY, Duration.ofDays(2));
        bed.round(sweeper);

        assertThat(sweeper.orphans()).isZero();
        assertThat(bed.ledger.waiting()).isZero();
    }
}
