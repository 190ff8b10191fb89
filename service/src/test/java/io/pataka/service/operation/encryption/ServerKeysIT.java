package io.pataka.service.operation.encryption;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.protocol.form.FormBody;
import io.pataka.service.testing.NewBucket;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import io.pataka.service.testing.ServerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SSE-S3, SSE-KMS and the encryption of buckets over the wire, with keys in files, a real database and real files of content. */
class ServerKeysIT {

    private static final String SSE = "x-amz-server-side-encryption";
    private static final String KEY_ID = SSE + "-aws-kms-key-id";
    private static final String KEY = "testkey-1";

    @RegisterExtension
    static final S3Server SERVER = S3Server.edited(ServerKeysIT::addKeys);

    private final S3Connection wire;
    private final String bucket;

    ServerKeysIT(S3Connection wire, @NewBucket String bucket) {
        this.wire = wire;
        this.bucket = bucket;
    }

    private static void addKeys(Path settings) throws IOException {
        Path keys = settings.resolveSibling("kms.yml");
        Files.createFile(keys, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(keys, KEY + ": " + Base64.getEncoder().encodeToString(bytes(32)) + "\n");
        ServerSettings.replace(settings, "encryption: {", "encryption: {kms: {keysFile: '" + keys + "'}, ");
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static Map<String, String> asked(String mode) {
        return mode.equals("AES256") ? Map.of(SSE, mode) : Map.of(SSE, mode, KEY_ID, KEY);
    }

    private String target() {
        return "/" + bucket + "/key";
    }

    private Reply put(byte[] bytes, Map<String, String> headers) throws IOException {
        return wire.call("PUT", target(), headers, Body.of(bytes));
    }

    private void configure(String subresource, String document) throws IOException {
        Reply set =
                wire.call("PUT", "/" + bucket + "?" + subresource + "=", Map.of(), Body.of(document.getBytes(UTF_8)));
        assertThat(set.status()).as(set.text()).isBetween(200, 204);
    }

    private void encryptByDefault(String content) throws IOException {
        configure(
                "encryption",
                "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>" + content
                        + "</ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>");
    }

    @ParameterizedTest
    @CsvSource({
        "AES256, 0",
        "AES256, 13",
        "AES256, 65520",
        "AES256, 1000003",
        "aws:kms, 0",
        "aws:kms, 1",
        "aws:kms, 200000"
    })
    void whatIsWrittenIsRead(String mode, int length) throws Exception {
        byte[] bytes = bytes(length);
        Reply put = put(bytes, asked(mode));
        assertThat(put.headersOf(SSE)).isEqualTo(asked(mode));
        assertThat(put.header("etag")).contains('"' + DigestUtils.md5Hex(bytes) + '"');

        Reply get = wire.call("GET", target());
        assertThat(get.body()).isEqualTo(bytes);
        assertThat(get.headersOf(SSE)).isEqualTo(asked(mode));
        assertThat(get.header("etag")).isEqualTo(put.header("etag"));
        Reply head = wire.call("HEAD", target());
        assertThat(head.headersOf(SSE)).isEqualTo(asked(mode));
        assertThat(head.header("content-length")).contains(Integer.toString(length));
        assertThat(wire.call("GET", "/" + bucket + "?list-type=2").text()).contains("<Size>" + length + "</Size>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AES256", "aws:kms"})
    void aRangeIsRead(String mode) throws Exception {
        byte[] bytes = bytes(200_000);
        put(bytes, asked(mode));
        Reply get = wire.call("GET", target(), Map.of("Range", "bytes=65519-131040"), Body.NONE);
        assertThat(get.status()).isEqualTo(206);
        assertThat(get.body()).isEqualTo(Arrays.copyOfRange(bytes, 65_519, 131_041));
        assertThat(get.headersOf(SSE)).isEqualTo(asked(mode));
    }

    @ParameterizedTest
    @ValueSource(strings = {"AES256", "aws:kms"})
    void theFileDoesNotHaveWhatWasWritten(String mode) throws Exception {
        String text = "this text is written to the volume as ciphertext";
        Path file = SERVER.fileOf(() -> put(text.getBytes(UTF_8), asked(mode)));
        assertThat(new String(Files.readAllBytes(file), ISO_8859_1))
                .doesNotContain(text)
                .doesNotContain(DigestUtils.md5Hex(text));
    }

    @Test
    void anUnknownKeyIsRefused() throws Exception {
        Reply refused = put(bytes(10), Map.of(SSE, "aws:kms", KEY_ID, "other"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("<Code>KMS.NotFoundException</Code>");
        assertThat(wire.call("GET", target()).status()).isEqualTo(404);
    }

    @Test
    void theStandardOfTheBucketCountsForFormsToo() throws Exception {
        encryptByDefault("<SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>" + KEY + "</KMSMasterKeyID>");
        assertThat(put(bytes(10), Map.of()).headersOf(SSE)).isEqualTo(asked("aws:kms"));

        byte[] form = FormBody.of(Map.of("key", "posted")).file("f", "meow").bytes();
        Reply posted = wire.call(
                "POST",
                "/" + bucket,
                Map.of("Content-Type", FormBody.MEDIA_TYPE, "x-amz-content-sha256", DigestUtils.sha256Hex(form)),
                Body.of(form));
        assertThat(posted.status()).as(posted.text()).isEqualTo(204);
        assertThat(posted.headersOf(SSE)).isEqualTo(asked("aws:kms"));
        Reply get = wire.call("GET", "/" + bucket + "/posted");
        assertThat(get.text()).isEqualTo("meow");
        assertThat(get.headersOf(SSE)).isEqualTo(asked("aws:kms"));
    }

    private void deny(String condition) throws IOException {
        configure("policy", """
                {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject",
                 "Resource": "arn:aws:s3:::%s/*", "Condition": %s}}
                """.formatted(bucket, condition));
    }

    /** Amazon's policies that require encryption look at the headers of the request, and not at the standard of the bucket. */
    @Test
    void aPolicyJudgesTheRequestAlone() throws Exception {
        encryptByDefault("<SSEAlgorithm>AES256</SSEAlgorithm>");
        deny("{\"Null\": {\"s3:x-amz-server-side-encryption\": \"true\"}}");
        assertThat(put(bytes(10), Map.of()).status()).isEqualTo(403);
        assertThat(put(bytes(10), asked("AES256")).status()).isEqualTo(200);
        assertThat(put(bytes(10), asked("aws:kms")).status()).isEqualTo(200);
    }

    @Test
    void aPolicyMayRequireAKey() throws Exception {
        deny("{\"StringNotEquals\": {\"s3:x-amz-server-side-encryption-aws-kms-key-id\": \"" + KEY + "\"}}");
        assertThat(put(bytes(10), asked("AES256")).status()).isEqualTo(403);
        assertThat(put(bytes(10), Map.of(SSE, "aws:kms", KEY_ID, "other")).status())
                .isEqualTo(403);
        assertThat(put(bytes(10), asked("aws:kms")).status()).isEqualTo(200);
    }

    /** A policy refuses before the headers are checked. */
    @Test
    void aPolicyMayRequireCustomersKeys() throws Exception {
        deny("{\"StringNotEquals\": {\"s3:x-amz-server-side-encryption-customer-algorithm\": \"AES256\"}}");
        assertThat(put(bytes(10), Map.of()).status()).isEqualTo(403);
        assertThat(put(bytes(10), Map.of(SSE + "-customer-algorithm", "AES192")).status())
                .isEqualTo(403);
        assertThat(put(bytes(10), CustomerHeaders.FIRST.headers()).status()).isEqualTo(200);
    }
}
