package io.pataka.service.operation.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.encryption.KeysUnavailableException;
import io.pataka.service.encryption.KnownKeys;
import io.pataka.service.operation.EncryptionRules;
import io.pataka.service.operation.TestPipeline;
import io.pataka.service.operation.TestPipeline.Call;
import io.pataka.service.operation.TestPipeline.Reply;
import io.pataka.service.operation.encryption.CustomerHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What requests about single objects say of encryption, and what they are answered. */
class EncryptedObjectTest {

    private static final String SSE = "x-amz-server-side-encryption";
    private static final String KEY_ID = SSE + "-aws-kms-key-id";
    private static final String CONTEXT = SSE + "-context";
    private static final String ALGORITHM = SSE + "-customer-algorithm";
    private static final String KEY_MD5 = SSE + "-customer-key-MD5";
    private static final String MEOW_ETAG = '"' + DigestUtils.md5Hex("meow") + '"';
    private static final List<String> READS = List.of("GET", "HEAD");

    private final TestPipeline pipeline = new TestPipeline();

    @BeforeEach
    void makeBucket() {
        pipeline.call("PUT", "/photos").send();
    }

    private Call put() {
        return pipeline.call("PUT", "/photos/cat").body("meow");
    }

    private Call call(String method) {
        return pipeline.call(method, "/photos/cat");
    }

    private Call attributes() {
        return pipeline.call("GET", "/photos/cat?attributes").header("x-amz-object-attributes", "ETag,ObjectSize");
    }

