package io.pataka.service.blob;

import static io.pataka.service.blob.BlobStoreContract.STANDARD;
import static io.pataka.service.blob.BlobStoreContract.all;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** One volume on a disk that fails when the test says so, and on a clock that the test moves. */
final class FaultyVolume {

    static final String EIO = "Eingabe-/Ausgabefehler";
    static final String ENOSPC = "Auf dem Ger\u00e4t ist kein Speicherplatz mehr verf\u00fcgbar";
    static final String EROFS = "Das Dateisystem ist nur lesbar";

    private final Path directory;
    final FaultyFilesystem disk = new FaultyFilesystem();

    /** In nanoseconds. */
    final AtomicLong clock = new AtomicLong();

    VolumeSet volumes;
    BlobStore store;
    BlobInventory inventory;

    FaultyVolume(Path directory) throws IOException {
        this.directory = directory;
        open(1000);
    }

    /** @param reserve bytes that stay free */
    void open(long reserve) throws IOException {
        volumes = VolumeSet.open(
                List.of(new VolumeSettings(1, directory.resolve("one"), Set.of(STANDARD))),
                true,
                reserve,
                disk,
                clock::get);
        store = new ShardedBlobStore(volumes, BufferPool.ofArrays());
        inventory = new ShardedBlobInventory(volumes);
    }

    boolean isBad() {
        return volumes.status().get(0).failure().isPresent();
    }

    void tick(int times) {
        for (int i = 0; i < times; i++) {
            volumes.tick(1);
        }
    }

    void assertNothingIsLeft() throws IOException {
        assertThat(all(inventory)).isEmpty();
        assertThat(directory.resolve("one/incoming")).isEmptyDirectory();
    }
}
