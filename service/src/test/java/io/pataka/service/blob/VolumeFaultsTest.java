package io.pataka.service.blob;

import static io.pataka.service.blob.BlobStoreContract.PLAIN;
import static io.pataka.service.blob.BlobStoreContract.STANDARD;
import static io.pataka.service.blob.BlobStoreContract.all;
import static io.pataka.service.blob.BlobStoreContract.get;
import static io.pataka.service.blob.BlobStoreContract.put;
import static io.pataka.service.blob.BlobStoreContract.random;
import static io.pataka.service.blob.FaultyVolume.EIO;
import static io.pataka.service.blob.FaultyVolume.ENOSPC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.blob.FaultyFilesystem.Call;
import io.pataka.service.model.BlobId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a volume does when its disk fails, fills up, or the process is killed. */
final class VolumeFaultsTest {

    @TempDir
    private Path directory;

    private FaultyVolume volume;

    @BeforeEach
    void open() throws IOException {
        volume = new FaultyVolume(directory);
    }

    /** Proxies ask every two seconds, and each call to a disk that hangs would keep a thread. */
    @Test
    void whetherAVolumeTakesWritesIsKnownWithoutACallToTheDisk() throws IOException {
        volume.disk.hang();
        assertThat(volume.volumes.takesWrites()).isTrue();

        volume.disk.fail(Call.FORCE, 0, EIO);
        assertThatThrownBy(() -> put(volume.store, random(1))).isInstanceOf(IOException.class);
        assertThat(volume.volumes.takesWrites()).isFalse();
    }

    @Test
    void writesASmallBlobInOneCall() throws IOException {
        BlobId id = put(volume.store, random(4096));

        assertThat(volume.disk.log()).filteredOn(it -> it.equals("WRITE " + id)).hasSize(1);
    }

    @Test
    void readsASmallBlobInOneCall() throws IOException {
        BlobId id = put(volume.store, random(4096));

        get(volume.store, id, 0, 4096);

        assertThat(volume.disk.log()).filteredOn(it -> it.equals("READ " + id)).hasSize(1);
    }

