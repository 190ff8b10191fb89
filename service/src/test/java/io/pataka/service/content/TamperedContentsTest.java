package io.pataka.service.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.blob.BufferPool;
import io.pataka.service.blob.MemoryBlobStore;
import io.pataka.service.content.Contents.Piece;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.BlockCodec;
import io.pataka.service.model.ByteSource;
import io.pataka.service.model.DataKey;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Placement;
import io.pataka.service.model.StoredForm;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Encrypted content, after somebody changed the volumes and corrected all checksums, or changed the database. No byte is read that was
 * not written there.
 */
final class TamperedContentsTest {

    private static final int BLOCK = BlockCodec.BLOCK;
    private static final int PLAIN_BLOCK = BLOCK - 16;
    private static final int SIZE = 3 * PLAIN_BLOCK + 1000;

    private final MemoryBlobStore store = new MemoryBlobStore();
    private final StoredContents contents = new StoredContents(store, BufferPool.ofArrays(), Clock.systemUTC());
    private final StoredForm form = EncryptedContentsTest.encrypted(DataKey.random());
    private final byte[] bytes = new byte[SIZE];
    private BlobId blob;

    @BeforeEach
    void write() throws IOException {
        new Random(1).nextBytes(bytes);
        blob = receive(bytes, form);
    }

    private BlobId receive(byte[] body, StoredForm as) throws IOException {
        IntakePlan plan = new IntakePlan(
                1,
                ObjectKey.of("key"),
                new Placement("STANDARD", as),
                OptionalLong.empty(),
                Long.MAX_VALUE,
                Optional.empty(),
                Set.of(),
                List::of);
        PendingContent content = contents.receive(new ByteArrayInputStream(body), plan);
        content.keep();
        return content.blob();
    }

    private BlobId receiveOther(long seed, StoredForm as) throws IOException {
        byte[] other = new byte[SIZE];
        new Random(seed).nextBytes(other);
        return receive(other, as);
    }

    /** Changes of the four blocks of a payload. */
    private enum Change {
        FIRST_BIT(0, payload -> flip(payload, 0)),
        BIT_OF_A_TAG(1, payload -> flip(payload, 2 * BLOCK - 1)),
        BIT_IN_THE_MIDDLE(2, payload -> flip(payload, 2 * BLOCK + 17)),
        LAST_BIT(3, payload -> flip(payload, payload.length - 1)),
        LAST_BYTE_CUT(3, payload -> Arrays.copyOf(payload, payload.length - 1)),
        LAST_BLOCK_CUT(3, payload -> Arrays.copyOf(payload, 3 * BLOCK)),
        BLOCKS_EXCHANGED(1, payload -> copy(payload, 2 * BLOCK, copy(payload, BLOCK, payload.clone(), 2), 1)),
        BLOCK_REPEATED(2, payload -> copy(payload, 2 * BLOCK, payload.clone(), 1)),
        ZEROES(1, payload -> copy(new byte[2 * BLOCK], BLOCK, payload.clone(), 1));

        private final int firstWrong;
        private final UnaryOperator<byte[]> change;

        Change(int firstWrong, UnaryOperator<byte[]> change) {
            this.firstWrong = firstWrong;
            this.change = change;
        }

        private static byte[] flip(byte[] payload, int at) {
            payload[at] ^= 1;
            return payload;
        }

        /** Writes a block of a payload to a place of another one. */
        private static byte[] copy(byte[] from, int to, byte[] into, int block) {
            System.arraycopy(from, block * BLOCK, into, to, BLOCK);
            return into;
        }
    }

    private Piece piece(long offset, long length) {
        return new Piece(blob, form, SIZE, offset, length);
    }

