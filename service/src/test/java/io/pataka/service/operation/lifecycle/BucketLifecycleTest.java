package io.pataka.service.operation.lifecycle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.model.Caller;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.TestPipeline;
import io.pataka.service.operation.TestPipeline.Reply;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.Base64;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sets, gets and deletes the lifecycle rules of a bucket. */
class BucketLifecycleTest {

    private static final String MINIMUM_SIZE = "x-amz-transition-default-minimum-object-size";
    private static final String RULE =
            "<Rule><ID>one</ID><Prefix>logs/</Prefix><Status>Enabled</Status><Expiration><Days>30</Days></Expiration></Rule>";

    private final TestPipeline server = new TestPipeline();

    @BeforeEach
    void makeBucket() {
        server.call("PUT", "/photos").send();
    }

    private static String document(String rules) {
        return "<LifecycleConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" + rules
                + "</LifecycleConfiguration>";
    }

    private TestPipeline.Call put(String document) {
        return server.call("PUT", "/photos?lifecycle")
                .header("content-md5", Base64.getEncoder().encodeToString(DigestUtils.md5(document.getBytes(UTF_8))))
                .body(document);
    }

    private TestPipeline.Call get() {
        return server.call("GET", "/photos?lifecycle");
    }

    private void assertNone() {
        S3Exception none = get().refused();
        assertThat(none.error()).isEqualTo(S3Error.NO_SUCH_LIFECYCLE_CONFIGURATION);
        assertThat(none.error().status()).isEqualTo(404);
        assertThat(none.details()).containsEntry("BucketName", "photos");
    }

    @Test
    void setsReplacesAndDeletesRules() {
        assertNone();
        assertThat(server.call("DELETE", "/photos?lifecycle").send().status()).isEqualTo(204);
        for (String rules : new String[] {RULE, RULE.replace("30", "31")}) {
            Reply set = put(document(rules)).send();
            assertThat(set.status()).isEqualTo(200);
            assertThat(set.text()).isEmpty();
            assertThat(get().send().text()).contains(document(rules));
        }
        assertThat(server.call("DELETE", "/photos?lifecycle").send().status()).isEqualTo(204);
        assertNone();
        assertThat(server.call("DELETE", "/photos?lifecycle").send().status()).isEqualTo(204);
    }

    @Test
    void refusesADocumentWithoutAChecksum() {
        S3Exception refused =
                server.call("PUT", "/photos?lifecycle").body(document(RULE)).refused();
        assertThat(refused.error()).isEqualTo(S3Error.INVALID_REQUEST);
        assertThat(refused.getMessage()).contains("Content-MD5 OR x-amz-checksum-");
        assertNone();
    }

    @Test
    void takesAChecksumInPlaceOfTheMd5() {
        String document = document(RULE);
        assertThat(server.call("PUT", "/photos?lifecycle")
                        .header(
                                "x-amz-checksum-sha256",
                                Base64.getEncoder().encodeToString(DigestUtils.sha256(document.getBytes(UTF_8))))
                        .body(document)
                        .send()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void refusesAnEmptyBodyAndAWrongChecksum() {
        assertThat(put("").refused().error()).isEqualTo(S3Error.MISSING_REQUEST_BODY);
        assertThat(put(document(RULE)).body(document(RULE + " ")).refused().error())
                .isEqualTo(S3Error.BAD_DIGEST);
        assertNone();
    }

    @Test
    void aRefusedDocumentLeavesTheRules() {
        put(document(RULE)).send();
        assertThat(put(document("")).refused().error()).isEqualTo(S3Error.MALFORMED_XML);
        assertThat(get().send().text()).contains(document(RULE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"all_storage_classes_128K", "varies_by_storage_class"})
    void returnsTheMinimumSizeThatWasSent(String value) {
        Reply set = put(document(RULE)).header(MINIMUM_SIZE, value).send();
        assertThat(set.header(MINIMUM_SIZE)).isEqualTo(value);
        Reply got = get().send();
        assertThat(got.header(MINIMUM_SIZE)).isEqualTo(value);
        assertThat(got.text()).endsWith(document(RULE));
    }

    @Test
    void returnsNoMinimumSizeWhereNoneWasSent() {
        assertThat(put(document(RULE)).send().header(MINIMUM_SIZE)).isNull();
        assertThat(get().send().header(MINIMUM_SIZE)).isNull();
    }

    @Test
    void refusesAnotherMinimumSize() {
        S3Exception refused = put(document(RULE)).header(MINIMUM_SIZE, "128K").refused();
        assertThat(refused.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refused.details()).containsEntry("ArgumentName", MINIMUM_SIZE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<Transition><Days>1</Days><StorageClass>%s</StorageClass></Transition>",
                "<NoncurrentVersionTransition><NoncurrentDays>1</NoncurrentDays><StorageClass>%s</StorageClass>"
                        + "</NoncurrentVersionTransition>"
            })
    void refusesStorageClassesThatTheSettingsDoNotHave(String action) {
        String rule = "<Rule><ID>one</ID><Filter/><Status>Enabled</Status>" + action + "</Rule>";
        S3Exception refused = put(document(rule.formatted("GLACIER"))).refused();
        assertThat(refused.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refused.details())
                .containsEntry("ArgumentName", "StorageClass")
                .containsEntry("ArgumentValue", "GLACIER");
        assertThat(put(document(rule.formatted("COLD"))).send().status()).isEqualTo(200);
        assertThat(get().send().text()).contains(rule.formatted("COLD"));
    }

    /** So that an operator can take a storage class out of the settings. */
    @Test
    void returnsRulesWhoseStorageClassIsGone() {
        String rule = "<Rule><ID>one</ID><Filter/><Status>Enabled</Status><Transition><Days>1</Days>"
                + "<StorageClass>GONE</StorageClass></Transition></Rule>";
        server.buckets().putDocument(server.bucket("photos"), DocumentKind.LIFECYCLE, document(rule));
        assertThat(get().send().text()).contains(rule);
    }

    @Test
    void anonymousCallersAreDenied() {
        put(document(RULE)).send();
        for (String method : new String[] {"GET", "DELETE"}) {
            assertThat(server.call(method, "/photos?lifecycle")
                            .by(Caller.ANONYMOUS)
                            .refused()
                            .error())
                    .isEqualTo(S3Error.ACCESS_DENIED);
        }
        assertThat(put(document(RULE)).by(Caller.ANONYMOUS).refused().error()).isEqualTo(S3Error.ACCESS_DENIED);
    }
}
