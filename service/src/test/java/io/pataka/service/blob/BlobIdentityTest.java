package io.pataka.service.blob;

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
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file is one blob's and no other's, and of a format that this release knows. */
final class BlobIdentityTest {

    private static final int BLOCK = BlobFormat.BLOCK;
    private static final int FIRST_TAIL = 36;
    private static final long MAGIC = 0x8950_4154_414B_410AL;

    @TempDir
    private Path directory;

    private BlobStore store;

    @BeforeEach
    void open() throws IOException {
        VolumeSettings settings = new VolumeSettings(1, directory.resolve("one"), Set.of(STANDARD));
        store = new ShardedBlobStore(VolumeSet.open(List.of(settings), true, 0), BufferPool.ofArrays());
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
            assertThatThrownBy(() -> store.open(id, 0, length))
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
    @ValueSource(ints = {27, 25})
    void refusesWhatALaterReleaseWroteAndCallsItNotDamaged(int fromTheEnd) throws IOException {
        BlobId id = put(store, random(5000, 1));
        byte[] bytes = Files.readAllBytes(file(id));
        int tail = bytes.length - BlobFormat.TAIL;
        bytes[bytes.length - fromTheEnd] += 1;
        ByteBuffer.wrap(bytes).putInt(bytes.length - 4, BlobFormat.crc(bytes, tail, BlobFormat.TAIL - 4));
        Files.write(file(id), bytes);

        assertThatThrownBy(() -> store.open(id, 0, 1)).isInstanceOf(BlobFormatUnknownException.class);
        assertThatThrownBy(() -> store.verify(id)).isInstanceOf(BlobFormatUnknownException.class);
    }
}
