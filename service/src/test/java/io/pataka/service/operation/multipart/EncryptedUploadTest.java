package io.pataka.service.operation.multipart;

import static io.pataka.service.operation.multipart.UploadClient.MIN_PART;
import static io.pataka.service.operation.multipart.UploadClient.bytes;
import static io.pataka.service.operation.multipart.UploadClient.concat;
import static io.pataka.service.operation.multipart.UploadClient.element;
import static io.pataka.service.testing.Sse.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pataka.service.encryption.KnownKeys;
import io.pataka.service.metadata.ObjectIndex.KeyRange;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.operation.StoreTestBed;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.testing.Changes;
import io.pataka.service.testing.Sse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.commons.codec.digest.DigestUtils;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Uploads of encrypted objects: the upload decides how, and each request about it must have the customer's key. */
final class EncryptedUploadTest {

    private static final byte[] NONE = {};
    private static final byte[] FIRST = bytes(MIN_PART, 1);
    private static final byte[] SECOND = bytes(100_000, 2);
    private static final Map<String, String> CRC32 = Map.of("x-amz-checksum-algorithm", "CRC32");

    private static final String MISSING = "The multipart upload initiate requested encryption. Subsequent part requests"
            + " must include the appropriate encryption parameters.";
    private static final String OTHER = "The provided encryption parameters did not match the ones used originally.";
    private static final String NEEDLESS = "The encryption parameters are not applicable to this object.";

    @TempDir
    private static Path folder;

    private static StoreTestBed bed;

    @BeforeAll
    static void open() throws IOException {
        bed = new StoreTestBed(folder, UnaryOperator.identity(), UnaryOperator.identity(), UnaryOperator.identity());
        bed.bucket("bucket");
    }

    @AfterAll
    static void close() {
        bed.close();
    }

    @ParameterizedTest
    @EnumSource(Sse.class)
    void theObjectHasTheBytesAndTheEncryptionOfItsUpload(Sse sse) throws IOException {
        S3Response begun = bed.send("POST", "/bucket/k?uploads", sse.write(), NONE);
        assertThat(begun.headers()).containsAllEntriesOf(sse.answer());
        String upload = idOf(begun);

        S3Response first = part(upload, 1, FIRST, sse.use());
        assertThat(first.headers()).containsAllEntriesOf(sse.answer());
        boolean md5 = first.headers().get("ETag").equals('"' + DigestUtils.md5Hex(FIRST) + '"');
        assertThat(md5).as("the entity tag is the MD5").isEqualTo(!sse.isCustomers());
        S3Response second = part(upload, 2, SECOND, sse.use());
        S3Response completed = complete(upload, list(first, second), sse.use());

        assertThat(completed.headers()).containsAllEntriesOf(sse.answer());
        assertThat(read("k", sse)).isEqualTo(concat(FIRST, SECOND));
        assertThat(bed.send("POST", "/bucket/k?uploadId=" + upload, sse.use(), list(first, second))
                        .headers())
                .as("repeated")
                .containsAllEntriesOf(sse.answer());
    }

    @ParameterizedTest
    @EnumSource(Sse.class)
    void aPartCanBeCopiedFromAnObjectOfEachKind(Sse sourceSse) throws IOException {
        store("source", FIRST, sourceSse);
        Sse sse = Sse.OTHER_CUSTOMER;
        String upload = begin("k", sse.write());

        S3Response copied = bed.send(
                "PUT",
                "/bucket/k?partNumber=1&uploadId=" + upload,
                all(
                        Map.of("x-amz-copy-source", "/bucket/source", "x-amz-copy-source-range", "bytes=70000-5000000"),
                        sourceSse.source(),
                        sse.use()),
                NONE);

        assertThat(copied.headers()).containsAllEntriesOf(sse.answer());
        String text = new String(StoreTestBed.bytes(copied), StandardCharsets.UTF_8);
        String etag = text.substring(text.indexOf("&quot;") + 6, text.lastIndexOf("&quot;"));
        complete(upload, document(element(1, etag)), sse.use());
        assertThat(read("k", sse)).isEqualTo(Arrays.copyOfRange(FIRST, 70_000, 5_000_001));
    }

