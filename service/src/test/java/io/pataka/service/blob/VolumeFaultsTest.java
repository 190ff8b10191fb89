package io.pataka.service.blob;

import static io.pataka.service.blob.BlobStoreContract.PLAIN;
import static io.pataka.service.blob.BlobStoreContract.STANDARD;
import static io.pataka.service.blob.BlobStoreContract.all;
import static io.pataka.service.blob.BlobStoreContract.get;
import static io.pataka.service.blob.BlobStoreContract.put;
import static io.pataka.service.blob.BlobStoreContract.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.blob.FaultyFilesystem.Call;
import io.pataka.service.model.BlobId;
import io.pataka.service.testing.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a volume does when its disk fails, fills up, or the process is killed. */
final class VolumeFaultsTest {

    private static final String EIO = "Eingabe-/Ausgabefehler";
    private static final String ENOSPC = "Auf dem Ger\u00e4t ist kein Speicherplatz mehr verf\u00fcgbar";
    private static final String EROFS = "Das Dateisystem ist nur lesbar";

    @TempDir
    private Path directory;

    private final FaultyFilesystem disk = new FaultyFilesystem();

    /** In nanoseconds. */
    private final AtomicLong clock = new AtomicLong();

    private VolumeSet volumes;
    private BlobStore store;
    private BlobInventory inventory;

    @BeforeEach
    void open() throws IOException {
        open(1000);
    }

    private void open(long reserve) throws IOException {
        volumes = VolumeSet.open(
                List.of(new VolumeSettings(1, directory.resolve("one"), Set.of(STANDARD))),
                true,
                reserve,
                disk,
                clock::get);
        store = new ShardedBlobStore(volumes, BufferPool.ofArrays());
        inventory = new ShardedBlobInventory(volumes);
    }

    private boolean isBad() {
        return volumes.status().get(0).failure().isPresent();
    }

    private void assertNothingIsLeft() throws IOException {
        assertThat(all(inventory)).isEmpty();
        assertThat(directory.resolve("one/incoming")).isEmptyDirectory();
    }

    @Test
    void acknowledgesOnlyAfterFileAndDirectoryAreDurable() throws IOException {
        put(store, random(1));
        int before = disk.log().size();

        BlobId id = put(store, random(200_000));

        String shard = "%02x".formatted(Shard.index(id) & 0xFF);
        List<String> calls = disk.log().subList(before, disk.log().size());
        int force = calls.indexOf("FORCE " + id);
        int move = calls.indexOf("MOVE " + id);
        assertThat(calls.lastIndexOf("WRITE " + id)).isBetween(0, move - 1);
        assertThat(force).isGreaterThan(move);
        assertThat(calls.lastIndexOf("FORCE_DIRECTORY " + shard)).isGreaterThan(force);
    }

    /** A name without its content could be left by a process that is killed. */
    @Test
    void aLargeBlobIsWithTheKernelBeforeItHasItsName() throws IOException {
        BlobId id = put(store, random(AlignedBuffers.SIZE + 1));

        assertThat(disk.log().indexOf("FLUSH " + id))
                .isBetween(disk.log().lastIndexOf("WRITE " + id) + 1, disk.log().indexOf("MOVE " + id) - 1);
    }

    /** Proxies ask every two seconds, and each call to a disk that hangs would keep a thread. */
    @Test
    void whetherAVolumeTakesWritesIsKnownWithoutACallToTheDisk() throws IOException {
        disk.hang();
        assertThat(volumes.takesWrites()).isTrue();

        disk.fail(Call.FORCE, 0, EIO);
        assertThatThrownBy(() -> put(store, random(1))).isInstanceOf(IOException.class);
        assertThat(volumes.takesWrites()).isFalse();
    }

    @Test
    void blobsThatComeDuringAnFsyncShareTheNext() throws Exception {
        List<Future<BlobId>> writes = new ArrayList<>();
        put(store, random(10));
        int before = disk.log().size();

        whileAnFsyncOfTheDirectoryRuns(writes, () -> {});

        for (Future<BlobId> write : writes) {
            assertThat(get(store, write.get(), 0, 10)).hasSize(10);
        }
        List<String> calls = disk.log().stream().skip(before).toList();
        assertThat(calls).filteredOn(it -> it.startsWith("MOVE")).hasSize(writes.size());
        assertThat(calls).filteredOn(it -> it.startsWith("FORCE_DIRECTORY")).hasSize(2);
    }

