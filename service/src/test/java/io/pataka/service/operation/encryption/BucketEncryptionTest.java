package io.pataka.service.operation.encryption;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.encryption.KnownKeys;
import io.pataka.service.model.EncryptionChoice;
import io.pataka.service.operation.EncryptionRules;
import io.pataka.service.operation.TestPipeline;
import io.pataka.service.operation.TestPipeline.Reply;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.xml.XmlElement;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The configuration of a bucket's encryption, and the objects that it is applied to. */
class BucketEncryptionTest {

    private static final String SSE = "x-amz-server-side-encryption";
    private static final String KEY_ID = SSE + "-aws-kms-key-id";
    private static final String AES256 = standard("<SSEAlgorithm>AES256</SSEAlgorithm>");
    private static final String KMS =
            standard("<SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>" + KnownKeys.FIRST + "</KMSMasterKeyID>");
    private static final String BLOCKED =
            "<BlockedEncryptionTypes><EncryptionType>SSE-C</EncryptionType></BlockedEncryptionTypes>";

    private final TestPipeline server = new TestPipeline();

    @BeforeEach
    void makeBucket() {
        server.call("PUT", "/photos").send();
    }

    private static String standard(String content) {
        return "<ApplyServerSideEncryptionByDefault>" + content + "</ApplyServerSideEncryptionByDefault>";
    }

    private static TestPipeline.Call set(TestPipeline pipeline, String rule) {
        return pipeline.call("PUT", "/photos?encryption")
                .body("<ServerSideEncryptionConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" + rule
                        + "</ServerSideEncryptionConfiguration>");
    }

    private TestPipeline.Call set(String content) {
        return set(server, "<Rule>" + content + "</Rule>");
    }

    private Reply put() {
        return server.call("PUT", "/photos/cat").body("meow").send();
    }

    private XmlElement rule() {
        return server.call("GET", "/photos?encryption")
                .send()
                .xml("ServerSideEncryptionConfiguration")
                .required("Rule");
    }

    @Test
    void aBucketWithoutAConfigurationHasNone() {
        S3Exception refused = server.call("GET", "/photos?encryption").refused();
        assertThat(refused.error().code()).isEqualTo("ServerSideEncryptionConfigurationNotFoundError");
        assertThat(refused.error().status()).isEqualTo(404);
        assertThat(server.call("DELETE", "/photos?encryption").send().status()).isEqualTo(204);
        assertThat(put().header(SSE)).isNull();
    }

    @Test
    void theStandardOfASettingIsAnsweredAndApplied() {
        TestPipeline encrypting = new TestPipeline(new EncryptionRules(Optional.of(new EncryptionChoice.S3()), true));
        encrypting.call("PUT", "/photos").send();
        assertThat(encrypting.call("GET", "/photos?encryption").send().text())
                .contains("<Rule>" + AES256 + "<BucketKeyEnabled>false</BucketKeyEnabled></Rule>");
        assertThat(encrypting.call("PUT", "/photos/cat").body("meow").send().header(SSE))
                .isEqualTo("AES256");

        assertThat(set(encrypting, "<Rule>" + KMS + "</Rule>").send().status()).isEqualTo(200);
        assertThat(encrypting.call("PUT", "/photos/cat").body("meow").send().header(SSE))
                .isEqualTo("aws:kms");
    }

    @Test
    void aConfigurationIsAnsweredAndAppliedUntilItIsDeleted() {
        Reply set = set(AES256).send();
        assertThat(set.status()).isEqualTo(200);
        assertThat(set.body()).isEmpty();
        assertThat(rule().required("ApplyServerSideEncryptionByDefault").requiredText("SSEAlgorithm"))
                .isEqualTo("AES256");
        assertThat(rule().requiredText("BucketKeyEnabled")).isEqualTo("false");
        assertThat(put().header(SSE)).isEqualTo("AES256");
        assertThat(server.call("HEAD", "/photos/cat").send().header(SSE)).isEqualTo("AES256");

        assertThat(server.call("DELETE", "/photos?encryption").send().status()).isEqualTo(204);
        assertThat(server.call("GET", "/photos?encryption").refused().error())
                .isEqualTo(S3Error.ENCRYPTION_CONFIGURATION_NOT_FOUND);
        assertThat(put().header(SSE)).isNull();
    }

    @Test
    void theKeyOfTheBucketIsUsed() {
        set(KMS + "<BucketKeyEnabled>true</BucketKeyEnabled>").send();
        assertThat(rule().required("ApplyServerSideEncryptionByDefault").requiredText("KMSMasterKeyID"))
                .isEqualTo(KnownKeys.FIRST);
        assertThat(rule().requiredText("BucketKeyEnabled")).isEqualTo("true");

        Reply put = put();
        assertThat(put.header(SSE)).isEqualTo("aws:kms");
        assertThat(put.header(KEY_ID)).isEqualTo(KnownKeys.FIRST);
        assertThat(put.header(SSE + "-bucket-key-enabled")).isEqualTo("true");
        Reply named = server.call("PUT", "/photos/dog")
                .header(SSE, "aws:kms")
                .header(KEY_ID, KnownKeys.SECOND)
                .send();
        assertThat(named.header(KEY_ID)).isEqualTo(KnownKeys.SECOND);
    }

