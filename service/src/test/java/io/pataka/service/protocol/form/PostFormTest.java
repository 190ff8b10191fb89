package io.pataka.service.protocol.form;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.model.BucketName;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.RawRequest;
import io.pataka.service.protocol.RequestBody;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostFormTest {

    /** The variable has eleven characters, a file's name thousands. */
    @Test
    void theFieldsAreLimitedAfterTheFilenameWasPutIn() throws IOException {
        byte[] form = new FormBody()
                .field("key", "${filename}".repeat(1000))
                .file("n".repeat(5000), "x")
                .bytes();

        assertThatThrownBy(() -> read(form))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(S3Error.MAX_POST_PRE_DATA_LENGTH_EXCEEDED));
    }

    @Test
    void fieldsAndFileComeApart() throws IOException {
        PostForm form = read(new FormBody()
                .field("Key", "a/b")
                .field("X-Amz-Meta-A", "☃")
                .file("c.txt", "hello")
                .bytes());

        assertThat(form.fields().asMap())
                .containsExactlyInAnyOrderEntriesOf(Map.of("key", "a/b", "x-amz-meta-a", bytewise("☃")));
        assertThat(form.file().readAllBytes()).asString(UTF_8).isEqualTo("hello");
    }

    @Test
    void aFileThatLooksLikeABoundaryComesThroughWhole() throws IOException {
        String lookalikes = ("\r\n--" + FormBody.BOUNDARY.substring(0, 20) + "\r\n-\r\n--\r\n").repeat(10_000) + "\r\n";

        PostForm form =
                read(new FormBody().field("key", "k").file("f", lookalikes).bytes());

        assertThat(form.file().readAllBytes()).asString(UTF_8).isEqualTo(lookalikes);
    }

    @Test
    void anyBytesComeThroughWhole() throws IOException {
        byte[] content = new byte[3_000_001];
        new Random(1).nextBytes(content);

        PostForm form = read(new FormBody().field("key", "k").file("f", content).bytes());

        assertThat(form.file().readAllBytes()).isEqualTo(content);
    }

    @ParameterizedTest
    @CsvSource({
        "photo.png, user/photo.png",
        "C:\\Program Files\\directory1\\file.txt, user/file.txt",
        "/home/me/file.txt, user/file.txt",
        "directory/, user/",
        "'', user/",
        "Grüße ☃.txt, user/Grüße ☃.txt"
    })
    void theFilenameIsSubstitutedWithoutItsPath(String filename, String key) throws IOException {
        PostForm form = read(new FormBody()
                .field("key", "user/${filename}")
                .field("Content-Disposition", "attachment; filename=${filename}")
                .field("policy", "${filename}")
                .file(filename, "x")
                .bytes());

        assertThat(form.asPut(posted(), SizeRange.ANY).key().orElseThrow()).hasToString(key);
        assertThat(form.fields().first("content-disposition"))
                .contains(bytewise("attachment; filename=" + key.substring("user/".length())));
        assertThat(form.fields().first("policy")).contains("${filename}");
    }

    @Test
    void aFileMayBeText() throws IOException {
        PostForm form = read(new FormBody()
                .field("key", "${filename}k")
                .part("content-disposition: form-data; name=file", "typed".getBytes(UTF_8))
                .bytes());

        assertThat(form.fields().first("key")).contains("${filename}k");
        assertThat(form.file().readAllBytes()).asString(UTF_8).isEqualTo("typed");
    }

    @Test
    void aFieldMayHaveAnEmptyName() throws IOException {
        PostForm form = read(new FormBody()
                .part("content-disposition: form-data; name=\"\"", "a".getBytes(UTF_8))
                .field("key", "k")
                .file("f", "x")
                .bytes());

        assertThat(form.fields().first("")).contains("a");
        assertThat(form.fields().first("key")).contains("k");
    }

    @Test
    void fieldsAfterTheFileArePassedOver() throws IOException {
        PostForm form = read(new FormBody()
                .field("key", "k")
                .file("f", "x")
                .field("key", "other")
                .field("submit", "Upload")
                .bytes());

        assertThat(form.file().readAllBytes()).hasSize(1);
        assertThat(form.fields().asMap()).containsExactly(Map.entry("key", "k"));
    }

    @Test
    void aSecondFileIsNoticedBeforeTheFirstOneEnds() throws IOException {
        PostForm form = read(new FormBody()
                .field("key", "k")
                .file("f", "first")
                .field("submit", "Upload")
                .file("g", "second")
                .bytes());

        assertRefused(S3Error.INCORRECT_NUMBER_OF_FILES, () -> form.file().readAllBytes());
    }

    @Test
    void aFormWithoutAFileIsRefused() {
        assertRefused(
                S3Error.INVALID_ARGUMENT,
                () -> read(new FormBody().field("key", "k").bytes()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "KEY", "policy", "x-amz-meta-a"})
    void aFieldIsThereOnce(String twice) {
        assertRefused(
                S3Error.INVALID_ARGUMENT,
                () -> read(new FormBody()
                        .field("key", "k")
                        .field("policy", "p")
                        .field("x-amz-meta-a", "1")
                        .field(twice, "2")
                        .file("f", "x")
                        .bytes()));
    }

    @Test
    void theFieldsHave20KilobytesTogether() throws IOException {
        String most = "v".repeat(FormFields.MAX_SIZE - 8);
        assertThat(read(new FormBody()
                                .field("key", "k")
                                .field("long", most)
                                .file("f", "x")
                                .bytes())
                        .fields()
                        .first("long"))
                .contains(most);

        assertRefused(
                S3Error.MAX_POST_PRE_DATA_LENGTH_EXCEEDED,
                () -> read(new FormBody()
                        .field("key", "k")
                        .field("long", most + "v")
                        .file("f", "x")
                        .bytes()));
    }

    @Test
    void aFieldWithoutEndIsNotReadToItsEnd() {
        InputStream endless = new SequenceInputStream(
                new ByteArrayInputStream(new FormBody()
                        .part("Content-Disposition: form-data; name=\"key\"", new byte[0])
                        .unfinished()),
                new InputStream() {
                    @Override
                    public int read() {
                        return 'x';
                    }

                    @Override
                    public int read(byte[] buffer, int offset, int length) {
                        Arrays.fill(buffer, offset, offset + length, (byte) 'x');
                        return length;
                    }
                });
        InputStream field = new SequenceInputStream(
                new ByteArrayInputStream(
                        ("--" + FormBody.BOUNDARY + "\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n")
                                .getBytes(UTF_8)),
                endless);

        assertRefused(S3Error.MAX_POST_PRE_DATA_LENGTH_EXCEEDED, () -> PostForm.read(posted(field)));
    }

    @Test
    void aFormThatDoesNotEndIsMalformed() throws IOException {
        PostForm form = read(new FormBody().field("key", "k").file("f", "x").unfinished());

        assertRefused(S3Error.MALFORMED_POST_REQUEST, () -> form.file().readAllBytes());
    }

    @Test
    void aFormCutInItsFileIsMalformed() throws IOException {
        byte[] whole =
                new FormBody().field("key", "k").file("f", "x".repeat(100)).bytes();
        PostForm form = read(Arrays.copyOf(whole, whole.length - 120));

        assertRefused(S3Error.MALFORMED_POST_REQUEST, () -> form.file().readAllBytes());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 60, 100, 110})
    void aClientThatGoesAwayIsNoMalformedForm(int afterBytes) {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new FileNotFoundException("stands for a broken connection");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return read();
            }
        };
        InputStream body = new SequenceInputStream(
                new ByteArrayInputStream(
                        Arrays.copyOf(new FormBody().field("key", "k").unfinished(), afterBytes)),
                broken);

        assertThatThrownBy(() -> PostForm.read(posted(body)))
                .isInstanceOf(IOException.class)
                .satisfiesAnyOf(
                        gone -> assertThat(gone).isInstanceOf(FileNotFoundException.class),
                        gone -> assertThat(gone).hasRootCauseInstanceOf(FileNotFoundException.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundry=x"})
    void aFormNeedsABoundary(String mediaType) {
        assertRefused(
                S3Error.MALFORMED_POST_REQUEST,
                () -> PostForm.read(posted(mediaType, new ByteArrayInputStream(new byte[10]))));
    }

    @Test
    void aPartWithoutDispositionIsMalformed() {
        assertRefused(
                S3Error.MALFORMED_POST_REQUEST,
                () -> read(
                        new FormBody().part("X: y", new byte[1]).file("f", "x").bytes()));
    }

    @Test
    void aPartWithAnEndlessHeadIsMalformed() {
        assertRefused(
                S3Error.MALFORMED_POST_REQUEST,
                () -> read(new FormBody()
                        .part("X: " + "y".repeat(20_000), new byte[1])
                        .file("f", "x")
                        .bytes()));
    }

    @Test
    void fieldsBecomeTheHeadersOfAPut() throws IOException {
        S3Request put = read(new FormBody()
                        .field("key", "k")
                        .field("acl", "private")
                        .field("Content-Type", "text/plain")
                        .field("Cache-Control", "no-cache")
                        .field("x-amz-meta-A", "1")
                        .field("x-amz-storage-class", "STANDARD")
                        .field("success_action_status", "201")
                        .field(
                                "tagging",
                                "<Tagging><TagSet><Tag><Key>a&amp;b</Key><Value>ü =</Value></Tag>"
                                        + "<Tag><Key>c</Key><Value/></Tag></TagSet></Tagging>")
                        .field("x-amz-credential", "c")
                        .field("x-amz-date", "d")
                        .field("host", "evil")
                        .field("transfer-encoding", "evil")
                        .field("submit", "Upload")
                        .file("f", "x")
                        .bytes())
                .asPut(posted(), SizeRange.ANY);

        assertThat(put.headers().names())
                .containsExactlyInAnyOrder(
                        "host",
                        "x-amz-acl",
                        "content-type",
                        "cache-control",
                        "x-amz-meta-a",
                        "x-amz-storage-class",
                        "success_action_status",
                        "x-amz-tagging",
                        "x-amz-date");
        assertThat(put.headers().first("host")).contains("localhost");
        assertThat(put.headers().first("content-type")).contains("text/plain");
        assertThat(put.headers().first("x-amz-tagging")).contains("a%26b=%C3%BC%20%3D&c=");
        assertThat(put.body().length()).isEmpty();
    }

    @Test
    void taggingThatIsNoTaggingIsMalformed() throws IOException {
        PostForm form = read(new FormBody()
                .field("key", "k")
                .field("tagging", "a=b")
                .file("f", "x")
                .bytes());

        assertRefused(S3Error.MALFORMED_XML, () -> form.asPut(posted(), SizeRange.ANY));
    }

    @Test
    void aFormNeedsAKey() throws IOException {
        PostForm none = read(new FormBody().file("f", "x").bytes());
        PostForm empty = read(new FormBody().field("key", "").file("f", "x").bytes());
        PostForm tooLong = read(
                new FormBody().field("key", "k".repeat(1025)).file("f", "x").bytes());

        assertRefused(S3Error.INVALID_ARGUMENT, () -> none.asPut(posted(), SizeRange.ANY));
        assertRefused(S3Error.INVALID_ARGUMENT, () -> empty.asPut(posted(), SizeRange.ANY));
        assertRefused(S3Error.KEY_TOO_LONG, () -> tooLong.asPut(posted(), SizeRange.ANY));
    }

    @ParameterizedTest
    @CsvSource({"0, 5, true", "5, 5, true", "0, 4, false", "6, 9, false"})
    void theLengthOfTheFileIsComparedWithTheRange(long least, long most, boolean isWithin) throws IOException {
        S3Request put = read(new FormBody().field("key", "k").file("f", "hello").bytes())
                .asPut(posted(), new SizeRange(least, most));

        InputStream file = put.body().open();
        if (isWithin) {
            assertThat(file.readAllBytes()).hasSize(5);
        } else {
            assertRefused(most < 5 ? S3Error.ENTITY_TOO_LARGE : S3Error.ENTITY_TOO_SMALL, file::readAllBytes);
        }
    }

    private static PostForm read(byte[] body) throws IOException {
        return PostForm.read(posted(new ByteArrayInputStream(body)));
    }

    private static S3Request posted() {
        return posted(InputStream.nullInputStream());
    }

    private static S3Request posted(InputStream body) {
        return posted(FormBody.MEDIA_TYPE, body);
    }

    private static S3Request posted(String mediaType, InputStream stream) {
        RequestHeaders headers =
                RequestHeaders.of(Map.of("Host", "localhost", "Content-Type", mediaType, "X-Amz-Meta-Wire", "w"));
        RequestBody body = new RequestBody() {
            @Override
            public InputStream open() {
                return stream;
            }

            @Override
            public OptionalLong length() {
                return OptionalLong.empty();
            }

            @Override
            public RequestHeaders trailers() {
                return RequestHeaders.none();
            }
        };
        return new S3Request(
                "id",
                S3Operation.POST_OBJECT,
                Optional.of(new BucketName("b")),
                Optional.empty(),
                Parameters.parse(""),
                headers,
                body,
                new RawRequest("POST", "/b", "", headers, body, false, "127.0.0.1", Optional.empty()));
    }

    private static String bytewise(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }

    private static void assertRefused(S3Error error, ThrowingCallable call) {
        assertThatExceptionOfType(S3Exception.class).isThrownBy(call).returns(error, S3Exception::error);
    }
}