    /** The tests of Ceph send a part twice and complete the upload with the entity tag of the first time. */
    @ParameterizedTest
    @EnumSource(Sse.class)
    void aPartThatIsSentAgainHasItsEntityTagAgain(Sse sse) throws IOException {
        String upload = begin("k", sse.write());
        S3Response first = part(upload, 1, SECOND, sse.use());
        assertThat(part(upload, 1, SECOND, sse.use()).headers().get("ETag"))
                .isEqualTo(first.headers().get("ETag"));

        complete(upload, list(first), sse.use());
        assertThat(read("k", sse)).isEqualTo(SECOND);
    }

    @ParameterizedTest
    @EnumSource(Sse.class)
    void aPartOfTheObjectIsReadByItsNumber(Sse sse) throws IOException {
        String upload = begin("k", sse.write());
        S3Response first = part(upload, 1, FIRST, sse.use());
        S3Response second = part(upload, 2, SECOND, sse.use());
        complete(upload, list(first, second), sse.use());

        S3Response read = bed.send("GET", "/bucket/k?partNumber=2", sse.use(), NONE);
        assertThat(read.headers()).containsAllEntriesOf(sse.answer()).containsEntry("x-amz-mp-parts-count", "2");
        assertThat(StoreTestBed.bytes(read)).isEqualTo(SECOND);
        S3Response head = bed.send("HEAD", "/bucket/k?partNumber=1", sse.use(), NONE);
        assertThat(head.headers()).containsEntry("Content-Length", Integer.toString(FIRST.length));
        // Ceph's tests ask without a key, and want this error.
        S3Exception refused = catchThrowableOfType(
                S3Exception.class, () -> bed.send("GET", "/bucket/k?partNumber=3", Map.of(), NONE));
        assertThat(refused.error().code()).isEqualTo("InvalidPart");
    }

    /** Ceph's tests name another key with the parts, and expect that it is passed over. */
    @Test
    void theModeAndTheKeyOfTheKeyManagerInARequestForAPartHaveNoEffect() throws IOException {
        String upload = begin("k", Sse.KMS.write());

        S3Response first = part(upload, 1, FIRST, Sse.OTHER_KMS.write());

        assertThat(first.headers()).containsAllEntriesOf(Sse.KMS.answer());
        complete(upload, list(first), Sse.OTHER_KMS.write());
        assertThat(read("k", Sse.KMS)).isEqualTo(FIRST);
    }

    @Test
    void aPartWithoutTheKeyOfTheUploadIsRefused() throws IOException {
        String upload = begin("k", Sse.CUSTOMER.write());
        long before = bed.blobFiles();

        refuses(() -> part(upload, 1, FIRST, Map.of()), "InvalidRequest", MISSING);
        refuses(() -> part(upload, 1, FIRST, Sse.OTHER_CUSTOMER.use()), "InvalidRequest", OTHER);
        refuses(() -> part(upload, 1, FIRST, Sse.S3.write()), "InvalidRequest", MISSING);
        assertThat(bed.blobFiles()).isEqualTo(before);
    }

    @Test
    void aCopiedPartWithoutTheKeyOfTheUploadOrOfTheSourceIsRefused() throws IOException {
        store("source", FIRST, Sse.OTHER_CUSTOMER);
        store("plain", FIRST, Sse.NONE);
        String upload = begin("k", Sse.CUSTOMER.write());
        long before = bed.blobFiles();
        Map<String, String> source = Sse.OTHER_CUSTOMER.source();
        Map<String, String> use = Sse.CUSTOMER.use();

        refuses(() -> copy(upload, "source", source), "InvalidRequest", MISSING);
        refuses(() -> copy(upload, "source", all(source, Sse.OTHER_CUSTOMER.use())), "InvalidRequest", OTHER);
        refuses(
                () -> copy(upload, "source", use),
                "InvalidRequest",
                "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to"
                        + " retrieve the object.");
        refuses(
                () -> copy(upload, "source", all(Sse.CUSTOMER.source(), use)),
                "InvalidArgument",
                "Requests specifying Server Side Encryption with Customer provided keys must provide the correct secret key.");
        refuses(() -> copy(upload, "plain", all(source, use)), "InvalidRequest", NEEDLESS);
        assertThat(bed.blobFiles()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"NONE", "S3", "KMS"})
    void aKeyForAnUploadWithoutOneIsRefused(Sse sse) throws IOException {
        String upload = begin("k", sse.write());
        Map<String, String> key = Sse.CUSTOMER.use();
        byte[] list = list(part(upload, 1, FIRST, Map.of()));

        refuses(() -> part(upload, 2, FIRST, key), "InvalidRequest", NEEDLESS);
        refuses(() -> bed.send("GET", "/bucket/k?uploadId=" + upload, key, NONE), "InvalidRequest", NEEDLESS);
        refuses(() -> complete(upload, list, key), "InvalidRequest", NEEDLESS);
        complete(upload, list, Map.of());
    }

