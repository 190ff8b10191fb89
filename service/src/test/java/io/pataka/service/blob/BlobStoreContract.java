package io.pataka.service.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.model.BlobId;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.ObjectKey;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link BlobStore} keeps. */
abstract class BlobStoreContract {

    static final String STANDARD = "STANDARD";
    static final ObjectKey KEY = ObjectKey.of("a/../b//c \u2603");

    private static final int BLOCK = 64 * 1024;

    @TempDir
    Path directory;

    BlobStore store;

    /** A store with nothing in it. */
    abstract BlobStore open(Path directory) throws IOException;

    @BeforeEach
    void openStore() throws IOException {
        store = open(directory);
    }

    static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    static BlobDescriptor descriptor(long size) {
        return new BlobDescriptor(
                42,
                KEY,
                size,
                "00112233445566778899aabbccddeeff",
                List.of(
                        new Checksum(ChecksumAlgorithm.CRC32C, Checksum.Type.FULL_OBJECT, "AAAAAA=="),
                        new Checksum(ChecksumAlgorithm.SHA256, Checksum.Type.FULL_OBJECT, "c2hh")),
                Instant.ofEpochMilli(1_700_000_000_123L));
    }

    static BlobId put(BlobStore store, byte[] bytes) throws IOException {
        try (BlobSink sink = store.create(STANDARD, bytes.length)) {
            int at = 0;
            for (int step = 1; at < bytes.length; step = step * 3 + 1) {
                int count = Math.min(step, bytes.length - at);
                sink.write(bytes, at, count);
                at += count;
            }
            return sink.commit(descriptor(bytes.length));
        }
    }