    @Test
    void stopsAWriteThatRunsWhenTheVolumeFails() throws IOException {
        byte[] bytes = random(100_000);
        try (BlobSink running = volume.store.create(STANDARD, 0)) {
            running.write(bytes, 0, bytes.length);
            volume.disk.fail(Call.FORCE, 0, EIO);
            assertThatThrownBy(() -> put(volume.store, bytes)).isInstanceOf(StoreFailedException.class);
            volume.disk.heal();

            assertThatThrownBy(() -> running.commit(BlobStoreContract.descriptor(bytes.length)))
                    .isInstanceOf(StoreFailedException.class);
        }
        volume.assertNothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aFailedWriteFailsTheRequestAndMarksTheVolume(int after) throws IOException {
        volume.disk.fail(Call.WRITE, after, EIO);

        assertThatThrownBy(() -> put(volume.store, random(300_000))).isInstanceOf(StoreFailedException.class);
        volume.disk.heal();

        assertThat(volume.isBad()).isTrue();
        volume.assertNothingIsLeft();
    }

    @Test
    void aFailedReadFailsTheRequestAndNotTheVolume() throws IOException {
        BlobId id = put(volume.store, random(300_000));
        volume.disk.fail(Call.READ, 3, EIO);

        assertThatThrownBy(() -> get(volume.store, id, 0, 300_000)).isInstanceOf(StoreFailedException.class);
        volume.disk.heal();

        assertThat(volume.isBad()).isFalse();
        assertThat(get(volume.store, put(volume.store, random(10)), 0, 10)).hasSize(10);
        assertThat(get(volume.store, id, 0, 300_000)).isEqualTo(random(300_000));
    }

    @ParameterizedTest
    @CsvSource({"CREATE, 0", "WRITE, 0", "WRITE, 2", "FLUSH, 0"})
    void aFullDiskKeepsNoPartOfABlobAndTakesBlobsAgainWhenThereIsSpace(Call call, int after) throws Exception {
        volume.disk.fail(call, after, ENOSPC);
        try (BlobSink sink = volume.store.create(STANDARD, 300_000)) {
            volume.disk.usable(4096);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10; i++) {
                            sink.write(random(30_000), 0, 30_000);
                        }
                        sink.commit(BlobStoreContract.descriptor(300_000));
                    })
                    .isInstanceOf(StoreFullException.class);
        }
        volume.disk.heal();
        volume.disk.usable(Long.MAX_VALUE / 4);
        volume.assertNothingIsLeft();
        assertThat(volume.isBad()).isFalse();

        volume.clock.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(get(volume.store, put(volume.store, random(10)), 0, 10)).hasSize(10);
    }

    @Test
    void keepsItsReserve() throws IOException {
        volume.disk.usable(5000);
        volume.open(1000);

        assertThatThrownBy(() -> volume.store.create(STANDARD, 4000)).isInstanceOf(StoreFullException.class);
        volume.store.create(STANDARD, 3999).close();
    }

    @Test
    void aBlobOfAVolumeThatIsNotMountedIsNotMissing() throws IOException {
        BlobId id = put(volume.store, random(10));
        Files.delete(directory.resolve("one/volume.json"));
        volume.store.delete(id);

        assertThatThrownBy(() -> volume.store.open(id, PLAIN, 0, 10)).isInstanceOf(StoreFailedException.class);
        assertThatThrownBy(() -> volume.store.describe(id)).isInstanceOf(StoreFailedException.class);
    }

    @Test
    void aProcessWithoutFileDescriptorsFailsOnlyTheRequest() throws IOException {
        volume.disk.descriptors(false);
        volume.disk.fail(Call.CREATE, 0, "Zu viele offene Dateien");
        assertThatThrownBy(() -> put(volume.store, random(10))).isInstanceOf(StoreFailedException.class);
        volume.disk.heal();

        assertThat(volume.isBad()).isFalse();
        assertThat(get(volume.store, put(volume.store, random(10)), 0, 10)).hasSize(10);
    }

    /** The process ends at each call of a write in turn. */
    @ParameterizedTest
    @CsvSource({
        "CREATE, 0",
        "WRITE, 0",
        "WRITE, 1",
        "WRITE, 2",
        "FLUSH, 0",
        "FORCE, 0",
        "MOVE, 0",
        "FORCE_DIRECTORY, 0",
        "FORCE_DIRECTORY, 1",
        "FORCE_DIRECTORY, 2",
        "FORCE_DIRECTORY, 3"
    })
    void aKilledWriteLeavesNoHalfBlob(Call call, int after) throws IOException {
        volume.disk.crash(call, after);
        int length = 3 * AlignedBuffers.SIZE / 2;
        assertThatThrownBy(() -> put(volume.store, random(length))).isInstanceOf(BlobStoreException.class);
        volume.disk.heal();

        volume.open(1000);

        for (BlobId id : all(volume.inventory)) {
            volume.store.verify(id);
            assertThat(get(volume.store, id, 0, length)).isEqualTo(random(length));
            volume.store.delete(id);
        }
        volume.inventory.removeIncomplete(1, Duration.ofSeconds(-1));
        volume.assertNothingIsLeft();
        assertThat(get(volume.store, put(volume.store, random(10)), 0, 10)).hasSize(10);
    }

    @Test
    void anInterruptedThreadDoesNotSpoilTheVolume() throws Exception {
        Thread thread = new Thread(() -> {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> put(volume.store, random(300_000))).isInstanceOf(StoreFailedException.class);
        });
        thread.start();
        thread.join();

        assertThat(volume.isBad()).isFalse();
        volume.assertNothingIsLeft();
    }

    @Test
    void distinguishesAMissingBlobFromAFailingDisk() throws IOException {
        BlobId id = put(volume.store, random(10));
        volume.disk.fail(Call.OPEN, 0, EIO);
        assertThatThrownBy(() -> volume.store.open(id, PLAIN, 0, 1)).isInstanceOf(StoreFailedException.class);
        volume.disk.heal();
        volume.store.delete(id);
        assertThatThrownBy(() -> volume.store.open(id, PLAIN, 0, 1)).isInstanceOf(BlobGoneException.class);
    }
}
