package io.pataka.service.operation.absent;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.model.Caller;
import io.pataka.service.operation.TestPipeline;
import io.pataka.service.operation.TestPipeline.Reply;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The answers about configurations that no bucket can have yet. */
class AbsentConfigurationsTest {

    private final TestPipeline pipeline = new TestPipeline();

    @BeforeEach
    void makeObject() {
        pipeline.call("PUT", "/photos").send();
        pipeline.call("PUT", "/photos/cat").body("meow").send();
    }

    @ParameterizedTest
    @CsvSource({"replication, ReplicationConfigurationNotFoundError"})
    void aConfigurationThatIsNotSetIsNotFound(String word, String code) {
        S3Exception refused = pipeline.call("GET", "/photos?" + word).refused();

        assertThat(refused.error().code()).isEqualTo(code);
        assertThat(refused.error().status()).isEqualTo(404);
        assertThat(refused.details()).containsEntry("BucketName", "photos");
    }

    @ParameterizedTest
    @CsvSource({"logging, BucketLoggingStatus", "accelerate, AccelerateConfiguration"})
    void aConfigurationThatEveryBucketHasIsEmpty(String word, String root) {
        Reply reply = pipeline.call("GET", "/photos?" + word).send();

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.xml(root).children()).isEmpty();
    }

    @Test
    void accessControlByTagsIsDisabled() {
        assertThat(pipeline.call("GET", "/photos?abac").send().xml("AbacStatus").requiredText("Status"))
                .isEqualTo("Disabled");
    }

    @ParameterizedTest
    @CsvSource({
        "analytics, ListBucketAnalyticsConfigurationResult",
        "intelligent-tiering, ListBucketIntelligentTieringConfigurationsOutput",
        "metrics, ListMetricsConfigurationsResult"
    })
    void noIdHasAConfiguration(String word, String root) {
        assertThat(pipeline.call("GET", "/photos?" + word).send().xml(root).requiredText("IsTruncated"))
                .isEqualTo("false");
        for (String method : List.of("GET", "DELETE")) {
            assertThat(pipeline.call(method, "/photos?" + word + "&id=x")
                            .refused()
                            .error())
                    .as(method)
                    .isEqualTo(S3Error.NO_SUCH_CONFIGURATION);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"replication"})
    void aMissingConfigurationCanBeDeletedButNotSet(String word) {
        assertThat(pipeline.call("DELETE", "/photos?" + word).send().status()).isEqualTo(204);
        assertThat(pipeline.call("PUT", "/photos?" + word)
                        .body("<X/>")
                        .refused()
                        .error())
                .isEqualTo(S3Error.NOT_IMPLEMENTED);
    }

    @Test
    void noObjectHasATorrent() {
        assertThat(pipeline.call("GET", "/photos/cat?torrent").refused().error())
                .isEqualTo(S3Error.NO_SUCH_KEY);
        assertThat(pipeline.call("GET", "/photos/none?torrent").refused().error())
                .isEqualTo(S3Error.NO_SUCH_KEY);
    }

    @Test
    void anonymousCallersAreDenied() {
        for (String word : List.of("website", "logging", "metrics", "metrics&id=x")) {
            assertThat(pipeline.call("GET", "/photos?" + word)
                            .by(Caller.ANONYMOUS)
                            .refused()
                            .error())
                    .as(word)
                    .isEqualTo(S3Error.ACCESS_DENIED);
        }
        assertThat(pipeline.call("GET", "/photos/cat?torrent")
                        .by(Caller.ANONYMOUS)
                        .refused()
                        .error())
                .isEqualTo(S3Error.ACCESS_DENIED);
    }
}
