package io.pataka.service.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.blob.BlobDescriptor;
import io.pataka.service.blob.BlobDescriptor.Payload;
import io.pataka.service.blob.BlobSink;
import io.pataka.service.blob.MemoryBlobStore;
import io.pataka.service.metadata.DamageLedger.Kind;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.BlockCodec;
import io.pataka.service.model.ObjectKey;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a round of the scrubber is continued, over a store without files. */
final class BlobScrubberTest {

    private static final int BLOBS = 50;

    private final MemoryBlobStore store = new MemoryBlobStore();
    private final MemoryBlobLedger ledger = new MemoryBlobLedger(Clock.systemUTC());
    private final MemoryDamageLedger damage = new MemoryDamageLedger();
    private final MemoryJobPositions positions = new MemoryJobPositions();
    private final List<BlobId> blobs = new ArrayList<>();

    @BeforeEach
    void put() throws IOException {
        for (int i = 0; i < BLOBS; i++) {
            try (BlobSink sink = store.create("STANDARD", 1)) {
                sink.write(new byte[1], 0, 1);
                blobs.add(sink.commit(new BlobDescriptor(
                        5, ObjectKey.of("key"), 1, Payload.of(BlockCodec.PLAIN, 1), Optional.empty(), Instant.EPOCH)));
            }
        }
    }

    private BlobScrubber scrubber() {
        BlobInspector inspector = new BlobInspector(store, store, ledger, damage);
        return new BlobScrubber(store, inspector, positions, Duration.ofDays(1));
    }

    /** Each slice reads one page or one blob. */
    private static void run(BlobScrubber scrubber, int slices) throws IOException {
        for (int i = 0; i < slices; i++) {
            assertThat(scrubber.runSlice(Duration.ZERO)).isEqualTo(Job.Progress.BUSY);
        }
    }

    private static void finish(BlobScrubber scrubber) throws IOException {
        while (scrubber.runSlice(Duration.ZERO) == Job.Progress.BUSY) {
            Thread.onSpinWait();
        }
    }

    @Test
    void anotherProcessContinuesTheRound() throws IOException {
        BlobScrubber first = scrubber();
        run(first, 30);

        BlobScrubber second = scrubber();
        finish(second);

        long repeated = first.verified() + second.verified() - BLOBS;
        assertThat(first.verified()).isBetween(20L, 30L);
        assertThat(repeated).as("blobs of the page that was not complete").isBetween(0L, 7L);
        assertThat(positions.position("blob-scrubber")).isEmpty();
    }

    @Test
    void continuesWhereAnotherNodeCameToMeanwhile() throws IOException {
        BlobScrubber first = scrubber();
        run(first, 5);
        BlobScrubber second = scrubber();
        run(second, 40);

        finish(first);

        assertThat(first.verified() + second.verified()).isBetween((long) BLOBS, BLOBS + 14L);
    }

    @Test
    void beginsTheNextRoundAtTheBeginning() throws IOException {
        BlobScrubber scrubber = scrubber();
        finish(scrubber);
        finish(scrubber);

        assertThat(scrubber.verified()).isEqualTo(2L * BLOBS);
    }

    @Test
    void findsDamageInAStoreWithoutFiles() throws IOException {
        store.damage(blobs.get(17));
        BlobScrubber scrubber = scrubber();

        finish(scrubber);

        assertThat(scrubber.damaged()).isEqualTo(1);
        assertThat(damage.counts()).containsExactly(Map.entry(Kind.DAMAGED, 1L));
        assertThat(store.quarantined(blobs.get(17).store())).containsExactly(blobs.get(17));
    }
}