    static byte[] get(BlobStore store, BlobId id, long offset, long length) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (BlobSource source = store.open(id, offset, length)) {
            assertThat(source.length()).isEqualTo(length);
            source.transferTo(out);
        }
        return out.toByteArray();
    }

    static List<BlobId> all(BlobStore store) throws IOException {
        List<BlobId> found = new ArrayList<>();
        for (int volume : store.volumes()) {
            for (int index = 0; index < Shard.COUNT; index++) {
                try (Stream<BlobStore.BlobEntry> entries = store.walk(new Shard(volume, index))) {
                    entries.forEach(it -> found.add(it.id()));
                }
            }
        }
        return found;
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0,
                1,
                4096,
                14_000,
                14_848,
                16_384,
                BLOCK - 1,
                BLOCK,
                BLOCK + 1,
                129_000,
                2 * BLOCK,
                2 * BLOCK + 1,
                5 * BLOCK + 77,
                17 * BLOCK
            })
    void givesBackWhatWasWritten(int length) throws IOException {
        byte[] bytes = random(length);

        BlobId id = put(store, bytes);

        assertThat(get(store, id, 0, length)).isEqualTo(bytes);
        assertThat(store.describe(id)).isEqualTo(descriptor(length));
        store.verify(id);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 9000, BLOCK, 3 * BLOCK + 5, 9 * BLOCK})
    void givesBackAnyStretch(int length) throws IOException {
        byte[] bytes = random(length);
        BlobId id = put(store, bytes);
        Random random = new Random(7);

        for (int i = 0; i < 200; i++) {
            int from = random.nextInt(length + 1);
            int to = from + random.nextInt(length - from + 1);
            assertThat(get(store, id, from, to - from)).isEqualTo(Arrays.copyOfRange(bytes, from, to));
        }
    }

    @Test
    void refusesAStretchBeyondTheEnd() throws IOException {
        BlobId small = put(store, random(100));
        BlobId large = put(store, random(3 * BLOCK));

        assertThatThrownBy(() -> store.open(small, 0, 101)).isInstanceOf(BlobDamagedException.class);
        assertThatThrownBy(() -> store.open(large, 3 * BLOCK, 1)).isInstanceOf(BlobDamagedException.class);
    }

    @Test
    void showsNothingBeforeItIsCommitted() throws IOException {
        byte[] bytes = random(3 * BLOCK);
        try (BlobSink sink = store.create(STANDARD, bytes.length)) {
            sink.write(bytes, 0, bytes.length);
            assertThat(all(store)).isEmpty();
        }
        assertThat(all(store)).isEmpty();
        assertThat(store.sweepIncoming(store.volumes().get(0), Duration.ofSeconds(-1)))
                .isZero();
    }

    @Test
    void refusesADescriptorOfAnotherSize() throws IOException {
        try (BlobSink sink = store.create(STANDARD, 10)) {
            sink.write(random(10), 0, 10);
            assertThatThrownBy(() -> sink.commit(descriptor(11))).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(all(store)).isEmpty();
    }

    @Test
    void losesOnlyTheBlobThatIsDeleted() throws IOException {
        byte[] bytes = random(1000);
        BlobId gone = put(store, bytes);
        BlobId kept = put(store, bytes);

        assertThat(store.delete(gone)).isTrue();

        assertThat(store.delete(gone)).isFalse();
        assertThatThrownBy(() -> store.open(gone, 0, 1)).isInstanceOf(FileNotFoundException.class);
        assertThatThrownBy(() -> store.describe(gone)).isInstanceOf(FileNotFoundException.class);
        assertThatThrownBy(() -> store.verify(gone)).isInstanceOf(FileNotFoundException.class);
        assertThat(get(store, kept, 0, 1000)).isEqualTo(bytes);
    }

    @Test
    void readsToTheEndABlobThatIsDeletedMeanwhile() throws IOException {
        byte[] bytes = random(9 * BLOCK);
        BlobId id = put(store, bytes);
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        try (BlobSource source = store.open(id, 0, bytes.length)) {
            store.delete(id);
            source.transferTo(out);
        }

        assertThat(out.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void walksOverEveryBlobOnceAndTellsWhenItCame() throws IOException {
        Instant before = Instant.now().minusSeconds(2);
        List<BlobId> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ids.add(put(store, random(i)));
        }

        assertThat(all(store)).containsExactlyInAnyOrderElementsOf(ids);
        try (Stream<BlobStore.BlobEntry> entries =
                store.walk(new Shard(ids.get(0).volume(), ids.get(0).shard()))) {
            assertThat(entries).allSatisfy(it -> assertThat(it.changed()).isAfter(before));
        }
    }

    @Test
    void readsABlobInQuarantineAndReleasesIt() throws IOException {
        BlobId id = put(store, random(10));

        store.quarantine(id);

        assertThat(all(store)).isEmpty();
        assertThat(store.quarantined(id.volume())).containsExactly(id);
        assertThat(get(store, id, 0, 10)).isEqualTo(random(10));
        assertThat(store.describe(id)).isEqualTo(descriptor(10));
        store.release(id);
        assertThat(all(store)).containsExactly(id);
        assertThat(store.quarantined(id.volume())).isEmpty();
        assertThatThrownBy(() -> store.release(id)).isInstanceOf(FileNotFoundException.class);
        assertThat(get(store, id, 0, 10)).isEqualTo(random(10));
    }

    @Test
    void deletesABlobInQuarantine() throws IOException {
        BlobId id = put(store, random(10));
        store.quarantine(id);

        assertThat(store.delete(id)).isTrue();

        assertThatThrownBy(() -> store.open(id, 0, 10)).isInstanceOf(FileNotFoundException.class);
    }

    @Test
    void refusesAStorageClassThatNoVolumeServes() {
        assertThatThrownBy(() -> store.create("GLACIER", 0))
                .isInstanceOf(VolumeFailedException.class)
                .hasMessageContaining("GLACIER");
    }

    @Test
    void tellsAVolumeThatIsNotHereFromABlobThatIsGone() {
        assertThatThrownBy(() -> store.open(BlobId.random(999, 0), 0, 1)).isInstanceOf(VolumeFailedException.class);
    }

    @Test
    void keepsTheBytesOfManyWritersApart() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Boolean>> writers = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                byte[] bytes = random(1 + i * 5000);
                writers.add(() -> {
                    BlobId id = put(store, bytes);
                    return Arrays.equals(get(store, id, 0, bytes.length), bytes);
                });
            }
            for (Future<Boolean> writer : threads.invokeAll(writers)) {
                assertThat(writer.get()).isTrue();
            }
        } finally {
            threads.shutdown();
        }
    }
}
