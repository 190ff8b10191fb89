package io.pataka.service.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.blob.BlobDescriptor.Digests;
import io.pataka.service.blob.BlobDescriptor.Payload;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.BlockCodec;
import io.pataka.service.model.ByteSource;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.ObjectKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link BlobStore} promises, together with its {@link BlobInventory}. */
abstract class BlobStoreContract {

    static final String STANDARD = "STANDARD";

    /** The number of the codec that changes nothing. */
    static final int PLAIN = BlockCodec.PLAIN.number();

    static final ObjectKey KEY = ObjectKey.of("a/../b//c \u2603");

    private static final int BLOCK = 64 * 1024;

    @TempDir
    Path directory;

    BlobStore store;
    BlobInventory inventory;

    /** Opens what the directory has, at first nothing, with the stores 1 and 2, which take STANDARD. */
    abstract void open(Path directory) throws IOException;

    @BeforeEach
    void openStore() throws IOException {
        open(directory);
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
                new Payload(size, PLAIN),
                Optional.of(new Digests(
                        "00112233445566778899aabbccddeeff",
                        List.of(
                                new Checksum(ChecksumAlgorithm.CRC32C, Checksum.Type.FULL_OBJECT, "AAAAAA=="),
                                new Checksum(ChecksumAlgorithm.SHA256, Checksum.Type.FULL_OBJECT, "c2hh")))),
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
        try (ByteSource source = store.open(id, PLAIN, offset, length)) {
            assertThat(source.length()).isEqualTo(length);
            source.transferTo(out);
        }
        return out.toByteArray();
    }

    static List<BlobId> all(BlobInventory inventory) throws IOException {
        return entries(inventory).stream().map(BlobInventory.BlobEntry::id).toList();
    }

    private static List<BlobInventory.BlobEntry> entries(BlobInventory inventory) throws IOException {
        List<BlobInventory.BlobEntry> found = new ArrayList<>();
        Optional<String> position = Optional.empty();
        do {
            BlobInventory.Page page = inventory.page(position);
            assertThat(page.failure()).isEmpty();
            found.addAll(page.blobs());
            position = page.next();
        } while (position.isPresent());
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

        assertThatThrownBy(() -> store.open(small, PLAIN, 0, 101)).isInstanceOf(BlobDamagedException.class);
        assertThatThrownBy(() -> store.open(large, PLAIN, 3 * BLOCK, 1)).isInstanceOf(BlobDamagedException.class);
    }

    @Test
    void keepsAPayloadThatIsNotTheBytesOfTheObject() throws IOException {
        byte[] payload = random(BLOCK + 300);
        BlobDescriptor encoded =
                new BlobDescriptor(42, KEY, 1000, new Payload(payload.length, 9), Optional.empty(), Instant.EPOCH);
        BlobId id;
        try (BlobSink sink = store.create(STANDARD, 0)) {
            sink.write(payload, 0, payload.length);
            id = sink.commit(encoded);
        }

        assertThat(store.describe(id)).isEqualTo(encoded);
        store.verify(id);
        try (ByteSource source = store.open(id, 9, 0, payload.length)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            source.transferTo(out);
            assertThat(out.toByteArray()).isEqualTo(payload);
        }
    }

    /** A node that does not know a codec must not return the payload as if it were the object. */
    @Test
    void refusesToOpenAPayloadOfAnotherCodec() throws IOException {
        BlobId encoded;
        try (BlobSink sink = store.create(STANDARD, 0)) {
            sink.write(random(100), 0, 100);
            encoded =
                    sink.commit(new BlobDescriptor(42, KEY, 84, new Payload(100, 9), Optional.empty(), Instant.EPOCH));
        }
        BlobId plain = put(store, random(100));

        assertThatThrownBy(() -> store.open(encoded, PLAIN, 0, 10)).isInstanceOf(BlobFormatUnknownException.class);
        assertThatThrownBy(() -> store.open(encoded, 8, 0, 10)).isInstanceOf(BlobFormatUnknownException.class);
        assertThatThrownBy(() -> store.open(plain, 9, 0, 10)).isInstanceOf(BlobFormatUnknownException.class);
        inventory.quarantine(encoded);
        inventory.release(encoded);
        store.verify(encoded);
    }

