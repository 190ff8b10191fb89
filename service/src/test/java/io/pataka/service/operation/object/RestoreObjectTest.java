package io.pataka.service.operation.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.operation.TestPipeline;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.testing.Changes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestoreObjectTest {

    private static final String DAYS = "<RestoreRequest><Days>1</Days></RestoreRequest>";

    private final TestPipeline pipeline = new TestPipeline();

    @BeforeEach
    void putObjects() {
        pipeline.call("PUT", "/photos").send();
        pipeline.call("PUT", "/photos/dog").body("woof").send();
        pipeline.call("PUT", "/photos/cat")
                .header("x-amz-storage-class", "COLD")
                .body("meow")
                .send();
    }

    private TestPipeline.Call restore(String target) {
        return pipeline.call("POST", "/photos/" + target);
    }

    /** The storage class is in the error, and the message is Amazon's. Amazon's answer is the same without a body. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                DAYS,
                "<RestoreRequest xmlns='http://s3.amazonaws.com/doc/2006-03-01/'><Days>7</Days><GlacierJobParameters>"
                        + "<Tier>Expedited</Tier></GlacierJobParameters><Description>d</Description></RestoreRequest>",
                "<RestoreRequest><Tier>Bulk</Tier></RestoreRequest>"
            })
    void noObjectNeedsToBeRestored(String document) {
        for (String key : new String[] {"dog", "cat"}) {
            S3Exception refusal = restore(key + "?restore").body(document).refused();

            assertThat(refusal.error()).isEqualTo(S3Error.INVALID_OBJECT_STATE);
            assertThat(refusal.error().status()).isEqualTo(403);
            assertThat(refusal).hasMessage("Restore is not allowed for the object's current storage class");
            assertThat(refusal.details()).containsEntry("StorageClass", key.equals("cat") ? "COLD" : "STANDARD");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no document",
                "<Restore><Days>1</Days></Restore>",
                "<RestoreRequest><Days>0</Days></RestoreRequest>",
                "<RestoreRequest><Days>-1</Days></RestoreRequest>",
                "<RestoreRequest><Days>one</Days></RestoreRequest>",
                "<RestoreRequest><Days>1</Days><Days>2</Days></RestoreRequest>",
                "<RestoreRequest><Days>1</Days><Hours>2</Hours></RestoreRequest>",
                "<RestoreRequest><Tier>Fast</Tier></RestoreRequest>",
                "<RestoreRequest><GlacierJobParameters/></RestoreRequest>",
                "<RestoreRequest><GlacierJobParameters><Tier>bulk</Tier></GlacierJobParameters></RestoreRequest>",
                "<RestoreRequest><Type>select</Type></RestoreRequest>"
            })
    void aDocumentThatIsNoneIsRefused(String document) {
        assertThat(restore("dog?restore").body(document).refused().error()).isEqualTo(S3Error.MALFORMED_XML);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<RestoreRequest><Type>SELECT</Type></RestoreRequest>",
                "<RestoreRequest><SelectParameters/></RestoreRequest>"
            })
    void aSelectionOfRowsIsNotImplemented(String document) {
        assertThat(restore("dog?restore").body(document).refused().error()).isEqualTo(S3Error.NOT_IMPLEMENTED);
    }

    @Test
    void theObjectMustBeThere() {
        assertThat(restore("bird?restore").body(DAYS).refused().error()).isEqualTo(S3Error.NO_SUCH_KEY);
        pipeline.buckets().setVersioning(pipeline.bucket("photos"), Versioning.ENABLED, Changes.any());
        String marker = pipeline.call("DELETE", "/photos/dog").send().header("x-amz-version-id");

        assertThat(restore("dog?restore").body(DAYS).refused().error()).isEqualTo(S3Error.NO_SUCH_KEY);
        assertThat(restore("dog?restore&versionId=" + marker)
                        .body(DAYS)
                        .refused()
                        .error())
                .isEqualTo(S3Error.METHOD_NOT_ALLOWED);
        assertThat(restore("dog?restore&versionId=null").body(DAYS).refused().error())
                .isEqualTo(S3Error.INVALID_OBJECT_STATE);
        assertThat(restore("cat?restore&versionId=" + marker)
                        .body(DAYS)
                        .refused()
                        .error())
                .isEqualTo(S3Error.NO_SUCH_VERSION);
    }

    /** Reading needs another permission. */
    @Test
    void aPolicyMayGrantIt() {
        String policy = """
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "bob"},
                 "Action": "%s", "Resource": "arn:aws:s3:::photos/*"}]}""";

        pipeline.call("PUT", "/photos?policy")
                .body(policy.formatted("s3:GetObject"))
                .send();
        assertThat(restore("dog?restore")
                        .by(TestPipeline.BOB)
                        .body(DAYS)
                        .refused()
                        .error())
                .isEqualTo(S3Error.ACCESS_DENIED);
        pipeline.call("PUT", "/photos?policy")
                .body(policy.formatted("s3:RestoreObject"))
                .send();
        assertThat(restore("dog?restore")
                        .by(TestPipeline.BOB)
                        .body(DAYS)
                        .refused()
                        .error())
                .isEqualTo(S3Error.INVALID_OBJECT_STATE);
    }
}
