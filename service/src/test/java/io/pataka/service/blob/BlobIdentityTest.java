package io.pataka.service.blob;

import static io.pataka.service.blob.BlobStoreContract.PLAIN;
import static io.pataka.service.blob.BlobStoreContract.STANDARD;
import static io.pataka.service.blob.BlobStoreContract.descriptor;
import static io.pataka.service.blob.BlobStoreContract.get;
import static io.pataka.service.blob.BlobStoreContract.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.model.BlobId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file belongs to one blob only, and has a format that this release knows. */
final class BlobIdentityTest {

    private static final int BLOCK = BlobFormat.BLOCK;
    private static final int FIRST_TAIL = 36;
    private static final long MAGIC = 0x8950_4154_414B_410AL;

    @TempDir
    private Path directory;

    private BlobStore store;
    private BlobInventory inventory;

    @BeforeEach
    void open() throws IOException {
        VolumeSettings settings = new VolumeSettings(1, directory.resolve("one"), Set.of(STANDARD));
        VolumeSet volumes = VolumeSet.open(List.of(settings), true, 0);
        store = new ShardedBlobStore(volumes, BufferPool.ofArrays());
        inventory = new ShardedBlobInventory(volumes);
    }

    private Path file(BlobId id) {
        return new ShardLayout(directory.resolve("one")).blob(id);
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private void exchange(BlobId first, BlobId second) throws IOException {
        Path aside = directory.resolve("aside");
        Files.move(file(first), aside);
        Files.move(file(second), file(first));
        Files.move(aside, file(second));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 14_848, BLOCK, 3 * BLOCK + 7})
    void filesOfTheSameSizeThatExchangeNamesAreFound(int length) throws IOException {
        BlobId first = put(store, random(length, 1));
        BlobId second = put(store, random(length, 2));

        exchange(first, second);

        for (BlobId id : List.of(first, second)) {
            BlobId other = id.equals(first) ? second : first;
            assertThatThrownBy(() -> store.open(id, PLAIN, 0, length))
                    .isInstanceOf(BlobDamagedException.class)
                    .hasMessageContaining(id.toString())
                    .hasMessageContaining("the file is that of blob " + other);
            assertThatThrownBy(() -> store.verify(id)).isInstanceOf(BlobDamagedException.class);
            assertThatThrownBy(() -> store.describe(id)).isInstanceOf(BlobDamagedException.class);
        }
    }

    @Test
    void aBlockOfAnotherBlobDoesNotVerifyEvenWithItsEntry() throws IOException {
        byte[] bytes = random(3 * BLOCK, 1);
        BlobId first = put(store, bytes);
        BlobId second = put(store, random(3 * BLOCK, 2));
        byte[] mine = Files.readAllBytes(file(first));
        byte[] others = Files.readAllBytes(file(second));

        System.arraycopy(others, BLOCK, mine, BLOCK, BLOCK);
        System.arraycopy(others, 3 * BLOCK + 4, mine, 3 * BLOCK + 4, 4);
        Files.write(file(first), mine);

        assertThatThrownBy(() -> get(store, first, BLOCK, 1))
                .isInstanceOf(BlobDamagedException.class)
                .hasMessageContaining("block 1");
        assertThat(get(store, first, 0, BLOCK)).isEqualTo(Arrays.copyOf(bytes, BLOCK));
    }

    @Test
    void aBlockInAnotherPlaceDoesNotVerifyEvenWithItsEntry() throws IOException {
        BlobId id = put(store, random(3 * BLOCK, 1));
        byte[] bytes = Files.readAllBytes(file(id));

        System.arraycopy(bytes, 0, bytes, BLOCK, BLOCK);
        System.arraycopy(bytes, 3 * BLOCK, bytes, 3 * BLOCK + 4, 4);
        Files.write(file(id), bytes);

        assertThatThrownBy(() -> get(store, id, BLOCK, 1)).isInstanceOf(BlobDamagedException.class);
    }

