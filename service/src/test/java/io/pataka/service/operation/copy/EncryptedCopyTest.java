package io.pataka.service.operation.copy;

import static io.pataka.service.testing.Sse.all;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pataka.service.encryption.KeysUnavailableException;
import io.pataka.service.encryption.KnownKeys;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.Owner;
import io.pataka.service.model.StoredForm;
import io.pataka.service.model.StoredForm.Encrypted;
import io.pataka.service.operation.StoreTestBed;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.testing.Changes;
import io.pataka.service.testing.Sse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Copies between objects of all ways to encrypt. A copy shares the bytes of its source where it can. */
final class EncryptedCopyTest {

    private static final byte[] NONE = {};
    private static final byte[] BODY = new byte[150_000];

    static {
        new Random(1).nextBytes(BODY);
    }

    @TempDir
    private static Path folder;

    private static StoreTestBed bed;
    private static Bucket bucket;

    @BeforeAll
    static void open() throws IOException {
        bed = new StoreTestBed(folder, UnaryOperator.identity(), UnaryOperator.identity(), UnaryOperator.identity());
        bucket = bed.bucket("bucket");
    }

    @AfterAll
    static void close() {
        bed.close();
    }

    @BeforeEach
    void removeFormerObjects() {
        for (String key : new String[] {"source", "copy"}) {
            bed.send("DELETE", "/bucket/" + key, Map.of(), NONE);
        }
    }

