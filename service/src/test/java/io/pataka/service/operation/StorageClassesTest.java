package io.pataka.service.operation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pataka.service.access.ServiceRole;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.Content;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.objects.StorageClassMover;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.testing.Changes;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests may name a storage class, and which responses tell that of an object. */
final class StorageClassesTest {

    private static final String CLASS = "x-amz-storage-class";
    private static final byte[] BODY = "content".getBytes(UTF_8);
    private static final byte[] NONE = {};

    @TempDir
    private Path folder;

    private StoreTestBed bed;
    private Bucket bucket;
    private Runnable afterTheNextLookUp = () -> {};

    @BeforeEach
    void open() throws IOException {
        bed = new StoreTestBed(folder, UnaryOperator.identity(), this::interrupted, UnaryOperator.identity());
        bucket = bed.bucket("bucket");
    }

    @AfterEach
    void close() {
        bed.close();
    }

    /** Something else happens after a request has looked up a current object. */
    private ObjectIndex interrupted(ObjectIndex real) {
        return (ObjectIndex) Proxy.newProxyInstance(
                ObjectIndex.class.getClassLoader(), new Class<?>[] {ObjectIndex.class}, (proxy, method, values) -> {
                    try {
                        Object result = method.invoke(real, values);
                        if (method.getName().equals("current")) {
                            Runnable now = afterTheNextLookUp;
                            afterTheNextLookUp = () -> {};
                            now.run();
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private ObjectVersion current(String key) {
        return bed.index.current(bucket, ObjectKey.of(key)).orElseThrow();
    }

    private S3Response put(String key, Map<String, String> headers) {
        return bed.send("PUT", "/bucket/" + key, headers, BODY);
    }

    private XmlElement xml(String target, String root) throws IOException {
        return XmlElement.parse(bed.read(target), root);
    }

    private String begin(String key, Map<String, String> headers) throws IOException {
        S3Response begun = bed.send("POST", "/bucket/" + key + "?uploads", headers, NONE);
        return XmlElement.parse(StoreTestBed.bytes(begun), "InitiateMultipartUploadResult")
                .requiredText("UploadId");
    }

    private void complete(String key, String upload) {
        String tag = DigestUtils.md5Hex(BODY);
        bed.send("PUT", "/bucket/" + key + "?partNumber=1&uploadId=" + upload, Map.of(), BODY);
        bed.send(
                "POST",
                "/bucket/" + key + "?uploadId=" + upload,
                Map.of(),
                ("<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + tag
                                + "</ETag></Part></CompleteMultipartUpload>")
                        .getBytes(UTF_8));
    }

    private void move(String key, String storageClass) {
        move(current(key), storageClass);
    }

    private void move(ObjectVersion version, String storageClass) {
        StorageClassMover mover = new StorageClassMover(bed.index, bed.moves, bed.copier, bed.retry);
        try {
            assertThat(mover.move(bucket, version, storageClass, new ServiceRole("lifecycle").permit(bucket))
                            .refusal())
                    .isEmpty();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Every request with which a client writes an object. */
    private Stream<Write> writes() {
        return Stream.of(
                this::put,
                (key, headers) ->
                        bed.send("PUT", "/bucket/" + key, with(headers, "x-amz-copy-source", "/bucket/source"), NONE),
                (key, headers) -> bed.send(S3Operation.POST_OBJECT, "/bucket/" + key, "", headers, BODY),
                (key, headers) -> bed.send("PUT", "/bucket/" + key + "?append&position=0", headers, BODY),
                (key, headers) ->
                        bed.send("PUT", "/bucket/" + key, with(headers, "x-amz-write-offset-bytes", "0"), BODY),
                (key, headers) -> {
                    complete(key, begin(key, headers));
                    return S3Response.ok();
                });
    }

    /** Writes an object with these headers. */
    private interface Write {
        S3Response send(String key, Map<String, String> headers) throws IOException;
    }

    private static Map<String, String> with(Map<String, String> headers, String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return more;
    }

    @Test
    void everyWriteMayNameAClassAndEveryReadTellsIt() throws IOException {
        put("source", Map.of());
        for (Write write : writes().toList()) {
            write.send("k", Map.of(CLASS, StoreTestBed.COLD));

            assertTold("k", StoreTestBed.COLD);
            assertThat(bed.read("/bucket/k")).isEqualTo(BODY);
            bed.send("DELETE", "/bucket/k", Map.of(), NONE);
            write.send("k", Map.of());
            assertTold("k", "STANDARD");
            bed.send("DELETE", "/bucket/k", Map.of(), NONE);
        }
    }

    /** Amazon sends no header for STANDARD. */
    private void assertTold(String key, String storageClass) throws IOException {
        for (String method : List.of("GET", "HEAD")) {
            assertThat(bed.send(method, "/bucket/" + key, Map.of(), NONE)
                            .headers()
                            .get(CLASS))
                    .isEqualTo(storageClass.equals("STANDARD") ? null : storageClass);
        }
        assertThat(xml("/bucket?list-type=2&prefix=" + key, "ListBucketResult")
                        .required("Contents")
                        .requiredText("StorageClass"))
                .isEqualTo(storageClass);
        assertThat(xml("/bucket?prefix=" + key, "ListBucketResult")
                        .required("Contents")
                        .requiredText("StorageClass"))
                .isEqualTo(storageClass);
        assertThat(xml("/bucket?versions&prefix=" + key, "ListVersionsResult")
                        .required("Version")
                        .requiredText("StorageClass"))
                .isEqualTo(storageClass);
        S3Response attributes = bed.send(
                "GET", "/bucket/" + key + "?attributes", Map.of("x-amz-object-attributes", "StorageClass"), NONE);
        assertThat(XmlElement.parse(StoreTestBed.bytes(attributes), "GetObjectAttributesResponse")
                        .requiredText("StorageClass"))
                .isEqualTo(storageClass);
    }

    @Test
    void anUploadTellsTheClassOfItsObject() throws IOException {
        String upload = begin("k", Map.of(CLASS, StoreTestBed.COLD));

        assertThat(xml("/bucket/k?uploadId=" + upload, "ListPartsResult").requiredText("StorageClass"))
                .isEqualTo(StoreTestBed.COLD);
        assertThat(xml("/bucket?uploads", "ListMultipartUploadsResult")
                        .required("Upload")
                        .requiredText("StorageClass"))
                .isEqualTo(StoreTestBed.COLD);
    }

    @ParameterizedTest
    @ValueSource(strings = {StoreTestBed.FROZEN, "UNKNOWN", "standard"})
    void clientsCannotNameAClassOfTransitionsOrNone(String storageClass) throws IOException {
        put("source", Map.of());
        long blobs = bed.blobFiles();
        for (Write write : writes().toList()) {
            S3Exception refusal =
                    catchThrowableOfType(S3Exception.class, () -> write.send("k", Map.of(CLASS, storageClass)));

            assertThat(refusal.error()).isEqualTo(S3Error.INVALID_STORAGE_CLASS);
            assertThat(refusal.details()).containsEntry("StorageClassRequested", storageClass);
        }
        assertThat(bed.blobFiles()).isEqualTo(blobs);
        assertThat(bed.index.current(bucket, ObjectKey.of("k"))).isEmpty();
    }

    private static Stream<Map<String, String>> encryptions() {
        return Stream.of(Map.of(), Map.of("x-amz-server-side-encryption", "AES256"));
    }

    /** All that clients see of a version but the class is the same before and after. */
    @ParameterizedTest
    @MethodSource("encryptions")
    void aTransitionChangesNothingThatClientsSeeButTheClass(Map<String, String> encryption) throws IOException {
        Map<String, String> headers = new HashMap<>(encryption);
        headers.put("x-amz-meta-a", "b");
        headers.put("x-amz-tagging", "c=d");
        headers.put("Content-Type", "text/plain");
        put("null", headers);
        bucket = bed.buckets
                .setVersioning(bucket, Versioning.ENABLED, Changes.any())
                .orElseThrow();
        put("noncurrent", headers);
        String noncurrent = "noncurrent?versionId=" + current("noncurrent").id().text();
        ObjectVersion old = current("noncurrent");
        put("noncurrent", Map.of());
        put("plain", headers);
        complete("parts", begin("parts", headers));
        Map<String, Map<String, String>> before = new TreeMap<>();
        List<String> targets =
                List.of("null", "null?versionId=null", noncurrent, "plain", "parts", "parts?partNumber=1");
        for (String target : targets) {
            before.put(target, seen(target));
        }

        for (String key : List.of("null", "plain", "parts")) {
            move(key, StoreTestBed.FROZEN);
        }
        move(old, StoreTestBed.FROZEN);

        for (String target : targets) {
            Map<String, String> after = new TreeMap<>(seen(target));
            assertThat(after.remove(CLASS)).as(target).isEqualTo(StoreTestBed.FROZEN);
            assertThat(after).as(target).isEqualTo(before.get(target));
        }
        for (String key : List.of("null", "plain", "parts")) {
            assertTold(key, StoreTestBed.FROZEN);
        }
        assertThat(bed.send("HEAD", "/bucket/noncurrent", Map.of(), NONE).headers())
                .doesNotContainKey(CLASS);
    }

    /** The headers of a HEAD, and the body of a GET. */
    private Map<String, String> seen(String target) throws IOException {
        Map<String, String> seen = new TreeMap<>(
                bed.send("HEAD", "/bucket/" + target, Map.of(), NONE).headers());
        seen.put("body", new String(bed.read("/bucket/" + target), UTF_8));
        return seen;
    }

    @Test
    void anObjectOfAClassOfTransitionsIsCopiedRenamedAndDeletedAsAnyOther() throws IOException {
        put("k", Map.of());
        move("k", StoreTestBed.FROZEN);

        bed.send("PUT", "/bucket/copy", Map.of("x-amz-copy-source", "/bucket/k"), NONE);
        assertTold("copy", "STANDARD");
        assertThat(bed.read("/bucket/copy")).isEqualTo(BODY);

        bed.send("PUT", "/bucket/renamed?renameObject", Map.of("x-amz-rename-source", "/bucket/k"), NONE);
        assertTold("renamed", StoreTestBed.FROZEN);
        assertThat(bed.read("/bucket/renamed")).isEqualTo(BODY);

        bed.send("PUT", "/bucket/renamed", Map.of("x-amz-copy-source", "/bucket/renamed", CLASS, "STANDARD"), NONE);
        assertTold("renamed", "STANDARD");
        bed.send("DELETE", "/bucket/renamed", Map.of(), NONE);
        assertThat(bed.index.current(bucket, ObjectKey.of("renamed"))).isEmpty();
    }

    private static Stream<Map<String, String>> appends() {
        return Stream.of(Map.of(), Map.of("x-amz-write-offset-bytes", "7"));
    }

    private S3Response append(Map<String, String> headers) {
        return bed.send(
                "PUT",
                headers.isEmpty() ? "/bucket/k?append&position=7" : "/bucket/k",
                headers,
                " more".getBytes(UTF_8));
    }

    @ParameterizedTest
    @MethodSource("appends")
    void anAppendGoesToTheClassOfTheObjectUnlessOnlyTransitionsWriteThere(Map<String, String> headers)
            throws IOException {
        bed.send("PUT", "/bucket/k?append&position=0", Map.of(), BODY);
        move("k", StoreTestBed.FROZEN);
        long blobs = bed.blobFiles();

        S3Exception refusal = catchThrowableOfType(S3Exception.class, () -> append(headers));
        assertThat(refusal.error()).isEqualTo(S3Error.INVALID_OBJECT_STATE);
        assertThat(refusal.details()).containsEntry("StorageClass", StoreTestBed.FROZEN);
        assertThat(bed.blobFiles()).isEqualTo(blobs);
        assertThat(bed.read("/bucket/k")).isEqualTo(BODY);

        move("k", StoreTestBed.COLD);
        append(headers);
        assertThat(bed.read("/bucket/k")).isEqualTo("content more".getBytes(UTF_8));
        assertTold("k", StoreTestBed.COLD);
        assertThat(volumes("k")).containsExactly(2, 2);
    }

    /** Otherwise the object would have blobs in two classes. */
    @ParameterizedTest
    @MethodSource("appends")
    void anAppendIsRefusedWhenItsObjectIsMovedMeanwhile(Map<String, String> headers) throws IOException {
        bed.send("PUT", "/bucket/k?append&position=0", Map.of(), BODY);
        afterTheNextLookUp = () -> move("k", StoreTestBed.COLD);

        S3Exception refusal = catchThrowableOfType(S3Exception.class, () -> append(headers));

        assertThat(refusal.error().status()).isEqualTo(409);
        assertThat(bed.read("/bucket/k")).isEqualTo(BODY);
        assertThat(volumes("k")).containsExactly(2);
        append(headers);
        assertThat(volumes("k")).containsExactly(2, 2);
    }

    /** The numbers of the volumes on which the blobs of an object are. */
    private List<Integer> volumes(String key) {
        ObjectVersion version = current(key);
        return version.content() instanceof Content.Parts parts
                ? bed.index.partsAfter(bucket.id(), parts, 0, 10).stream()
                        .map(part -> part.blob().store())
                        .toList()
                : List.of(((Content.Whole) version.content()).blob().store());
    }
}
