package io.pataka.service.operation.encryption;

import static io.pataka.service.testing.Sse.all;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pataka.service.encryption.KnownKeys;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.StoredForm;
import io.pataka.service.model.StoredForm.Encrypted;
import io.pataka.service.operation.InterruptedIndex;
import io.pataka.service.operation.StoreTestBed;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.testing.Sse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class UpdateObjectEncryptionTest {

    private static final byte[] NONE = {};
    private static final String CONTEXT = Base64.getEncoder().encodeToString("{\"a\":\"b\"}".getBytes(UTF_8));

    @TempDir
    private static Path folder;

    private static StoreTestBed bed;
    private static Bucket bucket;

    /** What another client does after the object was looked up. */
    private static final InterruptedIndex INDEX = new InterruptedIndex();

    @BeforeAll
    static void open() throws IOException {
        bed = new StoreTestBed(folder, UnaryOperator.identity(), INDEX::around, UnaryOperator.identity());
        bucket = bed.bucket("bucket");
    }

    @AfterAll
    static void close() {
        bed.close();
    }

    @BeforeEach
    void nothingMeanwhile() {
        INDEX.meanwhile(null);
    }

    @ParameterizedTest
    @EnumSource(
            value = Sse.class,
            names = {"S3", "KMS", "OTHER_KMS"})
    void theDataKeyIsWrappedWithAnotherKeyAndAllElseStays(Sse sse) throws IOException {
        put(all(sse.write(), Map.of("x-amz-meta-a", "1", "x-amz-tagging", "t=1", "Content-Type", "text/a")));
        ObjectVersion before = version();
        long blobs = bed.blobFiles();

        update(document(KnownKeys.SECOND, "<BucketKeyEnabled>true</BucketKeyEnabled>"));

        Map<String, String> answer =
                bed.send("HEAD", "/bucket/k", Map.of(), NONE).headers();
        assertThat(answer)
                .containsAllEntriesOf(Sse.OTHER_KMS.answer())
                .containsEntry("x-amz-server-side-encryption-bucket-key-enabled", "true");
        assertThat(new String(bed.read("/bucket/k"), UTF_8)).isEqualTo("content");
        assertThat(bed.blobFiles()).isEqualTo(blobs);
        ObjectVersion after = version();
        assertThat(after.withFacts(after.facts().withForm(StoredForm.PLAIN)))
                .isEqualTo(before.withFacts(before.facts().withForm(StoredForm.PLAIN)));
    }

    @Test
    void theEncryptionContextStays() throws IOException {
        put(all(Sse.KMS.write(), Map.of("x-amz-server-side-encryption-context", CONTEXT)));

        update(document(KnownKeys.SECOND, ""));

        assertThat(((Encrypted) version().facts().form()).envelope().context()).contains(CONTEXT);
        assertThat(new String(bed.read("/bucket/k"), UTF_8)).isEqualTo("content");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NONE     | The UpdateObjectEncryption operation doesn't supported unencrypted source objects. Only source objects"
                        + " encrypted with SSE-S3 or SSE-KMS are supported.",
                "CUSTOMER | The UpdateObjectEncryption operation doesn't support source objects with the encryption type DSSE-KMS or"
                        + " SSE-C. Only source objects encrypted with SSE-S3 or SSE-KMS are supported."
            })
    void anObjectWithoutAKeyOfTheServiceIsRefused(Sse sse, String message) {
        put(sse.write());

        refuses(document(KnownKeys.SECOND, ""), "InvalidRequest", message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<SSE-S3/>                                       | InvalidRequest | a valid new encryption type",
                "''                                              | InvalidRequest | a valid new encryption type",
                "<SSE-C/>                                        | InvalidRequest | doesn't support updating the encryption type",
                "<DSSE-KMS/>                                     | InvalidRequest | doesn't support updating the encryption type",
                "<SSE-KMS/>                                      | InvalidRequest | require an AWS KMS key Amazon",
                "<SSE-KMS><KMSKeyArn/></SSE-KMS>                 | InvalidRequest | require an AWS KMS key Amazon",
                "<SSE-KMS><KMSKeyArn>a b</KMSKeyArn></SSE-KMS>   | InvalidRequest | require a valid AWS KMS key",
                "<SSE-KMS><KMSKeyArn>k</KMSKeyArn><BucketKeyEnabled>x</BucketKeyEnabled></SSE-KMS> | InvalidRequest |"
                        + " The BucketKeyEnabled value isn't valid",
                "<SSE-KMS><KMSKeyArn>k</KMSKeyArn><KMSKeyArn>k</KMSKeyArn></SSE-KMS> | MalformedXML | XML",
                "<SSE-KMS><KMSKeyArn>k</KMSKeyArn><Other/></SSE-KMS>                 | MalformedXML | XML",
                "<SSE-KMS><KMSKeyArn>absent</KMSKeyArn></SSE-KMS>    | KMS.NotFoundException | no such key",
                "<SSE-KMS><KMSKeyArn>of-others</KMSKeyArn></SSE-KMS> | AccessDenied          | cannot be used"
            })
    void anUpdateThatCannotBeMadeChangesNothing(String content, String code, String message) {
        put(Sse.S3.write());
        ObjectVersion before = version();

        refuses("<ObjectEncryption>" + content + "</ObjectEncryption>", code, message);

        assertThat(version()).isEqualTo(before);
    }

    /** A project that may delete the new key could make a locked version unreadable. */
    @ParameterizedTest
    @CsvSource({
        "x-amz-object-lock-legal-hold, ON,         '',                                  ''",
        "x-amz-object-lock-mode,       GOVERNANCE, x-amz-object-lock-retain-until-date, 2140-01-01T00:00:00Z",
        "x-amz-object-lock-mode,       COMPLIANCE, x-amz-object-lock-retain-until-date, 2140-01-01T00:00:00Z"
    })
    void aLockedVersionKeepsItsKey(String header, String value, String second, String secondValue) {
        Bucket vault = bed.lockingBucket("vault-" + value.toLowerCase(Locale.ROOT));
        byte[] content = "content".getBytes(UTF_8);
        Map<String, String> lock =
                second.isEmpty() ? Map.of(header, value) : Map.of(header, value, second, secondValue);
        bed.send("PUT", "/" + vault.name() + "/k", all(Sse.S3.write(), lock, digest(content)), content);
        ObjectVersion before = bed.index.current(vault, ObjectKey.of("k")).orElseThrow();

        S3Exception refused = catchThrowableOfType(
                S3Exception.class, () -> update("/" + vault.name() + "/k?encryption", document(KnownKeys.SECOND, "")));

        assertThat(refused.error().code()).isEqualTo("AccessDenied");
        assertThat(bed.index.current(vault, ObjectKey.of("k"))).contains(before);
        bed.send("PUT", "/" + vault.name() + "/k", Sse.S3.write(), content);
        update("/" + vault.name() + "/k?encryption", document(KnownKeys.SECOND, ""));
    }

    @Test
    void aDocumentWithoutADigestIsRefused() {
        put(Sse.S3.write());

        S3Exception refused = catchThrowableOfType(
                S3Exception.class,
                () -> bed.send(
                        "PUT",
                        "/bucket/k?encryption",
                        Map.of(),
                        document(KnownKeys.SECOND, "").getBytes(UTF_8)));

        assertThat(refused.error().code()).isEqualTo("InvalidRequest");
    }

    @Test
    void aRequestWithASignatureOfVersion2IsRefused() {
        put(Sse.S3.write());
        byte[] body = document(KnownKeys.SECOND, "").getBytes(UTF_8);

        S3Exception refused = catchThrowableOfType(
                S3Exception.class,
                () -> bed.send(
                        "PUT",
                        "/bucket/k?encryption",
                        all(digest(body), Map.of("Authorization", "AWS key:signature")),
                        body));

        assertThat(refused.getMessage()).contains("require AWS Signature Version 4");
    }

    /** Else the object would have the wrapped data key of the one that was replaced, and never be read again. */
    @Test
    void anObjectThatWasReplacedMeanwhileKeepsItsKey() throws IOException {
        put(Sse.S3.write());
        INDEX.meanwhile(() -> put(Sse.S3.write()));

        refuses(document(KnownKeys.SECOND, ""), "OperationAborted", "conflicting");

        assertThat(new String(bed.read("/bucket/k"), UTF_8)).isEqualTo("content");
    }

    @Test
    void thereMustBeAnObject() {
        S3Exception refused = catchThrowableOfType(
                S3Exception.class, () -> update("/bucket/missing?encryption", document(KnownKeys.SECOND, "")));

        assertThat(refused.error().code()).isEqualTo("NoSuchKey");
    }

    private static String document(String key, String more) {
        return "<ObjectEncryption xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><SSE-KMS><KMSKeyArn>" + key
                + "</KMSKeyArn>" + more + "</SSE-KMS></ObjectEncryption>";
    }

    private static void put(Map<String, String> headers) {
        bed.send("PUT", "/bucket/k", headers, "content".getBytes(UTF_8));
    }

    private static void update(String document) {
        update("/bucket/k?encryption", document);
    }

    private static void update(String target, String document) {
        byte[] body = document.getBytes(UTF_8);
        assertThat(bed.send("PUT", target, digest(body), body).status()).isEqualTo(200);
    }

    private static Map<String, String> digest(byte[] body) {
        return Map.of("Content-MD5", Base64.getEncoder().encodeToString(DigestUtils.md5(body)));
    }

    private static ObjectVersion version() {
        Optional<ObjectVersion> version = bed.index.current(bucket, ObjectKey.of("k"));
        return version.orElseThrow();
    }

    private static void refuses(String document, String code, String message) {
        S3Exception refused = catchThrowableOfType(S3Exception.class, () -> update(document));
        assertThat(refused).as("nothing was refused").isNotNull();
        assertThat(refused.error().code()).isEqualTo(code);
        assertThat(refused.getMessage()).contains(message);
    }
}