    /** Many clients do not send the key when they complete an upload, and Amazon and Ceph Gateway do not need it then. */
    @Test
    void anUploadWithoutAChecksumIsListedAndCompletedWithoutTheKey() throws IOException {
        String upload = begin("k", Sse.CUSTOMER.write());
        byte[] list = list(part(upload, 1, FIRST, Sse.CUSTOMER.use()));

        assertThat(bed.read("/bucket/k?uploadId=" + upload)).isNotEmpty();
        refuses(() -> complete(upload, list, Sse.OTHER_CUSTOMER.use()), "InvalidRequest", OTHER);
        complete(upload, list, Map.of());
        assertThat(read("k", Sse.CUSTOMER)).isEqualTo(FIRST);
    }

    @Test
    void anUploadWithAChecksumIsListedAndCompletedWithTheKeyOnly() throws IOException {
        String upload = begin("k", all(Sse.CUSTOMER.write(), CRC32));
        Map<String, String> checksum = Map.of("x-amz-checksum-crc32", UploadClient.crc32(FIRST));
        byte[] list = list(part(upload, 1, FIRST, all(Sse.CUSTOMER.use(), checksum)));
        String target = "/bucket/k?uploadId=" + upload;

        refuses(() -> complete(upload, list, Map.of()), "InvalidRequest", MISSING);
        refuses(() -> complete(upload, list, Sse.OTHER_CUSTOMER.use()), "InvalidRequest", OTHER);
        refuses(
                () -> bed.read(target),
                "InvalidRequest",
                "To retrieve Part Checksum data requests must include appropriate encryption parameters.");
        refuses(() -> bed.send("GET", target, Sse.OTHER_CUSTOMER.use(), NONE), "InvalidRequest", OTHER);
        assertThat(bed.send("GET", target, Sse.CUSTOMER.use(), NONE).status()).isEqualTo(200);
        complete(upload, list, Sse.CUSTOMER.use());
    }

    @Test
    void anUploadIsEncryptedAsItsBucketSaysWhenItBegins() throws IOException {
        Bucket standard = bed.bucket("standard");
        bed.buckets.putDocument(standard, DocumentKind.ENCRYPTION, "{\"mode\":\"S3\"}", Changes.any());
        S3Response begun = bed.send("POST", "/standard/k?uploads", Map.of(), NONE);
        assertThat(begun.headers()).containsAllEntriesOf(Sse.S3.answer());
        bed.buckets.deleteDocument(standard, DocumentKind.ENCRYPTION, Changes.any());

        String upload = "/standard/k?uploadId=" + idOf(begun);
        S3Response part = bed.send("PUT", upload + "&partNumber=1", Map.of(), SECOND);
        assertThat(bed.send("POST", upload, Map.of(), list(part)).headers()).containsAllEntriesOf(Sse.S3.answer());

        assertThat(bed.read("/standard/k")).isEqualTo(SECOND);
    }

