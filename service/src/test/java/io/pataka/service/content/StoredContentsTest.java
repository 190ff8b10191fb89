package io.pataka.service.content;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.blob.BlobDescriptor.Digests;
import io.pataka.service.blob.BlobInventory;
import io.pataka.service.blob.BlobStore;
import io.pataka.service.blob.BufferPool;
import io.pataka.service.blob.ShardedBlobInventory;
import io.pataka.service.blob.ShardedBlobStore;
import io.pataka.service.blob.VolumeSet;
import io.pataka.service.blob.VolumeSettings;
import io.pataka.service.content.ContentRefusedException.Reason;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.ByteSource;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Placement;
import io.pataka.service.model.StoredForm;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredContentsTest {

    private static final ObjectKey KEY = ObjectKey.of("key");
    private static final byte[] HELLO = "Hello world".getBytes(US_ASCII);
    private static final String HELLO_MD5 = "3e25960a79dbc69b674cd4ec67a72c62";
    private static final String HELLO_CRC32 = "i9aeUg==";

    @TempDir
    Path directory;

    BlobStore store;
    BlobInventory inventory;
    StoredContents contents;

    @BeforeEach
    void open() throws IOException {
        BufferPool<byte[]> buffers = BufferPool.ofArrays();
        VolumeSettings settings = new VolumeSettings(1, directory.resolve("one"), Set.of("STANDARD"));
        VolumeSet volumes = VolumeSet.open(List.of(settings), true, 0);
        store = new ShardedBlobStore(volumes, buffers);
        inventory = new ShardedBlobInventory(volumes);
        contents = new StoredContents(store, buffers, Clock.systemUTC());
    }

    /** The form of the content of all tests. */
    StoredForm form() {
        return StoredForm.PLAIN;
    }

    Placement placement() {
        return new Placement("STANDARD", form());
    }

    Contents.Piece piece(PendingContent content, long offset, long length) {
        return new Contents.Piece(content.blob(), form(), content.size(), offset, length);
    }

    private IntakePlan plan(OptionalLong length, Set<ChecksumAlgorithm> compute, List<Checksum> announced) {
        return new IntakePlan(1, KEY, placement(), length, Long.MAX_VALUE, Optional.empty(), compute, () -> announced);
    }

    IntakePlan plan() {
        return plan(OptionalLong.empty(), Set.of(), List.of());
    }

    private IntakePlan announcing(ChecksumAlgorithm algorithm, String value) {
        return plan(
                OptionalLong.of(HELLO.length),
                Set.of(algorithm),
                List.of(new Checksum(algorithm, Checksum.Type.FULL_OBJECT, value)));
    }

    PendingContent receive(byte[] bytes, IntakePlan plan) throws IOException {
        return contents.receive(new ByteArrayInputStream(bytes), plan);
    }

    byte[] read(List<Contents.Piece> pieces) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ByteSource reader = contents.open(pieces)) {
            reader.transferTo(out);
            assertThat(reader.length()).isEqualTo(out.size());
        }
        return out.toByteArray();
    }

    long blobs() throws IOException {
        long count = 0;
        Optional<String> position = Optional.empty();
        do {
            BlobInventory.Page page = inventory.page(position);
            count += page.blobs().size();
            position = page.next();
        } while (position.isPresent());
        return count;
    }

    Path file(BlobId blob) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(it -> it.endsWith(blob.toString())).findFirst().orElseThrow();
        }
    }

    private void assertNothingKept() throws IOException {
        assertThat(blobs()).isZero();
        assertThat(directory.resolve("one/incoming")).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 16_383, 16_384, 131_071, 131_072, 131_073, 1_000_003, 5 * 131_072})
    void keepsAndDigestsABody(int length) throws Exception {
        byte[] bytes = new byte[length];
        new Random(3).nextBytes(bytes);
        for (OptionalLong declared : List.of(OptionalLong.of(length), OptionalLong.empty())) {
            try (PendingContent content = receive(bytes, plan(declared, Set.of(), List.of()))) {
                content.keep();
                assertThat(content.size()).isEqualTo(length);
                assertThat(content.etag().value())
                        .isEqualTo(HexFormat.of()
                                .formatHex(MessageDigest.getInstance("MD5").digest(bytes)));
                assertThat(read(List.of(piece(content, 0, length)))).isEqualTo(bytes);
                assertThat(store.describe(content.blob()).digests().map(Digests::md5))
                        .isEqualTo(Optional.of(content.etag().value()).filter(md5 -> form().showsDigests()));
            }
        }
    }

    @Test
    void readsABodyThatComesInSmallPieces() throws IOException {
        byte[] bytes = new byte[300_000];
        new Random(5).nextBytes(bytes);
        InputStream dribbling = new FilterInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return super.read(into, offset, Math.min(length, 700));
            }
        };

        PendingContent content = contents.receive(dribbling, plan());

        assertThat(read(List.of(piece(content, 0, bytes.length)))).isEqualTo(bytes);
    }

    /** Values of "Hello world" by other tools: gzip, sha1sum, sha256sum. */
    @Test
    void computesEveryAskedChecksumInOnePass() throws IOException {
        PendingContent content =
                receive(HELLO, plan(OptionalLong.empty(), EnumSet.allOf(ChecksumAlgorithm.class), List.of()));

        assertThat(content.etag().value()).isEqualTo(HELLO_MD5);
        assertThat(content.checksums())
                .extracting(Checksum::algorithm)
                .containsExactlyInAnyOrder(ChecksumAlgorithm.values());
        assertThat(content.checksums())
                .contains(
                        new Checksum(ChecksumAlgorithm.CRC32, Checksum.Type.FULL_OBJECT, HELLO_CRC32),
                        new Checksum(ChecksumAlgorithm.SHA1, Checksum.Type.FULL_OBJECT, "e1AsOh9IyGCa4hLN+2Od7jlnP14="),
                        new Checksum(
                                ChecksumAlgorithm.SHA256,
                                Checksum.Type.FULL_OBJECT,
                                "ZOyIygCyaOW6GjVnihtTFtIS9PNmskdyMlNKiuyjfzw="));
    }

    @Test
    void acceptsWhatWasAnnounced() throws IOException {
        PendingContent content = receive(HELLO, announcing(ChecksumAlgorithm.CRC32, HELLO_CRC32));

        assertThat(content.checksums())
                .containsExactly(new Checksum(ChecksumAlgorithm.CRC32, Checksum.Type.FULL_OBJECT, HELLO_CRC32));
    }

    @ParameterizedTest
    @ValueSource(strings = {"i9aeUw==", "", "not base 64", "i9ae"})
    void refusesAnotherChecksumThanAnnounced(String value) throws IOException {
        assertThatThrownBy(() -> receive(HELLO, announcing(ChecksumAlgorithm.CRC32, value)))
                .isInstanceOfSatisfying(
                        ContentRefusedException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.CHECKSUM))
                .hasMessage("The CRC32 you specified did not match the calculated checksum.");
        assertNothingKept();
    }

    @Test
    void refusesAnAnnouncedChecksumThatWasNotComputed() throws IOException {
        IntakePlan plan = plan(
                OptionalLong.empty(),
                Set.of(ChecksumAlgorithm.SHA1),
                List.of(new Checksum(ChecksumAlgorithm.CRC32, Checksum.Type.FULL_OBJECT, HELLO_CRC32)));

        assertThatThrownBy(() -> receive(HELLO, plan)).isInstanceOf(ContentRefusedException.class);
        assertNothingKept();
    }

    @Test
    void asksForTheAnnouncedValuesAfterTheBody() throws IOException {
        InputStream body = new ByteArrayInputStream(HELLO);
        IntakePlan plan = new IntakePlan(
                1,
                KEY,
                placement(),
                OptionalLong.empty(),
                100,
                Optional.empty(),
                Set.of(ChecksumAlgorithm.CRC32),
                () -> {
                    assertThat(body).isEmpty();
                    return List.of(new Checksum(ChecksumAlgorithm.CRC32, Checksum.Type.FULL_OBJECT, HELLO_CRC32));
                });

        assertThat(contents.receive(body, plan).size()).isEqualTo(HELLO.length);
    }

    @Test
    void holdsTheContentMd5AgainstTheBody() throws IOException {
        byte[] right = HexFormat.of().parseHex(HELLO_MD5);
        byte[] wrong = right.clone();
        wrong[0]++;

        assertThatThrownBy(() -> receive(HELLO, withMd5(wrong)))
                .isInstanceOfSatisfying(
                        ContentRefusedException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.MD5));
        assertNothingKept();
        assertThat(receive(HELLO, withMd5(right)).etag().value()).isEqualTo(HELLO_MD5);
    }

    private IntakePlan withMd5(byte[] md5) {
        return new IntakePlan(1, KEY, placement(), OptionalLong.empty(), 100, Optional.of(md5), Set.of(), List::of);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 12, 1000, 500_000})
    void refusesAnotherLengthThanDeclared(int declared) throws IOException {
        Reason expected = declared > HELLO.length ? Reason.TOO_SHORT : Reason.TOO_LONG;

        assertThatThrownBy(() -> receive(HELLO, plan(OptionalLong.of(declared), Set.of(), List.of())))
                .isInstanceOfSatisfying(
                        ContentRefusedException.class,
                        e -> assertThat(e.reason()).isEqualTo(expected));
        assertNothingKept();
    }

    @Test
    void refusesMoreThanTheLimitWithoutReadingItAll() throws IOException {
        IntakePlan plan = new IntakePlan(
                1, KEY, placement(), OptionalLong.empty(), 200_000, Optional.empty(), Set.of(), List::of);
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 1;
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                return length;
            }
        };

        assertThatThrownBy(() -> contents.receive(endless, plan))
                .isInstanceOfSatisfying(
                        ContentRefusedException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LONG));
        assertNothingKept();
    }

    @Test
    void keepsNothingOfABodyThatBreaksOff() throws IOException {
        IOException gone = new IOException("the client is gone");
        InputStream breaking = new InputStream() {
            private int left = 400_000;

            @Override
            public int read() throws IOException {
                throw gone;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                if (left <= 0) {
                    throw gone;
                }
                left -= length;
                return length;
            }
        };

        assertThatThrownBy(() -> contents.receive(breaking, plan())).isSameAs(gone);
        assertNothingKept();
    }

    @Test
    void deletesContentThatIsNotKept() throws IOException {
        BlobId blob;
        try (PendingContent content = receive(HELLO, plan())) {
            blob = content.blob();
        }

        assertThatThrownBy(() -> contents.open(List.of(new Contents.Piece(blob, form(), HELLO.length, 0, 1))))
                .isInstanceOf(ContentMissingException.class);
        assertNothingKept();
    }

    @Test
    void joinsThePiecesOfSeveralBlobs() throws IOException {
        PendingContent first = receive(HELLO, plan());
        PendingContent empty = receive(new byte[0], plan());
        PendingContent second = receive("0123456789".getBytes(US_ASCII), plan());

        assertThat(read(List.of(piece(first, 6, 5), piece(empty, 0, 0), piece(second, 0, 3))))
                .isEqualTo("world012".getBytes(US_ASCII));
        assertThat(read(List.of())).isEmpty();
    }

    @Test
    void failsWhenAFollowingBlobIsGone() throws IOException {
        PendingContent first = receive(HELLO, plan());
        PendingContent second = receive(HELLO, plan());
        try (ByteSource reader = contents.open(List.of(piece(first, 0, 11), piece(second, 0, 11)))) {
            second.close();

            assertThatThrownBy(() -> reader.transferTo(OutputStream.nullOutputStream()))
                    .isInstanceOfSatisfying(
                            ContentDamagedException.class,
                            lost -> assertThat(lost.blob()).isEqualTo(second.blob()));
        }
    }

    @Test
    void leavesAnErrorOfTheReaderAsItIs() throws IOException {
        IOException gone = new IOException("the client is gone");
        PendingContent content = receive(HELLO, plan());

        try (ByteSource reader = contents.open(List.of(piece(content, 0, 11)))) {
            assertThatThrownBy(() -> reader.transferTo(failing(gone))).isSameAs(gone);
        }
    }

    @Test
    void copiesStretchesOfSeveralBlobsIntoOne() throws IOException {
        PendingContent first = receive(HELLO, plan());
        PendingContent second = receive(HELLO, plan());
        List<Contents.Piece> pieces = List.of(piece(first, 6, 5), piece(second, 0, 6));

        PendingContent copy =
                contents.copy(pieces, 2, ObjectKey.of("copy"), placement(), Set.of(ChecksumAlgorithm.CRC32));
        first.close();
        second.close();

        assertThat(read(List.of(piece(copy, 0, 11)))).isEqualTo("worldHello ".getBytes(US_ASCII));
        assertThat(copy.etag().value()).isEqualTo("1ff0e22d228382d4320943eb1caa3e40");
        assertThat(copy.checksums())
                .containsExactly(new Checksum(ChecksumAlgorithm.CRC32, Checksum.Type.FULL_OBJECT, "4XXCUw=="));
    }

    @Test
    void copiesAPayloadWithItsDigestsUnderAnotherId() throws IOException {
        PendingContent source = receive(HELLO, plan());

        PendingBlob copy = contents.copyPayload(source.blob(), HELLO.length, 2, ObjectKey.of("copy"), "STANDARD");
        source.close();

        assertThat(read(List.of(new Contents.Piece(copy.blob(), form(), HELLO.length, 0, HELLO.length))))
                .isEqualTo(HELLO);
        assertThat(store.describe(copy.blob()).digests().map(Digests::md5))
                .isEqualTo(Optional.of(HELLO_MD5).filter(md5 -> form().showsDigests()));
        copy.close();
        assertNothingKept();
    }

    @Test
    void doesNotCopyAPayloadThatIsGoneOrOfAnotherSize() throws IOException {
        PendingContent source = receive(HELLO, plan());
        ObjectKey key = ObjectKey.of("copy");

        assertThatThrownBy(() -> contents.copyPayload(source.blob(), HELLO.length + 1, 2, key, "STANDARD"))
                .isInstanceOf(ContentDamagedException.class)
                .hasMessageContaining("has 11 bytes of its object, not 12");
        assertThatThrownBy(() -> contents.copyPayload(source.blob(), HELLO.length, 2, key, "GLACIER"))
                .isInstanceOf(StorageFailedException.class);
        source.close();
        assertThatThrownBy(() -> contents.copyPayload(source.blob(), HELLO.length, 2, key, "STANDARD"))
                .isInstanceOf(ContentMissingException.class);
        assertNothingKept();
    }

    @Test
    void doesNotCopyADamagedPayload() throws IOException {
        PendingContent source = receive(new byte[300_000], plan());
        source.keep();
        Path file = file(source.blob());
        byte[] bytes = Files.readAllBytes(file);
        bytes[200_000] ^= 1;
        Files.write(file, bytes);

        assertThatThrownBy(() -> contents.copyPayload(source.blob(), 300_000, 2, ObjectKey.of("copy"), "STANDARD"))
                .isInstanceOf(ContentDamagedException.class)
                .hasMessageContaining("checksum");
        assertThat(blobs()).isEqualTo(1);
    }

    /** As 503, since a node that is upgraded already can read it. */
    @Test
    void neitherReadsNorWritesAFormOfALaterRelease() throws IOException {
        StoredContents release = new StoredContents(store, BufferPool.ofArrays(), Clock.systemUTC());
        StoredForm later = new StoredForm.Unknown("{}");
        PendingContent content = release.receive(new ByteArrayInputStream(HELLO), plan());
        IntakePlan plan = new IntakePlan(
                1,
                KEY,
                new Placement("STANDARD", later),
                OptionalLong.empty(),
                100,
                Optional.empty(),
                Set.of(),
                List::of);

        assertThatThrownBy(() -> release.open(List.of(new Contents.Piece(content.blob(), later, 11, 0, 11))))
                .isInstanceOf(StorageFailedException.class)
                .hasMessageContaining("does not know");
        content.close();
        assertThatThrownBy(() -> release.receive(new ByteArrayInputStream(HELLO), plan))
                .isInstanceOf(StorageFailedException.class)
                .hasMessageContaining("does not know");
        assertNothingKept();
        assertThat(StoredForm.PLAIN.sharesBlobsWith(later)).isFalse();
        assertThat(later.sharesBlobsWith(StoredForm.PLAIN)).isFalse();
    }

    @Test
    void failsAsStorageWhenNoStoreTakesTheClass() {
        IntakePlan plan = new IntakePlan(
                1,
                KEY,
                new Placement("GLACIER", StoredForm.PLAIN),
                OptionalLong.empty(),
                100,
                Optional.empty(),
                Set.of(),
                List::of);

        assertThatThrownBy(() -> receive(HELLO, plan)).isInstanceOf(StorageFailedException.class);
    }

    private static OutputStream failing(IOException failure) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw failure;
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                throw failure;
            }
        };
    }
}