    /** As the release before wrote it. */
    private void writeFirstFormat(BlobId id, byte[] payload) throws IOException {
        int blocks = (int) BlobFormat.blocks(payload.length);
        byte[] described = BlobFormat.encode(descriptor(payload.length));
        ByteBuffer bytes = ByteBuffer.allocate(payload.length + 4 * blocks + described.length + FIRST_TAIL);
        bytes.put(payload);
        for (int block = 0; block < blocks; block++) {
            int length = BlobFormat.blockLength(payload.length, block);
            bytes.putInt(BlobFormat.crc(payload, block * BLOCK, length));
        }
        int tableCrc = BlobFormat.crc(bytes.array(), payload.length, 4 * blocks);
        bytes.put(described);
        int tail = bytes.position();
        bytes.putLong(MAGIC)
                .putShort((short) 1)
                .putShort((short) 0)
                .putInt(described.length)
                .putLong(payload.length)
                .putInt(tableCrc)
                .putInt(BlobFormat.crc(described, 0, described.length));
        bytes.putInt(BlobFormat.crc(bytes.array(), tail, 32));
        Files.write(file(id), bytes.array());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 14_848, BLOCK, 3 * BLOCK + 7})
    void readsTheFirstFormat(int length) throws IOException {
        byte[] bytes = random(length, 1);
        BlobId id = put(store, new byte[0]);
        writeFirstFormat(id, bytes);

        store.verify(id);

        assertThat(get(store, id, 0, length)).isEqualTo(bytes);
        assertThat(get(store, id, length / 2, length - length / 2))
                .isEqualTo(Arrays.copyOfRange(bytes, length / 2, length));
        assertThat(store.describe(id)).isEqualTo(descriptor(length));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4096, 3 * BLOCK + 7})
    void findsEveryFlippedBitOfTheTailOfTheFirstFormat(int length) throws IOException {
        BlobId id = put(store, new byte[0]);
        writeFirstFormat(id, random(length, 1));
        byte[] bytes = Files.readAllBytes(file(id));
        for (int at = bytes.length - FIRST_TAIL; at < bytes.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                bytes[at] ^= 1 << bit;
                Files.write(file(id), bytes);
                assertThatThrownBy(() -> store.verify(id)).isInstanceOf(BlobDamagedException.class);
                bytes[at] ^= 1 << bit;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4096, 3 * BLOCK + 7})
    void findsEveryFlippedBitOfTheTail(int length) throws IOException {
        BlobId id = put(store, random(length, 1));
        byte[] bytes = Files.readAllBytes(file(id));
        for (int at = bytes.length - BlobFormat.TAIL; at < bytes.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                bytes[at] ^= 1 << bit;
                Files.write(file(id), bytes);
                assertThatThrownBy(() -> store.verify(id)).isInstanceOf(BlobDamagedException.class);
                bytes[at] ^= 1 << bit;
            }
        }
    }

    /** Offsets from the end of the file: the format's number, and the features that a reader must know. */
    @ParameterizedTest
    @ValueSource(ints = {27, 26})
    void refusesWhatALaterReleaseWroteAndCallsItNotDamaged(int fromTheEnd) throws IOException {
        BlobId id = put(store, random(5000, 1));
        changeTail(id, fromTheEnd);

        assertThatThrownBy(() -> store.open(id, PLAIN, 0, 1)).isInstanceOf(BlobFormatUnknownException.class);
        assertThatThrownBy(() -> store.verify(id)).isInstanceOf(BlobFormatUnknownException.class);
        assertThatThrownBy(() -> store.describe(id)).isInstanceOf(BlobFormatUnknownException.class);
    }

    /** The offset from the end of the file is that of the codec's number. Earlier releases read it as a feature, and refuse it. */
    @Test
    void verifiesButDoesNotOpenAPayloadOfAnUnknownCodec() throws IOException {
        BlobId id = put(store, random(5000, 1));
        changeTail(id, 25);

        assertThatThrownBy(() -> store.open(id, PLAIN, 0, 1)).isInstanceOf(BlobFormatUnknownException.class);
        store.verify(id);
        assertThat(store.describe(id).payload().codec()).isEqualTo(1);
    }

    private void changeTail(BlobId id, int fromTheEnd) throws IOException {
        byte[] bytes = Files.readAllBytes(file(id));
        int tail = bytes.length - BlobFormat.TAIL;
        bytes[bytes.length - fromTheEnd] += 1;
        ByteBuffer.wrap(bytes).putInt(bytes.length - 4, BlobFormat.crc(bytes, tail, BlobFormat.TAIL - 4));
        Files.write(file(id), bytes);
    }

    private Path aside(BlobId id) {
        return new ShardLayout(directory.resolve("one")).quarantine(id);
    }

    private void assertReads(BlobId id, byte[] bytes) throws IOException {
        store.verify(id);
        assertThat(get(store, id, 0, bytes.length)).isEqualTo(bytes);
        assertThat(file(id)).exists();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4096, 3 * BLOCK + 7})
    void filesThatExchangedNamesArePutBack(int length) throws IOException {
        BlobId first = put(store, random(length, 1));
        BlobId second = put(store, random(length, 2));
        exchange(first, second);

        assertThat(inventory.putBack(first)).containsExactlyInAnyOrder(first, second);

        assertReads(first, random(length, 1));
        assertReads(second, random(length, 2));
        assertThat(inventory.quarantined(1)).isEmpty();
        assertThat(inventory.putBack(first)).isEmpty();
    }

    @Test
    void threeFilesThatExchangedNamesArePutBack() throws IOException {
        BlobId first = put(store, random(10, 1));
        BlobId second = put(store, random(10, 2));
        BlobId third = put(store, random(10, 3));
        exchange(first, second);
        exchange(second, third);

        inventory.putBack(second);

        assertReads(first, random(10, 1));
        assertReads(second, random(10, 2));
        assertReads(third, random(10, 3));
    }

    @Test
    void aFileIsMovedBackToItsNameIfTheNameIsFree() throws IOException {
        BlobId lost = put(store, random(10, 1));
        BlobId misplaced = put(store, random(10, 2));
        Files.delete(file(lost));
        Files.move(file(misplaced), file(lost));

        assertThat(inventory.putBack(lost)).containsExactly(misplaced);

        assertReads(misplaced, random(10, 2));
        assertThatThrownBy(() -> store.verify(lost)).isInstanceOf(BlobGoneException.class);
    }

    @Test
    void misplacedFilesInQuarantineArePutBack() throws IOException {
        BlobId first = put(store, random(10, 1));
        BlobId second = put(store, random(10, 2));
        exchange(first, second);
        Files.move(file(first), aside(first));
        Files.move(file(second), aside(second));

        inventory.putBack(first);
        inventory.putBack(second);

        assertReads(first, random(10, 1));
        assertReads(second, random(10, 2));
        assertThat(inventory.quarantined(1)).isEmpty();
    }

    @Test
    void aDamagedFileInTheWayGoesToQuarantine() throws IOException {
        BlobId lost = put(store, random(10, 1));
        BlobId misplaced = put(store, random(10, 2));
        Files.move(file(misplaced), file(lost), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(file(misplaced), "no blob");

        inventory.putBack(lost);

        assertReads(misplaced, random(10, 2));
        assertThat(aside(misplaced)).hasContent("no blob");
    }

    /** It may be the only file of a blob, and does not say of which. */
    @Test
    void aFileOfTheFirstFormatIsNotMovedOutOfTheWay() throws IOException {
        BlobId old = put(store, new byte[0]);
        BlobId misplaced = put(store, random(10, 2));
        writeFirstFormat(old, random(10, 1));
        exchange(old, misplaced);

        assertThat(inventory.putBack(old)).isEmpty();

        assertThatThrownBy(() -> store.delete(old)).isInstanceOf(BlobMisplacedException.class);
        exchange(old, misplaced);
        assertReads(old, random(10, 1));
        assertReads(misplaced, random(10, 2));
    }

    @Test
    void deletingABlobDoesNotDeleteTheFileOfAnotherOne() throws IOException {
        BlobId deleted = put(store, random(10, 1));
        BlobId kept = put(store, random(10, 2));
        exchange(deleted, kept);

        assertThatThrownBy(() -> store.delete(deleted))
                .isInstanceOf(BlobMisplacedException.class)
                .hasMessageContaining(kept.toString());

        inventory.putBack(deleted);
        assertThat(store.delete(deleted)).isTrue();
        assertReads(kept, random(10, 2));
        assertThat(file(deleted)).doesNotExist();
    }

    @Test
    void aSecondFileOfABlobThatIsWholeIsDeleted() throws IOException {
        BlobId deleted = put(store, random(10, 1));
        BlobId kept = put(store, random(10, 2));
        Files.copy(file(kept), file(deleted), StandardCopyOption.REPLACE_EXISTING);

        assertThat(inventory.putBack(deleted)).isEmpty();
        assertThat(store.delete(deleted)).isTrue();

        assertReads(kept, random(10, 2));
    }

    @Test
    void deletesWhatIsInQuarantineAsWell() throws IOException {
        BlobId id = put(store, random(10, 1));
        Files.copy(file(id), aside(id));

        assertThat(store.delete(id)).isTrue();

        assertThat(file(id)).doesNotExist();
        assertThat(aside(id)).doesNotExist();
    }

    @Test
    void noMoveReplacesAFile() throws IOException {
        BlobId id = put(store, random(10, 1));
        Files.writeString(aside(id), "older");

        assertThat(inventory.quarantine(id)).isEqualTo(file(id).toString());
        assertThat(inventory.release(id)).isFalse();

        assertReads(id, random(10, 1));
        assertThat(aside(id)).hasContent("older");
    }

    /** Wherever the process ends, every file still has a name, and the next attempt gives each its own. */
    @ParameterizedTest
    @EnumSource(
            value = FaultyFilesystem.Call.class,
            names = {"MOVE", "FORCE_DIRECTORY"})
    void aCrashWhileFilesArePutBackLosesNothing(FaultyFilesystem.Call call) throws IOException {
        VolumeSettings settings = new VolumeSettings(1, directory.resolve("one"), Set.of(STANDARD));
        int crashes = 0;
        for (int after = 0; after < 20; after++) {
            BlobId first = put(store, random(10, 1));
            BlobId second = put(store, random(10, 2));
            exchange(first, second);
            FaultyFilesystem disk = new FaultyFilesystem();
            BlobInventory crashing =
                    new ShardedBlobInventory(VolumeSet.open(List.of(settings), false, 0, disk, System::nanoTime));
            disk.crash(call, after);
            try {
                crashing.putBack(first);
            } catch (BlobStoreException crash) {
                crashes++;
            }

            for (BlobId id : List.of(first, second)) {
                inventory.putBack(id);
            }

            assertReads(first, random(10, 1));
            assertReads(second, random(10, 2));
        }
        assertThat(crashes).isBetween(3, 15);
    }

    @Test
    void namesAreDurableInTheOrderInWhichTheyChanged() throws IOException {
        FaultyFilesystem disk = new FaultyFilesystem();
        VolumeSettings settings = new VolumeSettings(1, directory.resolve("one"), Set.of(STANDARD));
        BlobId first = put(store, random(10, 1));
        BlobId second = put(store, random(10, 2));
        exchange(first, second);
        BlobInventory logged =
                new ShardedBlobInventory(VolumeSet.open(List.of(settings), false, 0, disk, System::nanoTime));
        int before = disk.log().size();

        logged.putBack(first);

        List<String> moves = disk.log().subList(before, disk.log().size()).stream()
                .filter(line -> line.startsWith("MOVE") || line.startsWith("FORCE_DIRECTORY"))
                .toList();
        String shard = file(second).getParent().getFileName().toString();
        assertThat(moves)
                .containsSubsequence(
                        "MOVE " + second,
                        "FORCE_DIRECTORY quarantine",
                        "MOVE " + second,
                        "FORCE_DIRECTORY " + shard,
                        "MOVE " + first,
                        "FORCE_DIRECTORY " + file(first).getParent().getFileName(),
                        "FORCE_DIRECTORY quarantine");
    }

    @Test
    void threadsThatPutTheSameFilesBackDoNotDisturbEachOther() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int i = 0; i < 30; i++) {
                BlobId first = put(store, random(10, 1));
                BlobId second = put(store, random(10, 2));
                exchange(first, second);
                List<Callable<Set<BlobId>>> tasks =
                        List.of(() -> inventory.putBack(first), () -> inventory.putBack(second));
                for (Future<Set<BlobId>> task : threads.invokeAll(tasks)) {
                    task.get();
                }
                assertReads(first, random(10, 1));
                assertReads(second, random(10, 2));
            }
        } finally {
            threads.shutdown();
        }
    }
}