    static Stream<Arguments> pairs() {
        return Arrays.stream(Sse.values())
                .flatMap(from -> Arrays.stream(Sse.values()).map(to -> Arguments.of(from, to)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aCopyHasTheBytesOfItsSourceAndTheEncryptionThatWasAskedFor(Sse from, Sse to) throws IOException {
        put("source", from);
        long before = bed.blobFiles();

        S3Response copied = copy("copy", from.source(), to.write());

        assertThat(copied.headers()).containsAllEntriesOf(to.answer());
        if (to == Sse.NONE) {
            assertThat(copied.headers().keySet()).noneMatch(name -> name.contains("encryption"));
        }
        assertThat(read("copy", to)).isEqualTo(BODY);
        boolean shares =
                from == Sse.NONE ? to == Sse.NONE : to != Sse.NONE && (to.isCustomers() || !from.isCustomers());
        assertThat(bed.blobFiles() - before).as("new blobs").isEqualTo(shares ? 0 : 1);
        boolean md5 = etag("copy").equals(DigestUtils.md5Hex(BODY));
        assertThat(md5).as("the entity tag is the MD5").isEqualTo(!to.isCustomers());
        assertThat(new String(StoreTestBed.bytes(copied), US_ASCII)).contains("&quot;" + etag("copy") + "&quot;");
    }

    /** The bytes are those of the source, but the wrapped key is the copy's own. */
    @Test
    void aCopyIsReadableAfterItsSourceIsGone() throws IOException {
        put("source", Sse.CUSTOMER);
        copy("copy", Sse.CUSTOMER.source(), Sse.OTHER_CUSTOMER.write());

        bed.send("DELETE", "/bucket/source", Map.of(), NONE);

        assertThat(read("copy", Sse.OTHER_CUSTOMER)).isEqualTo(BODY);
        refuses(() -> read("copy", Sse.CUSTOMER), "InvalidArgument");
    }

    @ParameterizedTest
    @EnumSource(
            value = Sse.class,
            names = {"NONE", "S3", "KMS"})
    void aKeyForASourceWithoutOneIsRefused(Sse from) throws IOException {
        put("source", from);

        refusesAndStoresNothing(() -> copy("copy", Sse.CUSTOMER.source(), Map.of()), "InvalidRequest");
    }

    @Test
    void aSourceIsNotReadWithoutItsKey() throws IOException {
        put("source", Sse.CUSTOMER);

        for (Sse to : Sse.values()) {
            refusesAndStoresNothing(() -> copy("copy", Map.of(), to.write()), "InvalidRequest");
            refusesAndStoresNothing(() -> copy("copy", Sse.OTHER_CUSTOMER.source(), to.write()), "InvalidArgument");
        }
    }

    @Test
    void aCopyForAKeyThatCannotBeUsedIsRefused() throws IOException {
        put("source", Sse.S3);
        String header = "x-amz-server-side-encryption-aws-kms-key-id";

        refusesAndStoresNothing(
                () -> copy("copy", Map.of(header, KnownKeys.ABSENT), Map.of("x-amz-server-side-encryption", "aws:kms")),
                "KMS.NotFoundException");
        refusesAndStoresNothing(
                () -> copy(
                        "copy", Map.of(header, KnownKeys.OF_OTHERS), Map.of("x-amz-server-side-encryption", "aws:kms")),
                "AccessDenied");
    }

    @Test
    void anObjectIsCopiedOntoItselfToChangeItsEncryption() throws IOException {
        put("source", Sse.NONE);
        refuses(() -> copy("source", Map.of(), Map.of()), "InvalidRequest");

        copy("source", Map.of(), Sse.S3.write());
        assertThat(mode("source")).isEqualTo("S3");
        copy("source", Map.of(), Sse.CUSTOMER.write());
        assertThat(mode("source")).isEqualTo("CUSTOMER");
        copy("source", Sse.CUSTOMER.source(), Sse.OTHER_CUSTOMER.write());

        assertThat(read("source", Sse.OTHER_CUSTOMER)).isEqualTo(BODY);
    }

    /** What the bytes of the copy are encrypted with is not what the source's are, so they are read and written. */
    @Test
    void aCopyInAnotherStorageClassIsWritten() throws IOException {
        put("source", Sse.S3);
        long before = bed.blobFiles();

        copy("copy", Map.of("x-amz-storage-class", StoreTestBed.COLD), Sse.S3.write());

        assertThat(bed.blobFiles() - before).isEqualTo(1);
        assertThat(read("copy", Sse.S3)).isEqualTo(BODY);
    }

    /** The owner of each bucket must have been given the right to use its key. */
    @Test
    void theKeysOfSourceAndCopyAreAskedForTheProjectsThatOwnTheirBuckets() throws IOException {
        Bucket theirs = bed.bucket("theirs", new Owner("project-2", "others"));
        String policy = "{\"Statement\": {\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"s3:*\","
                + " \"Resource\": [\"arn:aws:s3:::theirs\", \"arn:aws:s3:::theirs/*\"]}}";
        bed.buckets.putDocument(theirs, DocumentKind.POLICY, policy, Changes.any());
        bed.send("PUT", "/theirs/k", Sse.KMS.write(), BODY);
        bed.keys.questions();

        bed.send("PUT", "/bucket/copy", all(Map.of("x-amz-copy-source", "/theirs/k"), Sse.OTHER_KMS.write()), NONE);

        assertThat(bed.keys.questions()).containsExactly("testkey-1 for project-2", "testkey-2 for project-1");
        assertThat(read("copy", Sse.OTHER_KMS)).isEqualTo(BODY);
        assertThat(bed.keys.questions()).containsOnly("testkey-2 for project-1");
    }

    @Test
    void aCopyIsEncryptedAsItsBucketSaysIfTheRequestDoesNot() throws IOException {
        put("source", Sse.CUSTOMER);
        Bucket standard = bed.bucket("standard");
        String kms = "{\"mode\":\"KMS\",\"key\":\"testkey-2\"}";
        bed.buckets.putDocument(standard, DocumentKind.ENCRYPTION, kms, Changes.any());

        S3Response copied = bed.send(
                "PUT",
                "/standard/copy",
                all(Map.of("x-amz-copy-source", "/bucket/source"), Sse.CUSTOMER.source()),
                NONE);

        assertThat(copied.headers()).containsAllEntriesOf(Sse.OTHER_KMS.answer());
        assertThat(bed.read("/standard/copy")).isEqualTo(BODY);
    }

    @Test
    void aCopyIsNotMadeWhileTheKeyManagerDoesNotAnswer() throws IOException {
        put("source", Sse.S3);
        long before = bed.blobFiles();
        Map<String, String> outOfReach =
                all(Sse.KMS.write(), Map.of("x-amz-server-side-encryption-aws-kms-key-id", KnownKeys.OUT_OF_REACH));

        assertThatThrownBy(() -> copy("copy", Map.of(), outOfReach)).isInstanceOf(KeysUnavailableException.class);

        assertThat(bed.blobFiles()).isEqualTo(before);
    }

    private static void put(String key, Sse sse) {
        bed.send("PUT", "/bucket/" + key, sse.write(), BODY);
    }

    private static S3Response copy(String key, Map<String, String> some, Map<String, String> more) {
        return bed.send("PUT", "/bucket/" + key, all(Map.of("x-amz-copy-source", "/bucket/source"), some, more), NONE);
    }

    private static byte[] read(String key, Sse sse) throws IOException {
        return StoreTestBed.bytes(bed.send("GET", "/bucket/" + key, sse.use(), NONE));
    }

    private static ObjectVersion version(String key) {
        return bed.index.current(bucket, ObjectKey.of(key)).orElseThrow();
    }

    private static String etag(String key) {
        return version(key).etag().value();
    }

    private static StoredForm form(String key) {
        ObjectFacts facts = version(key).facts();
        return facts.form();
    }

    private static String mode(String key) {
        return ((Encrypted) form(key)).envelope().mode().name();
    }

    private static void refusesAndStoresNothing(ThrowingCallable request, String code) throws IOException {
        long before = bed.blobFiles();
        refuses(request, code);
        assertThat(bed.blobFiles()).isEqualTo(before);
        assertThat(bed.index.current(bucket, ObjectKey.of("copy"))).isEmpty();
    }

    private static void refuses(ThrowingCallable request, String code) {
        S3Exception refused = catchThrowableOfType(S3Exception.class, request);
        assertThat(refused).as("nothing was refused").isNotNull();
        assertThat(refused.error().code()).isEqualTo(code);
    }
}
