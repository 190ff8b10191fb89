package io.pataka.service.job;

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
import io.pataka.service.model.BlobId;
import io.pataka.service.model.BlockCodec;
import io.pataka.service.model.ObjectKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Two volumes in a folder of the test, and the jobs that delete, check and sweep the blobs on them. */
final class JobTestBed {

    static final Duration SLICE = Duration.ofMillis(50);
    static final Duration DAY = Duration.ofDays(1);
    static final ObjectKey KEY = ObjectKey.of("key");

    private final Path directory;
    final MemoryBlobLedger ledger = new MemoryBlobLedger(Clock.systemUTC());
    final MemoryDamageLedger damage = new MemoryDamageLedger();
    final BlobStore store;
    final BlobInventory inventory;

    JobTestBed(Path directory) throws IOException {
        this.directory = directory;
        VolumeSet volumes = VolumeSet.open(
                List.of(
                        new VolumeSettings(1, directory.resolve("one"), Set.of("STANDARD")),
                        new VolumeSettings(2, directory.resolve("two"), Set.of("STANDARD"))),
                true,
                0);
        store = new ShardedBlobStore(volumes, BufferPool.ofArrays());
        inventory = new ShardedBlobInventory(volumes);
    }

    BlobInspector inspector() {
        return new BlobInspector(store, inventory, ledger, damage);
    }

    BlobCollector collector(Duration grace) {
        return new BlobCollector(ledger, damage, store, inspector(), grace);
    }

    BlobScrubber scrubber() {
        return new BlobScrubber(inventory, inspector(), new MemoryJobPositions(), DAY);
    }

    OrphanSweeper sweeper(Duration age, Duration ahead) {
        Clock clock = Clock.fixed(Instant.now().plus(ahead), ZoneOffset.UTC);
        return new OrphanSweeper(ledger, store, inventory, clock, age, DAY);
    }

    BlobId put(int length) throws IOException {
        try (BlobSink sink = store.create("STANDARD", length)) {
            sink.write(new byte[length], 0, length);
            return sink.commit(new BlobDescriptor(
                    5, KEY, length, Payload.of(BlockCodec.PLAIN, length), Optional.empty(), Instant.EPOCH));
        }
    }

    /** The shards are on the same volume. */
    BlobId putBeside(BlobId blob, int length) throws IOException {
        BlobId beside;
        do {
            beside = put(length);
        } while (beside.store() != blob.store());
        return beside;
    }

    Path file(BlobId blob) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(it -> it.endsWith(blob.toString())).findFirst().orElseThrow();
        }
    }

    void exchange(BlobId first, BlobId second) throws IOException {
        Path one = file(first);
        Path other = file(second);
        Path aside = directory.resolve("aside");
        Files.move(one, aside);
        Files.move(other, one);
        Files.move(aside, other);
    }

    void round(Job job) throws IOException {
        while (job.runSlice(SLICE) == Job.Progress.BUSY) {
            Thread.onSpinWait();
        }
    }

    boolean isThere(BlobId blob) {
        try {
            store.describe(blob);
            return true;
        } catch (BlobGoneException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