    @Test
    void commitsUnderTheIdOfTheSink() throws IOException {
        try (BlobSink sink = store.create(STANDARD, 0)) {
            BlobId said = sink.id();
            assertThat(sink.commit(descriptor(0))).isEqualTo(said);
        }
    }

    @Test
    void aCopyHasAnIdOfItsOwnAndTheLastBytesOfItsOriginal() throws IOException {
        BlobId original = put(store, random(10));
        Set<BlobId> ids = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            try (BlobSink sink = store.createCopy(STANDARD, 10, original)) {
                sink.write(random(10), 0, 10);
                ids.add(sink.commit(descriptor(10)));
            }
        }
        assertThat(ids).hasSize(50).doesNotContain(original);
        for (BlobId id : ids) {
            assertThat(id.low()).isEqualTo(original.low());
            assertThat(get(store, id, 0, 10)).isEqualTo(random(10));
        }
        assertThat(put(store, random(10)).low()).isNotEqualTo(original.low());
    }

    @Test
    void showsNothingBeforeItIsCommitted() throws IOException {
        byte[] bytes = random(3 * BLOCK);
        try (BlobSink sink = store.create(STANDARD, bytes.length)) {
            sink.write(bytes, 0, bytes.length);
            assertThat(all(inventory)).isEmpty();
        }
        assertThat(all(inventory)).isEmpty();
        for (int number : inventory.stores()) {
            assertThat(inventory.removeIncomplete(number, Duration.ofSeconds(-1)))
                    .isZero();
        }
    }

    @Test
    void refusesADescriptorOfAnotherSize() throws IOException {
        try (BlobSink sink = store.create(STANDARD, 10)) {
            sink.write(random(10), 0, 10);
            assertThatThrownBy(() -> sink.commit(descriptor(11))).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(all(inventory)).isEmpty();
    }

    @Test
    void losesOnlyTheBlobThatIsDeleted() throws IOException {
        byte[] bytes = random(1000);
        BlobId gone = put(store, bytes);
        BlobId kept = put(store, bytes);

        assertThat(store.delete(gone)).isTrue();

        assertThat(store.delete(gone)).isFalse();
        assertThatThrownBy(() -> store.open(gone, PLAIN, 0, 1)).isInstanceOf(BlobGoneException.class);
        assertThatThrownBy(() -> store.describe(gone)).isInstanceOf(BlobGoneException.class);
        assertThatThrownBy(() -> store.verify(gone)).isInstanceOf(BlobGoneException.class);
        assertThat(get(store, kept, 0, 1000)).isEqualTo(bytes);
    }

    @Test
    void readsToTheEndABlobThatIsDeletedMeanwhile() throws IOException {
        byte[] bytes = random(9 * BLOCK);
        BlobId id = put(store, bytes);
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        try (ByteSource source = store.open(id, PLAIN, 0, bytes.length)) {
            store.delete(id);
            source.transferTo(out);
        }

        assertThat(out.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void listsEveryBlobOnceWithTheTimeOfItsWriting() throws IOException {
        Instant before = Instant.now().minusSeconds(2);
        List<BlobId> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ids.add(put(store, random(i)));
        }

        assertThat(all(inventory)).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(entries(inventory)).allSatisfy(it -> assertThat(it.changed()).isAfter(before));
    }

    @Test
    void readsABlobInQuarantineAndReleasesIt() throws IOException {
        BlobId id = put(store, random(10));

        inventory.quarantine(id);

        assertThat(all(inventory)).isEmpty();
        assertThat(inventory.quarantined(id.store())).containsExactly(id);
        assertThat(get(store, id, 0, 10)).isEqualTo(random(10));
        assertThat(store.describe(id)).isEqualTo(descriptor(10));
        inventory.release(id);
        assertThat(all(inventory)).containsExactly(id);
        assertThat(inventory.quarantined(id.store())).isEmpty();
        assertThatThrownBy(() -> inventory.release(id)).isInstanceOf(BlobGoneException.class);
        assertThat(get(store, id, 0, 10)).isEqualTo(random(10));
    }

    @Test
    void deletesABlobInQuarantine() throws IOException {
        BlobId id = put(store, random(10));
        inventory.quarantine(id);

        assertThat(store.delete(id)).isTrue();

        assertThatThrownBy(() -> store.open(id, PLAIN, 0, 10)).isInstanceOf(BlobGoneException.class);
    }

    @Test
    void tellsWhetherABlobIsInAStorageClass() throws IOException {
        BlobId blob = put(store, random(10));

        assertThat(store.isIn(STANDARD, blob)).isTrue();
        assertThat(store.isIn("GLACIER", blob)).isFalse();
        assertThat(store.isIn(STANDARD, BlobId.random(999))).isFalse();
    }

    @Test
    void refusesAStorageClassThatNoStoreTakes() {
        assertThatThrownBy(() -> store.create("GLACIER", 0))
                .isInstanceOf(StoreFailedException.class)
                .hasMessageContaining("GLACIER");
    }

    @Test
    void doesNotReportABlobOfAnUnknownStoreAsGone() {
        assertThatThrownBy(() -> store.open(BlobId.random(999), PLAIN, 0, 1)).isInstanceOf(StoreFailedException.class);
    }

    @Test
    void goesOnAtAPositionAfterAReopening() throws IOException {
        Set<BlobId> ids = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            ids.add(put(store, random(i)));
        }

        List<BlobId> found = new ArrayList<>();
        BlobInventory.Page page = inventory.page(Optional.empty());
        while (page.next().isPresent()) {
            found.addAll(ids(page));
            if (found.size() == ids.size() / 2) {
                open(directory);
            }
            page = inventory.page(page.next());
        }
        found.addAll(ids(page));

        assertThat(found).containsExactlyInAnyOrderElementsOf(ids);
    }

    private static List<BlobId> ids(BlobInventory.Page page) {
        return page.blobs().stream().map(BlobInventory.BlobEntry::id).toList();
    }

    @Test
    void beginsARoundAtAPositionThatItDoesNotUnderstand() throws IOException {
        put(store, random(1));

        assertThat(inventory.page(Optional.of("of another implementation")))
                .isEqualTo(inventory.page(Optional.empty()));
    }

    @Test
    void removesWhatWasBegunAndNeverCommitted() throws IOException {
        byte[] bytes = random(3 * BLOCK);
        BlobSink abandoned = store.create(STANDARD, bytes.length);
        abandoned.write(bytes, 0, bytes.length);

        int young = 0;
        int old = 0;
        for (int number : inventory.stores()) {
            young += inventory.removeIncomplete(number, Duration.ofHours(1));
        }
        for (int number : inventory.stores()) {
            old += inventory.removeIncomplete(number, Duration.ofSeconds(-1));
        }

        assertThat(young).isZero();
        assertThat(old).isEqualTo(1);
        abandoned.close();
        assertThat(all(inventory)).isEmpty();
    }

    @Test
    void movesNoBlobThatHasItsOwnName() throws IOException {
        BlobId id = put(store, random(10));

        assertThat(inventory.putBack(id)).isEmpty();
        assertThat(all(inventory)).containsExactly(id);
    }

    @Test
    void triesWhetherAStoreWorks() {
        assertThat(inventory.stores()).containsExactly(1, 2);
        assertThat(inventory.isWell(1)).isTrue();
        assertThat(inventory.isWell(999)).isFalse();
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