    /** What there is stays readable. */
    @Test
    void aBucketThatBlocksCustomersKeysTakesNoPartsAndNoAppendsWithThem() throws IOException {
        Bucket blocking = bed.bucket("blocking");
        Map<String, String> key = Sse.CUSTOMER.use();
        bed.send("PUT", "/blocking/object", key, SECOND);
        String upload = idOf(bed.send("POST", "/blocking/k?uploads", key, NONE));
        String target = "/blocking/k?partNumber=1&uploadId=" + upload;
        bed.buckets.putDocument(blocking, DocumentKind.ENCRYPTION, "{\"blocksCustomerKeys\":true}", Changes.any());

        for (Map<String, String> more :
                List.<Map<String, String>>of(Map.of(), Map.of("x-amz-copy-source", "/blocking/object"))) {
            S3Exception refused = catchThrowableOfType(
                    S3Exception.class,
                    () -> bed.send("PUT", target, all(key, more, more.isEmpty() ? more : Sse.CUSTOMER.source()), NONE));
            assertThat(refused.error().code()).isEqualTo("AccessDenied");
        }
        Map<String, String> offset = Map.of("x-amz-write-offset-bytes", Integer.toString(SECOND.length));
        S3Exception refused = catchThrowableOfType(
                S3Exception.class, () -> bed.send("PUT", "/blocking/object", all(key, offset), SECOND));
        assertThat(refused.error().code()).isEqualTo("AccessDenied");
        assertThat(StoreTestBed.bytes(bed.send("GET", "/blocking/object", key, NONE)))
                .isEqualTo(SECOND);
    }

    @Test
    void anUploadForAKeyThatTheKeyManagerDoesNotHaveIsNotBegun() {
        Map<String, String> absent = Map.of("x-amz-server-side-encryption-aws-kms-key-id", KnownKeys.ABSENT);

        refuses(
                () -> begin("absent", all(Sse.KMS.write(), absent)),
                "KMS.NotFoundException",
                "The key manager has no such key.");
        Bucket bucket = bed.buckets.findFresh(new BucketName("bucket")).orElseThrow();
        KeyRange all = new KeyRange(NONE, true, Optional.empty());
        assertThat(bed.uploads.scan(bucket, all, Optional.empty(), 1000))
                .noneMatch(upload -> upload.key().equals(ObjectKey.of("absent")));
    }

    private static S3Response part(String upload, int number, byte[] content, Map<String, String> headers) {
        return bed.send("PUT", "/bucket/k?partNumber=" + number + "&uploadId=" + upload, headers, content);
    }

    private static S3Response copy(String upload, String source, Map<String, String> headers) {
        return bed.send(
                "PUT",
                "/bucket/k?partNumber=1&uploadId=" + upload,
                all(Map.of("x-amz-copy-source", "/bucket/" + source), headers),
                NONE);
    }

    private static String begin(String key, Map<String, String> headers) throws IOException {
        return idOf(bed.send("POST", "/bucket/" + key + "?uploads", headers, NONE));
    }

    private static String idOf(S3Response begun) throws IOException {
        String text = new String(StoreTestBed.bytes(begun), StandardCharsets.UTF_8);
        return text.substring(text.indexOf("<UploadId>") + 10, text.indexOf("</UploadId>"));
    }

    private static S3Response complete(String upload, byte[] list, Map<String, String> headers) {
        S3Response completed = bed.send("POST", "/bucket/k?uploadId=" + upload, headers, list);
        assertThat(completed.status()).isEqualTo(200);
        return completed;
    }

    private static byte[] list(S3Response... parts) {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < parts.length; i++) {
            list.append(element(i + 1, parts[i].headers().get("ETag").replace("\"", "")));
        }
        return document(list.toString());
    }

    private static byte[] document(String list) {
        return ("<CompleteMultipartUpload>" + list + "</CompleteMultipartUpload>").getBytes(StandardCharsets.UTF_8);
    }

    private static void store(String key, byte[] content, Sse sse) {
        bed.send("PUT", "/bucket/" + key, sse.write(), content);
    }

    private static byte[] read(String key, Sse sse) throws IOException {
        return StoreTestBed.bytes(bed.send("GET", "/bucket/" + key, sse.use(), NONE));
    }

    private static void refuses(ThrowingCallable request, String code, String message) {
        S3Exception refused = catchThrowableOfType(S3Exception.class, request);
        assertThat(refused).as("nothing was refused").isNotNull();
        assertThat(refused.error().code()).isEqualTo(code);
        assertThat(refused.getMessage()).isEqualTo(message);
    }
}
