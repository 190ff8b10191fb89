package io.pataka.service.blob;

import static io.pataka.service.blob.BlobStoreContract.STANDARD;
import static io.pataka.service.blob.BlobStoreContract.all;
import static io.pataka.service.blob.BlobStoreContract.get;
import static io.pataka.service.blob.BlobStoreContract.put;
import static io.pataka.service.blob.BlobStoreContract.random;
import static io.pataka.service.blob.FaultyVolume.EIO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.blob.FaultyFilesystem.Call;
import io.pataka.service.model.BlobId;
import io.pataka.service.testing.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When a blob and its name are durable, and what a failed fsync means. */
final class FsyncTest {

    @TempDir
    private Path directory;

    private FaultyVolume volume;

    @BeforeEach
    void open() throws IOException {
        volume = new FaultyVolume(directory);
    }

    @Test
    void acknowledgesOnlyAfterFileAndDirectoryAreDurable() throws IOException {
        put(volume.store, random(1));
        int before = volume.disk.log().size();

        BlobId id = put(volume.store, random(200_000));

        String shard = "%02x".formatted(Shard.index(id) & 0xFF);
        List<String> calls = volume.disk.log().subList(before, volume.disk.log().size());
        int force = calls.indexOf("FORCE " + id);
        int move = calls.indexOf("MOVE " + id);
        assertThat(calls.lastIndexOf("WRITE " + id)).isBetween(0, move - 1);
        assertThat(force).isGreaterThan(move);
        assertThat(calls.lastIndexOf("FORCE_DIRECTORY " + shard)).isGreaterThan(force);
    }

    /** A name without its content could be left by a process that is killed. */
    @Test
    void aLargeBlobIsWithTheKernelBeforeItHasItsName() throws IOException {
        BlobId id = put(volume.store, random(AlignedBuffers.SIZE + 1));

        assertThat(volume.disk.log().indexOf("FLUSH " + id))
                .isBetween(
                        volume.disk.log().lastIndexOf("WRITE " + id) + 1,
                        volume.disk.log().indexOf("MOVE " + id) - 1);
    }

    @Test
    void blobsThatComeDuringAnFsyncShareTheNext() throws Exception {
        List<Future<BlobId>> writes = new ArrayList<>();
        put(volume.store, random(10));
        int before = volume.disk.log().size();

        whileAnFsyncOfTheDirectoryRuns(writes, () -> {});

        for (Future<BlobId> write : writes) {
            assertThat(get(volume.store, write.get(), 0, 10)).hasSize(10);
        }
        List<String> calls = volume.disk.log().stream().skip(before).toList();
        assertThat(calls).filteredOn(it -> it.startsWith("MOVE")).hasSize(writes.size());
        assertThat(calls).filteredOn(it -> it.startsWith("FORCE_DIRECTORY")).hasSize(2);
    }

    @Test
    void aFailedFsyncFailsAllWhoSharedIt() throws Exception {
        List<Future<BlobId>> writes = new ArrayList<>();
        put(volume.store, random(10));

        whileAnFsyncOfTheDirectoryRuns(writes, () -> volume.disk.fail(Call.FORCE_DIRECTORY, 0, EIO));

        int acknowledged = acknowledged(writes.remove(0)) ? 1 : 0;
        for (Future<BlobId> write : writes) {
            assertThatThrownBy(write::get).hasCauseInstanceOf(StoreFailedException.class);
        }
        volume.disk.heal();
        assertThat(volume.isBad()).isTrue();
        assertThat(all(volume.inventory)).hasSize(1 + acknowledged);
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
        CountDownLatch first = volume.disk.hold(Call.FORCE_DIRECTORY);
        writes.add(clients.submit(() -> put(volume.store, random(10))));
        first.await();
        for (int i = 0; i < 8; i++) {
            writes.add(clients.submit(() -> put(volume.store, random(10))));
        }
        Eventually.holds(
                "all writes wait for an fsync",
                () -> threads.size() == writes.size() && threads.stream().allMatch(FsyncTest::waitsForAnFsync));
        meanwhile.run();
        volume.disk.release();
        clients.shutdown();
    }

    private static boolean waitsForAnFsync(Thread thread) {
        return thread.getState() == Thread.State.WAITING
                && Arrays.stream(thread.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals(SharedFsync.class.getName()));
    }

    @ParameterizedTest
    @EnumSource(
            value = Call.class,
            names = {"FORCE", "FORCE_DIRECTORY"})
    void writesNothingMoreAfterAFailedFsync(Call call) throws IOException {
        byte[] bytes = random(100_000);
        BlobId before = put(volume.store, bytes);
        volume.disk.fail(call, 0, EIO);

        assertThatThrownBy(() -> put(volume.store, random(1000))).isInstanceOf(StoreFailedException.class);
        volume.disk.heal();

        assertThat(volume.isBad()).isTrue();
        assertThatThrownBy(() -> put(volume.store, random(1))).isInstanceOf(StoreFailedException.class);
        assertThat(get(volume.store, before, 0, bytes.length)).isEqualTo(bytes);
        assertThat(all(volume.inventory)).containsExactly(before);
        assertThat(volume.store.delete(before)).isTrue();
        volume.assertNothingIsLeft();
    }

    @Test
    void failsABlobWhoseEarlyFsyncFailed() throws IOException {
        byte[] bytes = new byte[1 << 20];
        try (BlobSink sink = volume.store.create(STANDARD, 0)) {
            volume.disk.failOnce(Call.FORCE, EIO);

            assertThatThrownBy(() -> {
                        for (int i = 0; i < 40; i++) {
                            sink.write(bytes, 0, bytes.length);
                        }
                        sink.commit(BlobStoreContract.descriptor(40L << 20));
                    })
                    .isInstanceOf(StoreFailedException.class);
        }
        assertThat(volume.isBad()).isTrue();
        volume.assertNothingIsLeft();
    }

    @Test
    void givesBackALargeBlobThatWasWrittenBackEarly() throws IOException {
        byte[] bytes = random(40 << 20);
        BlobId id;

        // Of unknown length, so that it goes through the page cache.
        try (BlobSink sink = volume.store.create(STANDARD, 0)) {
            sink.write(bytes, 0, bytes.length);
            id = sink.commit(BlobStoreContract.descriptor(bytes.length));
        }

        assertThat(volume.disk.log()).filteredOn(it -> it.equals("FORCE " + id)).hasSizeGreaterThan(1);
        assertThat(get(volume.store, id, 0, bytes.length)).isEqualTo(bytes);
    }
}
