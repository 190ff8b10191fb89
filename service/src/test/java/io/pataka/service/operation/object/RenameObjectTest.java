package io.pataka.service.operation.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.operation.TestPipeline;
import io.pataka.service.operation.TestPipeline.Reply;
import io.pataka.service.protocol.S3Error;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RenameObjectTest {

    private final TestPipeline pipeline = new TestPipeline();

    @BeforeEach
    void makeObject() {
        pipeline.call("PUT", "/photos").send();
        pipeline.call("PUT", "/photos/the%20cat")
                .header("x-amz-meta-colour", "red")
                .header("x-amz-tagging", "a=1")
                .body("meow")
                .send();
    }

    private TestPipeline.Call rename(String source, String target) {
        return pipeline.call("PUT", "/photos/" + target + "?renameObject").header("x-amz-rename-source", source);
    }

    @Test
    void theObjectHasAnotherKeyAndAllElseStays() {
        assertThat(rename("/photos/the%20cat", "cat").send().status()).isEqualTo(200);

        Reply reply = pipeline.call("GET", "/photos/cat").send();
        assertThat(reply.text()).isEqualTo("meow");
        assertThat(reply.header("ETag")).isEqualTo('"' + DigestUtils.md5Hex("meow") + '"');
        assertThat(reply.header("x-amz-meta-colour")).isEqualTo("red");
        assertThat(reply.header("x-amz-tagging-count")).isEqualTo("1");
        assertThat(pipeline.call("GET", "/photos/the%20cat").refused().error()).isEqualTo(S3Error.NO_SUCH_KEY);
    }

    @Test
    void anObjectUnderTheNewKeyIsReplacedUnlessAConditionForbidsIt() {
        pipeline.call("PUT", "/photos/cat").body("old").send();

        assertThat(rename("photos/the%20cat", "cat")
                        .header("If-None-Match", "*")
                        .refused()
                        .error())
                .isEqualTo(S3Error.PRECONDITION_FAILED);
        assertThat(pipeline.call("GET", "/photos/cat").send().text()).isEqualTo("old");

        rename("photos/the%20cat", "cat").send();
        assertThat(pipeline.call("GET", "/photos/cat").send().text()).isEqualTo("meow");
    }

    @Test
    void aConditionOnTheSourceIsKept() {
        assertThat(rename("photos/the%20cat", "cat")
                        .header("x-amz-rename-source-if-match", "\"other\"")
                        .refused()
                        .error())
                .isEqualTo(S3Error.PRECONDITION_FAILED);
        assertThat(rename("photos/the%20cat", "cat")
                        .header("x-amz-rename-source-if-none-match", "*")
                        .refused()
                        .error())
                .isEqualTo(S3Error.PRECONDITION_FAILED);
        assertThat(pipeline.call("GET", "/photos/the%20cat").send().text()).isEqualTo("meow");
    }

    @Test
    void aTokenMakesARepetitionHarmless() {
        rename("photos/the%20cat", "cat").header("x-amz-client-token", "t-1").send();
        pipeline.call("PUT", "/photos/the%20cat").body("another").send();

        assertThat(rename("photos/the%20cat", "cat")
                        .header("x-amz-client-token", "t-1")
                        .send()
                        .status())
                .isEqualTo(200);
        assertThat(pipeline.call("GET", "/photos/cat").send().text()).isEqualTo("meow");
        assertThat(pipeline.call("GET", "/photos/the%20cat").send().text()).isEqualTo("another");
    }

    @Test
    void aTokenIsForOneRenaming() {
        rename("photos/the%20cat", "cat").header("x-amz-client-token", "t-1").send();

        assertThat(rename("photos/cat", "dog")
                        .header("x-amz-client-token", "t-1")
                        .refused()
                        .error())
                .isEqualTo(S3Error.IDEMPOTENCY_PARAMETER_MISMATCH);
        assertThat(rename("photos/the%20cat", "cat")
                        .header("x-amz-client-token", "t-1")
                        .header("If-None-Match", "*")
                        .refused()
                        .error())
                .isEqualTo(S3Error.IDEMPOTENCY_PARAMETER_MISMATCH);
        assertThat(rename("photos/cat", "dog")
                        .header("x-amz-client-token", "t-2")
                        .send()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aTokenOfARenamingThatFailedIsNotUsedUp() {
        assertThat(rename("photos/the%20cat", "cat")
                        .header("x-amz-client-token", "t-1")
                        .header("If-Match", "\"other\"")
                        .refused()
                        .error())
                .isEqualTo(S3Error.NO_SUCH_KEY);

        assertThat(rename("photos/the%20cat", "cat")
                        .header("x-amz-client-token", "t-1")
                        .send()
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "12345678901234567890123456789012345678901234567890123456789012345"})
    void refusesWhatCannotBeAToken(String token) {
        assertThat(rename("photos/the%20cat", "cat")
                        .header("x-amz-client-token", token)
                        .refused()
                        .error())
                .isEqualTo(S3Error.INVALID_ARGUMENT);
    }

    @ParameterizedTest
    @CsvSource({
        "photos/none, cat, NO_SUCH_KEY",
        "videos/the%20cat, cat, INVALID_REQUEST",
        "photos/the%20cat, the%20cat, INVALID_REQUEST",
        "photos/the%20cat?versionId=null, cat, INVALID_REQUEST",
        "photos/the%20cat, folder/, INVALID_REQUEST",
        "photos, cat, INVALID_ARGUMENT",
        "photos/%ZZ, cat, INVALID_ARGUMENT"
    })
    void aSourceThatIsNoObjectOfTheBucketIsNotRenamed(String source, String target, S3Error error) {
        assertThat(rename(source, target).refused().error()).isEqualTo(error);
    }

    @Test
    void nothingIsRenamedWhereVersionsAreKept() {
        pipeline.buckets().setVersioning(pipeline.bucket("photos"), Versioning.ENABLED);
        pipeline.bucket("photos");

        assertThat(rename("photos/the%20cat", "cat").refused().error()).isEqualTo(S3Error.INVALID_BUCKET_STATE);
    }
}
