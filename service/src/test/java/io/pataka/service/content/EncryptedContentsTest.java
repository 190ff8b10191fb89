package io.pataka.service.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.blob.BlobDescriptor;
import io.pataka.service.blob.BlobDescriptor.Payload;
import io.pataka.service.blob.BufferPool;
import io.pataka.service.blob.MemoryBlobStore;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.BlockCodec;
import io.pataka.service.model.ByteSource;
import io.pataka.service.model.DataKey;
import io.pataka.service.model.EncryptionMode;
import io.pataka.service.model.Envelope;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Placement;
import io.pataka.service.model.StoredForm;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All tests of {@link StoredContentsTest} with encrypted content, and tests of encrypted content alone. */
final class EncryptedContentsTest extends StoredContentsTest {

    private static final int BLOCK = BlockCodec.BLOCK;
    private static final int PLAIN_BLOCK = BLOCK - 16;

    /** The number of AES-GCM in the tail of a blob. */
    private static final int CODEC = 1;

    private final StoredForm form = encrypted(DataKey.random());

    static StoredForm encrypted(DataKey key) {
        Envelope envelope = new Envelope(EncryptionMode.S3, "k", "", Optional.empty(), false);
        return new StoredForm.Encrypted(envelope, Optional.of(key));
    }

    @Override
    StoredForm form() {
        return form;
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private PendingContent receive(byte[] bytes) throws IOException {
        PendingContent content = receive(bytes, plan());
        content.keep();
        return content;
    }

    private byte[] payload(BlobId blob) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long size = store.describe(blob).payload().size();
        try (ByteSource reader = new PieceReader(piece -> store.open(blob, CODEC, 0, size), List.of(all(blob, size)))) {
            reader.transferTo(out);
        }
        return out.toByteArray();
    }