    /** Reads until the end, or until damage is found, and compares what comes out with what was written. */
    private boolean isReadWhole(List<Piece> pieces, byte[] expected) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean isWhole = true;
        try (ByteSource source = contents.open(pieces)) {
            source.transferTo(out);
        } catch (ContentDamagedException damaged) {
            assertThat(damaged.blob()).isEqualTo(blob);
            isWhole = false;
        }
        assertThat(out.toByteArray()).isEqualTo(Arrays.copyOf(expected, out.size()));
        assertThat(isWhole).isEqualTo(out.size() == expected.length);
        return isWhole;
    }

    private boolean isReadWhole(int from, int to) throws IOException {
        return isReadWhole(List.of(piece(from, to - from)), Arrays.copyOfRange(bytes, from, to));
    }

    private void assertNoReadIsWrong(int firstWrong) throws IOException {
        assertThat(isReadWhole(0, SIZE)).isFalse();
        int start = firstWrong * PLAIN_BLOCK;
        int end = Math.min(SIZE, start + PLAIN_BLOCK);
        for (int[] range : new int[][] {{start, start + 1}, {end - 1, end}, {start + 5, end - 5}, {0, start + 1}}) {
            assertThat(isReadWhole(range[0], range[1])).isFalse();
        }
        Random random = new Random(2);
        for (int i = 0; i < 100; i++) {
            int from = random.nextInt(SIZE);
            isReadWhole(from, from + 1 + random.nextInt(SIZE - from));
        }
        int count = store.page(Optional.empty()).blobs().size();
        for (StoredForm target : List.of(StoredForm.PLAIN, EncryptedContentsTest.encrypted(DataKey.random()))) {
            assertThatThrownBy(() -> contents.copy(
                            List.of(piece(0, SIZE)),
                            2,
                            ObjectKey.of("copy"),
                            new Placement("STANDARD", target),
                            Set.of()))
                    .isInstanceOf(ContentDamagedException.class);
        }
        assertThat(store.page(Optional.empty()).blobs()).hasSize(count);
    }

    @ParameterizedTest
    @EnumSource(Change.class)
    void aChangedPayloadIsNotRead(Change change) throws IOException {
        store.change(blob, change.change);

        assertNoReadIsWrong(change.firstWrong);

        if (change.firstWrong > 0 && change != Change.LAST_BYTE_CUT && change != Change.LAST_BLOCK_CUT) {
            assertThat(isReadWhole(10, change.firstWrong * PLAIN_BLOCK))
                    .as("the blocks before")
                    .isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Change.class)
    void aChangedPartIsNotRead(Change change) throws IOException {
        byte[] first = {1, 2, 3};
        Piece before = new Piece(receive(first, form), form, 3, 0, 3);
        store.change(blob, change.change);
        byte[] whole = Arrays.copyOf(first, 3 + SIZE);
        System.arraycopy(bytes, 0, whole, 3, SIZE);

        assertThat(isReadWhole(List.of(before, piece(0, SIZE)), whole)).isFalse();
    }

    /** As when two parts of an object exchange their places. */
    @Test
    void aPayloadOfAnotherBlobWithTheSameDataKeyIsNotRead() throws IOException {
        BlobId other = receiveOther(3, form);
        store.change(other, theirs -> {
            store.change(blob, mine -> theirs);
            return theirs;
        });

        assertNoReadIsWrong(0);
    }

    @Test
    void aBlockOfAnotherBlobWithTheSameDataKeyIsNotRead() throws IOException {
        BlobId other = receiveOther(3, form);
        store.change(other, theirs -> {
            store.change(blob, mine -> {
                System.arraycopy(theirs, BLOCK, mine, BLOCK, BLOCK);
                return mine;
            });
            return theirs;
        });

        assertNoReadIsWrong(1);
    }

    /** As when the payload of an earlier version is put in the place of a later one. */
    @Test
    void aPayloadWithAnotherDataKeyIsNotRead() throws IOException {
        BlobId other = receiveOther(3, EncryptedContentsTest.encrypted(DataKey.random()));
        store.change(other, theirs -> {
            store.change(blob, mine -> theirs);
            return theirs;
        });

        assertNoReadIsWrong(0);
    }

    @Test
    void nothingIsReadWithAnotherDataKey() throws IOException {
        StoredForm other = EncryptedContentsTest.encrypted(DataKey.random());

        for (int from : new int[] {0, PLAIN_BLOCK, SIZE - 1}) {
            assertThat(isReadWhole(List.of(new Piece(blob, other, SIZE, from, 1)), new byte[1]))
                    .isFalse();
        }
    }

    /** The row names the blob of another object, or of another part. */
    @Test
    void anotherBlobInTheRowIsNotRead() throws IOException {
        blob = receiveOther(3, EncryptedContentsTest.encrypted(DataKey.random()));

        assertNoReadIsWrong(0);
    }

    /** The row says that the object ends with the second block, or is longer than it is. */
    @Test
    void anotherSizeInTheRowIsNotRead() throws IOException {
        for (int size : new int[] {2 * PLAIN_BLOCK, 2 * PLAIN_BLOCK + 5, PLAIN_BLOCK, SIZE - 1, SIZE + 1}) {
            int end = Math.min(size, SIZE);
            assertThat(isReadWhole(
                            List.of(new Piece(blob, form, size, 0, size)),
                            Arrays.copyOf(Arrays.copyOf(bytes, end), size)))
                    .as("%d bytes", size)
                    .isFalse();
        }
    }
}