    @Test
    void aFailedFsyncFailsAllWhoSharedIt() throws Exception {
        List<Future<BlobId>> writes = new ArrayList<>();
        put(store, random(10));

        whileAnFsyncOfTheDirectoryRuns(writes, () -> disk.fail(Call.FORCE_DIRECTORY, 0, EIO));

        int acknowledged = acknowledged(writes.remove(0)) ? 1 : 0;
        for (Future<BlobId> write : writes) {
            assertThatThrownBy(write::get).hasCauseInstanceOf(StoreFailedException.class);
        }
        disk.heal();
        assertThat(isBad()).isTrue();
        assertThat(all(inventory)).hasSize(1 + acknowledged);
    }

    /** A write that was durable before the failure is refused if it was not acknowledged before it. */
    private static boolean acknowledged(Future<BlobId> write) throws InterruptedException {
        try {
            return write.get() != null;
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(StoreFailedException.class);
            return false;
        }
    }

    /** One write gets as far as its directory's fsync, eight others wait for the next one, and then all go on. */
    private void whileAnFsyncOfTheDirectoryRuns(List<Future<BlobId>> writes, Runnable meanwhile) throws Exception {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        ExecutorService clients = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work);
            threads.add(thread);
            return thread;
        });
        CountDownLatch first = disk.hold(Call.FORCE_DIRECTORY);
        writes.add(clients.submit(() -> put(store, random(10))));
        first.await();
        for (int i = 0; i < 8; i++) {
            writes.add(clients.submit(() -> put(store, random(10))));
        }
        Eventually.holds(
                "all writes wait for an fsync",
                () -> threads.size() == writes.size() && threads.stream().allMatch(VolumeFaultsTest::waitsForAnFsync));
        meanwhile.run();
        disk.release();
        clients.shutdown();
    }

    private static boolean waitsForAnFsync(Thread thread) {
        return thread.getState() == Thread.State.WAITING
                && Arrays.stream(thread.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals(SharedFsync.class.getName()));
    }

    @Test
    void writesASmallBlobInOneCall() throws IOException {
        BlobId id = put(store, random(4096));

        assertThat(disk.log()).filteredOn(it -> it.equals("WRITE " + id)).hasSize(1);
    }

    @Test
    void readsASmallBlobInOneCall() throws IOException {
        BlobId id = put(store, random(4096));

        get(store, id, 0, 4096);

        assertThat(disk.log()).filteredOn(it -> it.equals("READ " + id)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Call.class,
            names = {"FORCE", "FORCE_DIRECTORY"})
    void writesNothingMoreAfterAFailedFsync(Call call) throws IOException {
        byte[] bytes = random(100_000);
        BlobId before = put(store, bytes);
        disk.fail(call, 0, EIO);

        assertThatThrownBy(() -> put(store, random(1000))).isInstanceOf(StoreFailedException.class);
        disk.heal();

        assertThat(isBad()).isTrue();
        assertThatThrownBy(() -> put(store, random(1))).isInstanceOf(StoreFailedException.class);
        assertThat(get(store, before, 0, bytes.length)).isEqualTo(bytes);
        assertThat(all(inventory)).containsExactly(before);
        assertThat(store.delete(before)).isTrue();
        assertNothingIsLeft();
    }

    @Test
    void failsABlobWhoseEarlyFsyncFailed() throws IOException {
        byte[] bytes = new byte[1 << 20];
        try (BlobSink sink = store.create(STANDARD, 0)) {
            disk.failOnce(Call.FORCE, EIO);

            assertThatThrownBy(() -> {
                        for (int i = 0; i < 40; i++) {
                            sink.write(bytes, 0, bytes.length);
                        }
                        sink.commit(BlobStoreContract.descriptor(40L << 20));
                    })
                    .isInstanceOf(StoreFailedException.class);
        }
        assertThat(isBad()).isTrue();
        assertNothingIsLeft();
    }

    @Test
    void givesBackALargeBlobThatWasWrittenBackEarly() throws IOException {
        byte[] bytes = random(40 << 20);
        BlobId id;

        // Of unknown length, so that it goes through the page cache.
        try (BlobSink sink = store.create(STANDARD, 0)) {
            sink.write(bytes, 0, bytes.length);
            id = sink.commit(BlobStoreContract.descriptor(bytes.length));
        }

        assertThat(disk.log()).filteredOn(it -> it.equals("FORCE " + id)).hasSizeGreaterThan(1);
        assertThat(get(store, id, 0, bytes.length)).isEqualTo(bytes);
    }

    @Test
    void stopsAWriteThatRunsWhenTheVolumeFails() throws IOException {
        byte[] bytes = random(100_000);
        try (BlobSink running = store.create(STANDARD, 0)) {
            running.write(bytes, 0, bytes.length);
            disk.fail(Call.FORCE, 0, EIO);
            assertThatThrownBy(() -> put(store, bytes)).isInstanceOf(StoreFailedException.class);
            disk.heal();

            assertThatThrownBy(() -> running.commit(BlobStoreContract.descriptor(bytes.length)))
                    .isInstanceOf(StoreFailedException.class);
        }
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aFailedWriteFailsTheRequestAndMarksTheVolume(int after) throws IOException {
        disk.fail(Call.WRITE, after, EIO);

        assertThatThrownBy(() -> put(store, random(300_000))).isInstanceOf(StoreFailedException.class);
        disk.heal();

        assertThat(isBad()).isTrue();
        assertNothingIsLeft();
    }

    @Test
    void aFailedReadFailsTheRequestAndNotTheVolume() throws IOException {
        BlobId id = put(store, random(300_000));
        disk.fail(Call.READ, 3, EIO);

        assertThatThrownBy(() -> get(store, id, 0, 300_000)).isInstanceOf(StoreFailedException.class);
        disk.heal();

        assertThat(isBad()).isFalse();
        assertThat(get(store, put(store, random(10)), 0, 10)).hasSize(10);
        assertThat(get(store, id, 0, 300_000)).isEqualTo(random(300_000));
    }

    @ParameterizedTest
    @CsvSource({"CREATE, 0", "WRITE, 0", "WRITE, 2", "FLUSH, 0"})
    void aFullDiskIsCleanAndTakesBlobsAgainWhenThereIsRoom(Call call, int after) throws Exception {
        disk.fail(call, after, ENOSPC);
        try (BlobSink sink = store.create(STANDARD, 300_000)) {
            disk.usable(4096);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10; i++) {
                            sink.write(random(30_000), 0, 30_000);
                        }
                        sink.commit(BlobStoreContract.descriptor(300_000));
                    })
                    .isInstanceOf(StoreFullException.class);
        }
        disk.heal();
        disk.usable(Long.MAX_VALUE / 4);
        assertNothingIsLeft();
        assertThat(isBad()).isFalse();

        clock.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(get(store, put(store, random(10)), 0, 10)).hasSize(10);
    }

    @Test
    void keepsItsReserve() throws IOException {
        disk.usable(5000);
        open(1000);

        assertThatThrownBy(() -> store.create(STANDARD, 4000)).isInstanceOf(StoreFullException.class);
        store.create(STANDARD, 3999).close();
    }

    /** Quotas and inodes may be used up while bytes are left. */
    @Test
    void aDiskThatTakesNoFileThoughBytesAreLeftTakesThemAgainByItself() throws IOException {
        disk.fail(Call.CREATE, 0, ENOSPC);
        assertThatThrownBy(() -> put(store, random(10))).isInstanceOf(StoreFailedException.class);
        tick(10);
        assertThat(isBad()).isTrue();

        disk.heal();
        tick(WriteState.PROOFS);

        assertThat(get(store, put(store, random(10)), 0, 10)).hasSize(10);
    }

    @ParameterizedTest
    @EnumSource(
            value = Call.class,
            names = {"CREATE", "WRITE", "FLUSH", "FORCE", "MOVE", "FORCE_DIRECTORY"})
    void aVolumeThatWasReadOnlyForAMomentComesBack(Call call) throws IOException {
        BlobId before = put(store, random(10));
        disk.fail(call, 0, EROFS);
        assertThatThrownBy(() -> put(store, random(10))).isInstanceOf(StoreFailedException.class);
        tick(1);
        assertThat(isBad()).isTrue();

        disk.heal();
        tick(WriteState.PROOFS - 1);
        assertThat(isBad()).isTrue();
        tick(1);

        assertThat(isBad()).isFalse();
        assertThat(get(store, put(store, random(10)), 0, 10)).hasSize(10);
        assertThat(all(inventory)).hasSize(2).contains(before);
        assertThat(directory.resolve("one/incoming")).isEmptyDirectory();
    }

    @Test
    void aVolumeWhoseProbeReadsOtherBytesStaysOut() throws IOException {
        disk.fail(Call.FORCE, 0, EIO);
        assertThatThrownBy(() -> put(store, random(10))).isInstanceOf(StoreFailedException.class);
        disk.fail(Call.READ, 0, EIO);

        tick(10);

        assertThat(isBad()).isTrue();
    }

    /** The mount point of a disk that is not mounted takes writes, too. */
    @Test
    void aDirectoryThatIsNoLongerTheVolumeStaysOut() throws IOException {
        disk.fail(Call.WRITE, 0, EIO);
        assertThatThrownBy(() -> put(store, random(10))).isInstanceOf(StoreFailedException.class);
        disk.heal();
        Path marker = directory.resolve("one/volume.json");
        Path aside = directory.resolve("aside.json");
        Files.move(marker, aside);
        tick(10);
        assertThat(isBad()).isTrue();

        Files.move(aside, marker);
        tick(WriteState.PROOFS);

        assertThat(isBad()).isFalse();
    }

    @Test
    void aBlobOfAVolumeThatIsNotMountedIsNotCalledGone() throws IOException {
        BlobId id = put(store, random(10));
        Files.delete(directory.resolve("one/volume.json"));
        store.delete(id);

        assertThatThrownBy(() -> store.open(id, PLAIN, 0, 10)).isInstanceOf(StoreFailedException.class);
        assertThatThrownBy(() -> store.describe(id)).isInstanceOf(StoreFailedException.class);
    }

    /** An fsync that succeeds after the failure may have nothing left to write. */
    @Test
    void aBlobThatWasBegunBeforeTheFailureIsNotAcknowledgedAfterTheVolumeCameBack() throws IOException {
        byte[] bytes = random(100_000);
        try (BlobSink running = store.create(STANDARD, 0)) {
            running.write(bytes, 0, bytes.length);
            disk.failOnce(Call.FORCE, EIO);
            assertThatThrownBy(() -> put(store, bytes)).isInstanceOf(StoreFailedException.class);
            tick(WriteState.PROOFS);
            assertThat(isBad()).isFalse();

            assertThatThrownBy(() -> running.commit(BlobStoreContract.descriptor(bytes.length)))
                    .isInstanceOf(StoreFailedException.class);
        }
        assertNothingIsLeft();
        assertThat(get(store, put(store, bytes), 0, 10)).hasSize(10);
    }

    /** What was durable before the failure is made sure of again, as after a start. */
    @Test
    void forcesTheDirectoriesAgainAfterTheVolumeCameBack() throws IOException {
        put(store, random(10));
        disk.failOnce(Call.FORCE, EIO);
        assertThatThrownBy(() -> put(store, random(10))).isInstanceOf(StoreFailedException.class);
        tick(WriteState.PROOFS);
        int before = disk.log().size();

        put(store, random(10));

        assertThat(disk.log().subList(before, disk.log().size())).contains("FORCE_DIRECTORY objects");
    }

    private void tick(int times) {
        for (int i = 0; i < times; i++) {
            volumes.tick(1);
        }
    }

    @Test
    void aProcessWithoutFileDescriptorsFailsOnlyTheRequest() throws IOException {
        disk.descriptors(false);
        disk.fail(Call.CREATE, 0, "Zu viele offene Dateien");
        assertThatThrownBy(() -> put(store, random(10))).isInstanceOf(StoreFailedException.class);
        disk.heal();

        assertThat(isBad()).isFalse();
        assertThat(get(store, put(store, random(10)), 0, 10)).hasSize(10);
    }

    /** Every call of a write in turn is the last one of the process. */
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
        disk.crash(call, after);
        int length = 3 * AlignedBuffers.SIZE / 2;
        assertThatThrownBy(() -> put(store, random(length))).isInstanceOf(BlobStoreException.class);
        disk.heal();

        open(1000);

        for (BlobId id : all(inventory)) {
            store.verify(id);
            assertThat(get(store, id, 0, length)).isEqualTo(random(length));
            store.delete(id);
        }
        inventory.removeIncomplete(1, Duration.ofSeconds(-1));
        assertNothingIsLeft();
        assertThat(get(store, put(store, random(10)), 0, 10)).hasSize(10);
    }

    @Test
    void anInterruptedThreadDoesNotSpoilTheVolume() throws Exception {
        Thread thread = new Thread(() -> {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> put(store, random(300_000))).isInstanceOf(StoreFailedException.class);
        });
        thread.start();
        thread.join();

        assertThat(isBad()).isFalse();
        assertNothingIsLeft();
    }

    @Test
    void tellsABlobThatIsGoneFromADiskThatFails() throws IOException {
        BlobId id = put(store, random(10));
        disk.fail(Call.OPEN, 0, EIO);
        assertThatThrownBy(() -> store.open(id, PLAIN, 0, 1)).isInstanceOf(StoreFailedException.class);
        disk.heal();
        store.delete(id);
        assertThatThrownBy(() -> store.open(id, PLAIN, 0, 1)).isInstanceOf(BlobGoneException.class);
    }
}