    private static Contents.Piece all(BlobId blob, long size) {
        return new Contents.Piece(blob, StoredForm.PLAIN, size, 0, size);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0,
                1,
                1000,
                PLAIN_BLOCK - 1,
                PLAIN_BLOCK,
                PLAIN_BLOCK + 1,
                BLOCK,
                2 * PLAIN_BLOCK,
                5 * BLOCK + 77,
                2_000_003
            })
    void enlargesEachBlockOfThePayload(int length) throws IOException {
        byte[] bytes = random(length, 1);

        PendingContent content = receive(bytes);

        long blocks = (length + PLAIN_BLOCK - 1) / PLAIN_BLOCK;
        BlobDescriptor descriptor = store.describe(content.blob());
        assertThat(content.size()).isEqualTo(length);
        assertThat(descriptor.size()).isEqualTo(length);
        assertThat(descriptor.payload()).isEqualTo(new Payload(length + 16 * blocks, CODEC));
        assertThat(read(List.of(piece(content, 0, length)))).isEqualTo(bytes);
        if (length > 100) {
            assertThat(Arrays.copyOf(payload(content.blob()), 100)).isNotEqualTo(Arrays.copyOf(bytes, 100));
        }
        store.verify(content.blob());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 9000, PLAIN_BLOCK, PLAIN_BLOCK + 1, 3 * PLAIN_BLOCK, 9 * BLOCK + 5})
    void readsAnyStretch(int length) throws IOException {
        byte[] bytes = random(length, 2);
        PendingContent content = receive(bytes);
        List<int[]> stretches = new ArrayList<>();
        for (int edge : new int[] {0, PLAIN_BLOCK - 1, PLAIN_BLOCK, PLAIN_BLOCK + 1, BLOCK, 2 * PLAIN_BLOCK, length}) {
            stretches.add(new int[] {0, Math.min(edge, length)});
            stretches.add(new int[] {Math.min(edge, length), length});
            stretches.add(new int[] {Math.min(edge, length), Math.min(edge + 1, length)});
        }
        Random random = new Random(7);
        for (int i = 0; i < 100; i++) {
            int from = random.nextInt(length + 1);
            stretches.add(new int[] {from, from + random.nextInt(length - from + 1)});
        }

        for (int[] stretch : stretches) {
            assertThat(read(List.of(piece(content, stretch[0], stretch[1] - stretch[0]))))
                    .as("%d to %d", stretch[0], stretch[1])
                    .isEqualTo(Arrays.copyOfRange(bytes, stretch[0], stretch[1]));
        }
    }

    /** The parts of a multipart object are blobs of their own. */
    @Test
    void readsRangesOverTheBordersOfParts() throws IOException {
        byte[] first = random(3 * PLAIN_BLOCK + 5, 3);
        byte[] second = random(PLAIN_BLOCK, 4);
        PendingContent one = receive(first);
        PendingContent two = receive(second);

        byte[] read = read(List.of(piece(one, PLAIN_BLOCK + 3, first.length - PLAIN_BLOCK - 3), piece(two, 0, 100)));

        assertThat(Arrays.copyOf(read, read.length - 100))
                .isEqualTo(Arrays.copyOfRange(first, PLAIN_BLOCK + 3, first.length));
        assertThat(Arrays.copyOfRange(read, read.length - 100, read.length)).isEqualTo(Arrays.copyOf(second, 100));
    }

    /** The copy is a blob of its own, so it is decoded and encoded again. */
    @Test
    void copiesTheBytesAndNotThePayload() throws IOException {
        byte[] bytes = random(4 * BLOCK, 5);
        PendingContent source = receive(bytes);

        PendingContent copy = contents.copy(
                List.of(piece(source, 10, bytes.length - 10)), 2, ObjectKey.of("copy"), placement(), Set.of());

        assertThat(read(List.of(piece(copy, 0, copy.size())))).isEqualTo(Arrays.copyOfRange(bytes, 10, bytes.length));
        assertThat(payload(copy.blob())).isNotEqualTo(payload(source.blob()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, PLAIN_BLOCK, 4 * BLOCK + 9})
    void theCopyOfAPayloadReadsAsTheOriginalDoes(int length) throws IOException {
        byte[] bytes = random(length, 13);
        PendingContent source = receive(bytes);
        PendingBlob copy = contents.copyPayload(source.blob(), length, 2, ObjectKey.of("copy"), "STANDARD");

        assertThat(copy.blob()).isNotEqualTo(source.blob());
        assertThat(payload(copy.blob())).isEqualTo(payload(source.blob()));
        assertThat(read(List.of(new Contents.Piece(copy.blob(), form, length, 0, length))))
                .isEqualTo(bytes);
        BlobDescriptor original = store.describe(source.blob());
        BlobDescriptor descriptor = store.describe(copy.blob());
        assertThat(descriptor)
                .isEqualTo(new BlobDescriptor(
                        2, ObjectKey.of("copy"), length, original.payload(), original.digests(), descriptor.written()));
        store.verify(copy.blob());
    }

    @Test
    void isVerifiedMovedToQuarantineAndReleasedWithoutTheCodec() throws IOException {
        PendingContent content = receive(random(3 * BLOCK, 6));
        BlobId blob = content.blob();

        store.verify(blob);
        inventory.quarantine(blob);
        assertThat(read(List.of(piece(content, 5, 10)))).isEqualTo(Arrays.copyOfRange(random(3 * BLOCK, 6), 5, 15));
        assertThat(inventory.release(blob)).isTrue();
        store.verify(blob);
    }

    @Test
    void isPutBackUnderItsNameWithoutTheCodec() throws IOException {
        byte[] bytes = random(2 * BLOCK, 11);
        PendingContent one = receive(bytes);
        PendingContent two = receive(random(2 * BLOCK, 12));
        Path first = file(one.blob());
        Path second = file(two.blob());
        Path aside = directory.resolve("aside");
        Files.move(first, aside);
        Files.move(second, first);
        Files.move(aside, second);

        assertThat(inventory.putBack(one.blob())).containsExactlyInAnyOrder(one.blob(), two.blob());

        assertThat(read(List.of(piece(one, 0, bytes.length)))).isEqualTo(bytes);
    }

    @Test
    void reportsAFlippedBitAsDamageOfTheBlobBeforeItIsDecoded() throws IOException {
        PendingContent content = receive(random(3 * BLOCK, 7));
        Path file = file(content.blob());
        byte[] bytes = Files.readAllBytes(file);
        bytes[BLOCK + 5] ^= 1;
        Files.write(file, bytes);

        assertThatThrownBy(() -> read(List.of(piece(content, PLAIN_BLOCK, 1))))
                .isInstanceOf(ContentDamagedException.class)
                .hasMessageContaining("checksum");
        assertThat(read(List.of(piece(content, 0, 10)))).isEqualTo(Arrays.copyOf(random(3 * BLOCK, 7), 10));
    }

    @Test
    void isNotReturnedAsPlainBytes() throws IOException {
        PendingContent content = receive(random(1000, 9));

        assertThatThrownBy(() -> contents.open(List.of(all(content.blob(), 1000))))
                .isInstanceOf(StorageFailedException.class)
                .hasMessageContaining("codec");
    }

    /** A bug of this release must not write plain bytes where encrypted ones were wanted. */
    @Test
    void isNeitherReadNorWrittenWithoutItsDataKey() throws IOException {
        PendingContent content = receive(random(1000, 9));
        StoredForm sealed = new StoredForm.Encrypted(((StoredForm.Encrypted) form).envelope(), Optional.empty());
        long blobs = blobs();

        assertThatThrownBy(() -> contents.open(List.of(new Contents.Piece(content.blob(), sealed, 1000, 0, 1000))))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> contents.copy(
                        List.of(piece(content, 0, 10)),
                        2,
                        ObjectKey.of("copy"),
                        new Placement("STANDARD", sealed),
                        Set.of()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(blobs()).isEqualTo(blobs);
    }

    @Test
    void isDecodedWhereverTheStoreSplitsThePayload() throws IOException {
        byte[] bytes = random(2 * BLOCK + 9, 10);
        MemoryBlobStore memory = new MemoryBlobStore();
        StoredContents inMemory = new StoredContents(memory, BufferPool.ofArrays(), Clock.systemUTC());
        PendingContent content = inMemory.receive(new ByteArrayInputStream(bytes), plan());

        for (int step : new int[] {1, 7, BLOCK - 1, BLOCK, BLOCK + 1, 1 << 20}) {
            memory.splitInto(step);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (ByteSource reader = inMemory.open(List.of(piece(content, 0, bytes.length)))) {
                reader.transferTo(out);
            }
            assertThat(out.toByteArray()).as("in steps of %d bytes", step).isEqualTo(bytes);
        }
    }

    @Test
    void plainBytesAreTheirOwnPayload() throws IOException {
        ByteBuffer payload = ByteBuffer.allocate(3);
        BlockCodec.PLAIN.encode(0, true, ByteBuffer.wrap(new byte[] {1, 2, 3}), payload);
        ByteBuffer bytes = ByteBuffer.allocate(3);
        BlockCodec.PLAIN.decode(0, true, payload.flip(), bytes);

        assertThat(bytes.array()).containsExactly(1, 2, 3);
        assertThat(Payload.of(BlockCodec.PLAIN, 12_345)).isEqualTo(new Payload(12_345, 0));
    }
}