    @Test
    void theRequestCountsBeforeTheBucket() {
        set(KMS).send();
        Reply put = server.call("PUT", "/photos/cat")
                .header(SSE, "AES256")
                .body("meow")
                .send();
        assertThat(put.header(SSE)).isEqualTo("AES256");
        assertThat(put.header(KEY_ID)).isNull();
    }

    @Test
    void aKeyIsNotLookedUpBeforeAnObjectIsWritten() {
        set(standard("<SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>" + KnownKeys.ABSENT + "</KMSMasterKeyID>"))
                .send();
        assertThat(server.keys().wereAsked()).isFalse();
        assertThat(server.call("PUT", "/photos/cat").body("meow").refused().error())
                .isEqualTo(S3Error.KMS_KEY_NOT_FOUND);
        assertThat(server.contents().count()).isZero();

        set(standard("<SSEAlgorithm>aws:kms</SSEAlgorithm>")).send();
        assertThat(server.call("PUT", "/photos/cat").body("meow").refused().error())
                .isEqualTo(S3Error.INVALID_ARGUMENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<Rule/>",
                "<Rule><BucketKeyEnabled>true</BucketKeyEnabled></Rule>",
                "<Rule><ApplyServerSideEncryptionByDefault/></Rule>",
                "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:fsx</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule>",
                "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aes256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule>",
                "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule>",
                "<Rule><BlockedEncryptionTypes/></Rule>",
                "<Rule><BlockedEncryptionTypes><EncryptionType>SSE-S3</EncryptionType></BlockedEncryptionTypes></Rule>",
                "<Rule><BlockedEncryptionTypes><EncryptionType>NONE</EncryptionType><EncryptionType>SSE-C</EncryptionType></BlockedEncryptionTypes></Rule>",
                "<Rule><BlockedEncryptionTypes><EncryptionType>NONE</EncryptionType></BlockedEncryptionTypes></Rule>"
                        + "<Rule><BlockedEncryptionTypes><EncryptionType>NONE</EncryptionType></BlockedEncryptionTypes></Rule>",
                "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault><Unknown/></Rule>",
                "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>yes</BucketKeyEnabled></Rule>"
            })
    void refusesOtherDocuments(String rules) {
        assertThat(set(server, rules).refused().error()).isEqualTo(S3Error.MALFORMED_XML);
        assertThat(server.call("GET", "/photos?encryption").refused().error())
                .isEqualTo(S3Error.ENCRYPTION_CONFIGURATION_NOT_FOUND);
    }

    @Test
    void refusesAKeyForAnotherAlgorithm() {
        S3Exception refused = set(standard("<SSEAlgorithm>AES256</SSEAlgorithm><KMSMasterKeyID>k</KMSMasterKeyID>"))
                .refused();
        assertThat(refused.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refused)
                .hasMessage(
                        "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse");
        assertThat(refused.details()).containsEntry("ArgumentName", "ApplyServerSideEncryptionByDefault");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a&#10;b"})
    void refusesAnIdThatNoHeaderCanReturn(String keyId) {
        assertThat(set(standard("<SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>" + keyId + "</KMSMasterKeyID>"))
                        .refused()
                        .error())
                .isEqualTo(S3Error.INVALID_ARGUMENT);
    }

    @Test
    void twoLayersOfEncryptionAreNotImplemented() {
        assertThat(set(standard("<SSEAlgorithm>aws:kms:dsse</SSEAlgorithm>"))
                        .refused()
                        .error())
                .isEqualTo(S3Error.NOT_IMPLEMENTED);
    }

    @Test
    void customersKeysCanBeBlocked() {
        String target = "/photos/secret";
        assertThat(CustomerHeaders.FIRST
                        .on(server.call("PUT", target).body("meow"))
                        .send()
                        .status())
                .isEqualTo(200);

        assertThat(set(BLOCKED).send().status()).isEqualTo(200);
        assertThat(rule().required("BlockedEncryptionTypes").requiredText("EncryptionType"))
                .isEqualTo("SSE-C");
        assertThat(rule().first("ApplyServerSideEncryptionByDefault")).isEmpty();
        S3Exception refused = CustomerHeaders.FIRST
                .on(server.call("PUT", target).body("purr"))
                .refused();
        assertThat(refused.error()).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(refused).hasMessageContaining("this bucket has blocked upload requests that specify Server Side");
        assertThat(put().status()).isEqualTo(200);
        assertThat(CustomerHeaders.FIRST.on(server.call("GET", target)).send().text())
                .isEqualTo("meow");

        set("<BlockedEncryptionTypes><EncryptionType>NONE</EncryptionType></BlockedEncryptionTypes>")
                .send();
        assertThat(rule().required("BlockedEncryptionTypes").requiredText("EncryptionType"))
                .isEqualTo("NONE");
        assertThat(CustomerHeaders.FIRST
                        .on(server.call("PUT", target).body("purr"))
                        .send()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void blockingAndAStandardGoTogether() {
        set(AES256 + BLOCKED).send();
        assertThat(put().header(SSE)).isEqualTo("AES256");
        assertThat(CustomerHeaders.FIRST
                        .on(server.call("PUT", "/photos/cat"))
                        .refused()
                        .error())
                .isEqualTo(S3Error.ACCESS_DENIED);
    }
}