    private static void assertHeaders(Reply reply, Map<String, String> expected) {
        Map<String, String> found = new TreeMap<>(reply.response().headers());
        found.keySet().removeIf(name -> !name.startsWith(SSE));
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void aKeyOfTheServiceIsUsedWhenItIsAsked() {
        Map<String, String> answer = Map.of(SSE, "AES256");
        Reply put = put().header(SSE, "AES256").send();
        assertHeaders(put, answer);
        assertThat(put.header("ETag")).isEqualTo(MEOW_ETAG);

        Reply get = call("GET").send();
        assertThat(get.text()).isEqualTo("meow");
        assertHeaders(get, answer);
        assertHeaders(call("HEAD").send(), answer);
        assertHeaders(attributes().send(), Map.of());
        assertThat(call("GET").header("Range", "bytes=1-2").send().text()).isEqualTo("eo");
    }

    @Test
    void aKeyOfTheKeySourceIsUsedWhenItIsNamed() {
        Map<String, String> read = Map.of(SSE, "aws:kms", KEY_ID, KnownKeys.FIRST, SSE + "-bucket-key-enabled", "true");
        Reply put = put().header(SSE, "aws:kms")
                .header(KEY_ID, KnownKeys.FIRST)
                .header(SSE + "-bucket-key-enabled", "true")
                .header(CONTEXT, "eyJhIjoiYiJ9")
                .send();
        Map<String, String> written = new TreeMap<>(read);
        written.put(CONTEXT, "eyJhIjoiYiJ9");
        assertHeaders(put, written);
        assertThat(put.header("ETag")).isEqualTo(MEOW_ETAG);

        Reply get = call("GET").send();
        assertThat(get.text()).isEqualTo("meow");
        assertHeaders(get, read);
    }

    @Test
    void theKeySourceIsNotAskedForWhatNeedsNoBytes() {
        put().header(SSE, "aws:kms").header(KEY_ID, KnownKeys.FIRST).send();
        assertThat(pipeline.keys().wereAsked()).isTrue();

        call("HEAD").send();
        attributes().send();
        call("GET").header("If-None-Match", MEOW_ETAG).send();
        call("GET").header("If-Match", "\"other\"").refused();
        call("GET").header("Range", "bytes=10-").refused();
        assertThat(pipeline.keys().wereAsked()).isFalse();

        call("GET").send();
        assertThat(pipeline.keys().wereAsked()).isTrue();
    }

    @Test
    void aCustomersKeyMustComeWithEachRequest() {
        Map<String, String> answer = Map.of(ALGORITHM, "AES256", KEY_MD5, CustomerHeaders.FIRST.md5());
        Reply put = CustomerHeaders.FIRST.on(put()).send();
        assertHeaders(put, answer);
        assertThat(put.header("ETag")).isNotEqualTo(MEOW_ETAG).matches("\"[0-9a-f]{32}\"");

        for (String method : READS) {
            Reply read = CustomerHeaders.FIRST.on(call(method)).send();
            assertHeaders(read, answer);
            assertThat(read.header("ETag")).isEqualTo(put.header("ETag"));
            assertThat(read.header("Content-Length")).isEqualTo(method.equals("HEAD") ? "4" : null);
        }
        assertThat(CustomerHeaders.FIRST.on(call("GET")).send().text()).isEqualTo("meow");
        assertThat(CustomerHeaders.FIRST.on(attributes()).send().text()).contains("<ObjectSize>4</ObjectSize>");
        assertThat(call("DELETE").send().status()).isEqualTo(204);
    }

    @Test
    void withoutTheCustomersKeyNothingIsRead() {
        CustomerHeaders.FIRST.on(put()).send();
        for (Call read : List.of(
                call("GET"),
                call("HEAD"),
                attributes(),
                call("GET").header("Range", "bytes=0-1"),
                call("GET").header("If-None-Match", "\"other\""))) {
            S3Exception refused = read.refused();
            assertThat(refused.error()).isEqualTo(S3Error.INVALID_REQUEST);
            assertThat(refused)
                    .hasMessage(
                            "The object was stored using a form of Server Side Encryption. The correct parameters must"
                                    + " be provided to retrieve the object.");
        }
    }

    @Test
    void anotherCustomersKeyReadsNothing() {
        CustomerHeaders.FIRST.on(put()).send();
        for (Call read : List.of(call("GET"), call("HEAD"), attributes())) {
            S3Exception refused = CustomerHeaders.SECOND.on(read).refused();
            assertThat(refused.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
            assertThat(refused)
                    .hasMessage(
                            "Requests specifying Server Side Encryption with Customer provided keys must provide the"
                                    + " correct secret key.");
        }
    }

    @Test
    void anEmptyObjectIsNotReadWithAnotherCustomersKey() {
        CustomerHeaders.FIRST.on(put().body("")).send();
        assertThat(CustomerHeaders.FIRST.on(call("GET")).send().status()).isEqualTo(200);
        assertThat(CustomerHeaders.SECOND.on(call("GET")).refused().error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(call("GET").refused().error()).isEqualTo(S3Error.INVALID_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AES256", "aws:kms"})
    void aCustomersKeyForAnotherObjectIsRefused(String mode) {
        Call put = put();
        if (!mode.isEmpty()) {
            put.header(SSE, mode);
        }
        if (mode.equals("aws:kms")) {
            put.header(KEY_ID, KnownKeys.FIRST);
        }
        put.send();
        for (Call read : List.of(call("GET"), call("HEAD"), attributes())) {
            S3Exception refused = CustomerHeaders.FIRST.on(read).refused();
            assertThat(refused.error()).isEqualTo(S3Error.INVALID_REQUEST);
            assertThat(refused).hasMessage("The encryption parameters are not applicable to this object.");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /photos/cat",
        "HEAD, /photos/cat",
        "GET, /photos",
        "PUT, /photos/cat?tagging",
        "DELETE, /photos/cat"
    })
    void aModeIsRefusedWhereNoObjectIsWritten(String method, String target) {
        put().send();
        S3Exception refused =
                pipeline.call(method, target).header(SSE, "AES256").refused();
        assertThat(refused.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refused).hasMessage("x-amz-server-side-encryption header is not supported for this operation.");
    }

    @Test
    void badHeadersLeaveNothing() {
        for (Call put : List.of(
                put().header(SSE, "aes:kms"),
                put().header(SSE, "aws:kms"),
                put().header(KEY_ID, KnownKeys.FIRST),
                put().header(SSE, "AES256").header(KEY_ID, KnownKeys.FIRST),
                put().header(ALGORITHM, "AES256"),
                CustomerHeaders.FIRST.on(put()).header(SSE, "AES256"),
                CustomerHeaders.FIRST.on(put()).header(ALGORITHM.toLowerCase(Locale.ROOT), "AES192"))) {
            assertThat(put.refused().error().status()).isEqualTo(400);
        }
        assertThat(pipeline.contents().count()).isZero();
        assertThat(call("GET").refused().error()).isEqualTo(S3Error.NO_SUCH_KEY);
    }

    @Test
    void aRefusedKeyLeavesNothing() {
        assertThat(put().header(SSE, "aws:kms")
                        .header(KEY_ID, KnownKeys.ABSENT)
                        .refused()
                        .error())
                .isEqualTo(S3Error.KMS_KEY_NOT_FOUND);
        assertThat(put().header(SSE, "aws:kms")
                        .header(KEY_ID, KnownKeys.OF_OTHERS)
                        .refused()
                        .error())
                .isEqualTo(S3Error.ACCESS_DENIED);
        assertThatThrownBy(() -> put().header(SSE, "aws:kms")
                        .header(KEY_ID, KnownKeys.OUT_OF_REACH)
                        .send())
                .isInstanceOf(KeysUnavailableException.class);
        assertThat(pipeline.contents().count()).isZero();
    }

    @Test
    void keysNeedTls() {
        put().send();
        assertThat(CustomerHeaders.FIRST.on(put()).overPlainHttp().refused())
                .hasMessage("Requests specifying Server Side Encryption with Customer provided keys must be made over a"
                        + " secure connection.");
        assertThat(put().header(SSE, "aws:kms")
                        .header(KEY_ID, KnownKeys.FIRST)
                        .overPlainHttp()
                        .refused())
                .hasMessage("Requests specifying Server Side Encryption with AWS KMS managed keys must be made over a"
                        + " secure connection.");
        // A key for an object without SSE-C came over the wire, too.
        assertThat(CustomerHeaders.FIRST.on(call("GET")).overPlainHttp().refused())
                .hasMessageEndingWith("must be made over a secure connection.");
        assertThat(put().header(SSE, "AES256").overPlainHttp().send().status()).isEqualTo(200);
        assertThat(call("GET").overPlainHttp().send().text()).isEqualTo("meow");

        CustomerHeaders.FIRST.on(put()).send();
        for (Call read : List.of(call("GET"), call("HEAD"), attributes())) {
            S3Exception refused = CustomerHeaders.FIRST.on(read).overPlainHttp().refused();
            assertThat(refused.error()).isEqualTo(S3Error.INVALID_REQUEST);
            assertThat(refused).hasMessageEndingWith("must be made over a secure connection.");
        }
        put().header(SSE, "aws:kms").header(KEY_ID, KnownKeys.FIRST).send();
        assertThat(call("GET").overPlainHttp().refused().error()).isEqualTo(S3Error.INVALID_REQUEST);
    }

    @Test
    void theSettingsMayAllowKeysWithoutTls() {
        TestPipeline trusting = new TestPipeline(new EncryptionRules(Optional.empty(), false));
        trusting.call("PUT", "/photos").send();
        CustomerHeaders.FIRST
                .on(trusting.call("PUT", "/photos/cat").body("meow"))
                .overPlainHttp()
                .send();
        assertThat(CustomerHeaders.FIRST
                        .on(trusting.call("GET", "/photos/cat"))
                        .overPlainHttp()
                        .send()
                        .text())
                .isEqualTo("meow");
    }
}
