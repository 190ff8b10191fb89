package io.pataka.service.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.model.BlobId;
import io.pataka.service.model.ByteSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ShardedBlobStoreTest extends BlobStoreContract {

    private static final int BLOCK = BlobFormat.BLOCK;

    @Override
    void open(Path directory) throws IOException {
        VolumeSet volumes = VolumeSet.open(
                List.of(
                        new VolumeSettings(1, directory.resolve("one"), Set.of(STANDARD)),
                        new VolumeSettings(2, directory.resolve("two"), Set.of(STANDARD))),
                true,
                0);
        store = new ShardedBlobStore(volumes, BufferPool.ofArrays());
        inventory = new ShardedBlobInventory(volumes);
    }

    private Path file(BlobId id) {
        return new ShardLayout(directory.resolve(id.store() == 1 ? "one" : "two")).blob(id);
    }

    private void flip(BlobId id, long position) throws IOException {
        byte[] bytes = Files.readAllBytes(file(id));
        bytes[(int) position] ^= 0x10;
        Files.write(file(id), bytes);
    }

    @Test
    void spreadsOverTheVolumes() throws IOException {
        for (int i = 0; i < 40; i++) {
            put(store, random(1));
        }

        assertThat(all(inventory).stream().map(BlobId::store)).contains(1, 2);
    }

    /** The last bytes of a large blob never fill the buffer that goes past the page cache, or just do. */
    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, BLOCK, AlignedBuffers.SIZE - 1, AlignedBuffers.SIZE, AlignedBuffers.SIZE + 1})
    void keepsALargeBlobToTheLastByte(int more) throws IOException {
        byte[] bytes = random(2 * AlignedBuffers.SIZE + more);

        BlobId id = put(store, bytes);

        store.verify(id);
        assertThat(get(store, id, 0, bytes.length)).isEqualTo(bytes);
    }

    @Test
    void keepsALargeBlobWhenNoBufferIsLeft() throws IOException {
        byte[] bytes = random(AlignedBuffers.SIZE + 1);
        List<BlobSink> slow = new ArrayList<>();
        try {
            for (int i = 0; i < AlignedBuffers.MOST + 2; i++) {
                BlobSink sink = store.create(STANDARD, bytes.length);
                slow.add(sink);
                sink.write(bytes, 0, bytes.length);
            }
            for (BlobSink sink : slow) {
                BlobId id = sink.commit(descriptor(bytes.length));
                assertThat(get(store, id, 0, bytes.length)).isEqualTo(bytes);
            }
        } finally {
            slow.forEach(BlobSink::close);
        }
    }

    @Test
    void liesTwoLevelsBelowItsVolume() throws IOException {
        BlobId id = put(store, random(1));
        String shard = "%04x".formatted(Shard.index(id));

        assertThat(directory.relativize(file(id)).toString())
                .endsWith("objects/" + shard.substring(0, 2) + "/" + shard.substring(2) + "/" + id);
        assertThat(file(id)).exists();
    }

    @Test
    void putsBlobsOfTheSameTimeIntoTheSameDirectory() throws IOException {
        Set<Path> directories = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            directories.add(file(put(store, random(1))).getParent());
        }

        assertThat(directories).as("one on each volume").hasSizeBetween(1, 2);
    }

    @Test
    void fillsTheShardsEvenly() {
        ShardTurns turns = new ShardTurns();
        int[] blobs = new int[Shard.COUNT];

        for (int i = 0; i < Shard.COUNT * ShardTurns.STAY; i++) {
            blobs[turns.next()]++;
        }

        assertThat(blobs).containsOnly(ShardTurns.STAY);
    }

    /** Payload, table, descriptor, tail: every byte of a small file. */
    @Test
    void neverReadsOverAFlippedBitOfASmallBlob() throws IOException {
        byte[] bytes = random(300);
        BlobId id = put(store, bytes);
        long size = Files.size(file(id));
        for (long position = 0; position < size; position++) {
            flip(id, position);
            assertThatThrownBy(() -> store.verify(id)).isInstanceOf(BlobDamagedException.class);
            assertWrongBytesNeverCome(id, bytes, 0, 300);
            assertWrongBytesNeverCome(id, bytes, 17, 100);
            flip(id, position);
        }
        assertThat(get(store, id, 0, 300)).isEqualTo(bytes);
    }

    /** A bit in each block and region of a large file. */
    @ParameterizedTest
    @ValueSource(ints = {7 * BLOCK, 7 * BLOCK + 1, 8 * BLOCK - 1})
    void neverReadsOverAFlippedBitOfALargeBlob(int length) throws IOException {
        byte[] bytes = random(length);
        BlobId id = put(store, bytes);
        long size = Files.size(file(id));
        long table = length;
        for (long position : new long[] {
            0,
            BLOCK - 1,
            BLOCK,
            3L * BLOCK + 7,
            length - 1,
            table,
            table + 9,
            table + 27,
            size - 90,
            size - 36,
            size - 30,
            size - 20,
            size - 10,
            size - 1
        }) {
            flip(id, position);
            assertThatThrownBy(() -> store.verify(id)).isInstanceOf(BlobDamagedException.class);
            assertWrongBytesNeverCome(id, bytes, 0, length);
            assertWrongBytesNeverCome(id, bytes, 10, 100);
            assertWrongBytesNeverCome(id, bytes, 2 * BLOCK + 5, 2 * BLOCK);
            assertWrongBytesNeverCome(id, bytes, length - 3, 3);
            flip(id, position);
        }
        store.verify(id);
    }

    private void assertWrongBytesNeverCome(BlobId id, byte[] bytes, int offset, int length) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ByteSource source = store.open(id, PLAIN, offset, length)) {
            source.transferTo(out);
            assertThat(out.size()).isEqualTo(length);
        } catch (BlobDamagedException e) {
            assertThat(e).hasMessageContaining(id.toString());
        }
        assertThat(out.toByteArray()).isEqualTo(Arrays.copyOfRange(bytes, offset, offset + out.size()));
    }

    @Test
    void findsAFlippedBitInEveryBlockThatARangeTouches() throws IOException {
        BlobId id = put(store, random(5 * BLOCK));
        flip(id, 2 * BLOCK + 1);

        assertThatThrownBy(() -> get(store, id, 2 * BLOCK + 100, 1)).isInstanceOf(BlobDamagedException.class);
        assertThat(get(store, id, 3 * BLOCK, 10)).hasSize(10);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 35, 36, 200, BLOCK, 3 * BLOCK})
    void findsATruncatedFile(int length) throws IOException {
        BlobId id = put(store, random(3 * BLOCK + 100));
        byte[] bytes = Files.readAllBytes(file(id));
        Files.write(file(id), Arrays.copyOf(bytes, length));

        assertThatThrownBy(() -> store.open(id, PLAIN, 0, 10)).isInstanceOf(BlobDamagedException.class);
        assertThatThrownBy(() -> store.verify(id)).isInstanceOf(BlobDamagedException.class);
    }

    @Test
    void findsItsBlobsAfterAReopening() throws IOException {
        byte[] bytes = random(5000);
        BlobId id = put(store, bytes);

        open(directory);
        assertThat(get(store, id, 0, 5000)).isEqualTo(bytes);
    }

    /** The ids of volumes that exist already have the shard in bytes 2 and 3, and stay valid. */
    @Test
    void findsABlobByTheShardInItsId() {
        BlobId id = BlobId.parse("0001abcd00112233445566778899aabb");

        assertThat(id.store()).isEqualTo(1);
        assertThat(Shard.of(id)).isEqualTo(new Shard(1, 0xabcd));
        assertThat(file(id)).isEqualTo(directory.resolve("one/objects/ab/cd/" + id));
        assertThat(Shard.of(new Shard(0xffff, 0xff01).newId())).isEqualTo(new Shard(0xffff, 0xff01));
    }

    @Test
    void goesOnAfterAVolumeThatWasRemoved() {
        assertThat(inventory.page(Optional.of("0:0007")).next()).contains("1:0100");
        assertThat(inventory.page(Optional.of("1:ffff")).next()).contains("2:0000");
        assertThat(inventory.page(Optional.of("2:ffff")).next()).isEmpty();
        assertThat(inventory.page(Optional.of("7:0007")).next()).contains("1:0100");
    }

    /** A directory that cannot be read is reported. If it counted as missing, its blobs would not be scrubbed, and no log would say so. */
    @Test
    void reportsDirectoriesThatCannotBeLookedAt() throws IOException {
        Path objects = directory.resolve("one/objects");
        Files.delete(objects);
        Files.writeString(objects, "a file in place of the directory");

        assertThat(inventory.page(Optional.of("1:0000")).failure()).containsInstanceOf(StoreFailedException.class);
        assertThat(inventory.page(Optional.of("2:0000")).failure()).isEmpty();
    }

    @Test
    void listsShardsOnlyBelowDirectoriesThatExist() throws IOException {
        assertThat(pages()).as("of two empty volumes").isEqualTo(2 * 256);

        put(store, random(1));

        assertThat(pages()).isEqualTo(2 * 256 + 255);
    }

    private int pages() {
        int pages = 0;
        Optional<String> position = Optional.empty();
        do {
            position = inventory.page(position).next();
            pages++;
        } while (position.isPresent());
        return pages;
    }

    @Test
    void listsThePagesAfterOneThatCannotBeListed() throws IOException {
        BlobId id = put(store, random(1));
        Path shard = file(id).getParent();
        Files.move(shard, shard.resolveSibling("moved"));
        Files.writeString(shard, "a file in place of the directory");
        String position = "%d:%04x".formatted(id.store(), Shard.index(id));

        BlobInventory.Page page = inventory.page(Optional.of(position));

        assertThat(page.failure()).containsInstanceOf(StoreFailedException.class);
        assertThat(page.blobs()).isEmpty();
        assertThat(page.next()).isPresent();
    }

    @Test
    void ignoresStrangeFilesOnAWalk() throws IOException {
        BlobId id = put(store, random(1));
        Files.writeString(file(id).resolveSibling("core"), "x");

        assertThat(all(inventory)).containsExactly(id);
    }

    @Test
    void removesOnlyOldIncomingFiles() throws IOException {
        Path incoming = directory.resolve("one/incoming");
        Files.writeString(incoming.resolve("left"), "x");

        assertThat(inventory.removeIncomplete(1, Duration.ofHours(1))).isZero();
        assertThat(inventory.removeIncomplete(1, Duration.ofSeconds(-1))).isEqualTo(1);
        assertThat(incoming).isEmptyDirectory();
    }
}
