package io.pataka.service.operation.logging;

import static io.pataka.service.operation.TestPipeline.ALICES_ADMIN;
import static io.pataka.service.operation.TestPipeline.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.TestPipeline;
import io.pataka.service.operation.TestPipeline.Reply;
import io.pataka.service.protocol.S3Exception;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Alice owns the buckets {@code source}, which is logged, and {@code logs}. */
class LoggingOperationsTest {

    private static final String NAMESPACE = " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";

    private final TestPipeline pipeline = new TestPipeline();

    @BeforeEach
    void makeBuckets() {
        pipeline.call("PUT", "/source").send();
        pipeline.call("PUT", "/logs").send();
        allow("logs", "source", "log/");
    }

    private void allow(String target, String source, String prefix) {
        pipeline.call("PUT", "/" + target + "?policy")
                .body("""
                        {"Version":"2012-10-17","Statement":[{"Sid":"logs","Effect":"Allow",
                         "Principal":{"Service":"logging.s3.amazonaws.com"},"Action":["s3:PutObject"],
                         "Resource":"arn:aws:s3:::%s/%s",
                         "Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::%s"},
                          "StringEquals":{"aws:SourceAccount":"alice"}}}]}""".formatted(target, prefix, source))
                .send();
    }

    private static String document(String target, String more) {
        return "<BucketLoggingStatus><LoggingEnabled><TargetBucket>" + target
                + "</TargetBucket><TargetPrefix>log/</TargetPrefix>" + more + "</LoggingEnabled></BucketLoggingStatus>";
    }

    private TestPipeline.Call put(String document) {
        return pipeline.call("PUT", "/source?logging").body(document);
    }

    private Reply get() {
        return pipeline.call("GET", "/source?logging").send();
    }

    private static String code(S3Exception refused) {
        return refused.error().status() + " " + refused.error().code();
    }

    @Test
    void aConfigurationIsAnsweredWithItsDefaultsAndItsTime() {
        assertThat(get().text()).endsWith("<BucketLoggingStatus" + NAMESPACE + "></BucketLoggingStatus>");
        assertThat(get().header("Last-Modified")).isNull();
        assertThat(put(document("logs", "")).send().status()).isEqualTo(200);
        assertThat(get().text())
                .contains("<TargetBucket>logs</TargetBucket><TargetPrefix>log/</TargetPrefix>"
                        + "<ObjectRollTime>300</ObjectRollTime><LoggingType>Standard</LoggingType>");
        assertThat(get().header("Last-Modified")).isNotNull();
        String stored = stored();
        put(document("logs", "<LoggingType>Standard</LoggingType>")).send();
        assertThat(stored()).isEqualTo(stored);
        put("<BucketLoggingStatus/>").send();
        assertThat(get().text()).endsWith("<BucketLoggingStatus" + NAMESPACE + "></BucketLoggingStatus>");
    }

    private String stored() {
        return pipeline.buckets()
                .document(pipeline.bucket("source"), DocumentKind.LOGGING)
                .orElseThrow();
    }

    @Test
    void aChangeFlushesTheFormerLogAndAnEqualConfigurationDoesNot() {
        assertThat(put(document("logs", "")).send().text()).isEmpty();
        assertThat(put(document("logs", "")).send().text()).isEmpty();
        String changed = put(document("logs", "<ObjectRollTime>10</ObjectRollTime>"))
                .send()
                .text();
        assertThat(changed)
                .contains("<PutBucketLoggingOutput" + NAMESPACE + ">")
                .containsPattern("<FlushedLoggingObject>log/[-0-9]{20}\\d{10}[0-9A-Z]{6}</FlushedLoggingObject>");
        assertThat(put("<BucketLoggingStatus/>").send().text()).isEmpty();
    }

    @Test
    void aFlushWritesAnObjectEvenIfNothingWaits() {
        assertThat(code(pipeline.call("POST", "/source?logging").refused())).isEqualTo("404 NoSuchConfiguration");
        put(document("logs", "")).send();
        Reply flushed = pipeline.call("POST", "/source?logging").send();
        assertThat(flushed.status()).isEqualTo(200);
        String key = flushed.xml("PostBucketLoggingOutput").requiredText("FlushedLoggingObject");
        Reply object = pipeline.call("GET", "/logs/" + key).send();
        assertThat(object.text()).isEmpty();
        assertThat(object.header("Content-Type")).isEqualTo("text/plain");
        pipeline.call("DELETE", "/logs?policy").send();
        assertThat(code(pipeline.call("POST", "/source?logging").refused())).isEqualTo("403 AccessDenied");
    }

    @ParameterizedTest
    @CsvSource({
        "unknown, 404 NoSuchKey, Logging bucket 'unknown' does not exist",
        "source, 400 InvalidArgument, Logging bucket 'source' must be another than the one that is logged",
        "forbidding, 403 AccessDenied, Logging bucket 'forbidding' policy does not allow logging",
        "without-policy, 403 AccessDenied, Logging bucket 'without-policy' must have policy to allow logging",
        "logging, 400 InvalidArgument, Logging bucket 'logging' is configured with bucket logging",
        "encrypting, 400 InvalidArgument, Logging bucket 'encrypting' is configured with encryption",
        "paid, 400 InvalidArgument, Logging bucket 'paid' is configured with requester pays",
    })
    void aBucketThatIsNoTargetIsRefused(String target, String code, String message) {
        if (!target.equals("unknown") && !target.equals("source")) {
            pipeline.call("PUT", "/" + target).send();
        }
        switch (target) {
            case "unknown", "without-policy" -> {}
            case "forbidding" -> allow(target, "another", "log/");
            default -> allow(target, "source", "log/");
        }
        switch (target) {
            case "logging" -> {
                allow("logs", "logging", "log/");
                pipeline.call("PUT", "/logging?logging")
                        .body(document("logs", ""))
                        .send();
            }
            case "encrypting" ->
                pipeline.call("PUT", "/encrypting?encryption")
                        .body("<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>"
                                + "<SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule>"
                                + "</ServerSideEncryptionConfiguration>")
                        .send();
            case "paid" ->
                pipeline.call("PUT", "/paid?requestPayment")
                        .body("<RequestPaymentConfiguration><Payer>Requester</Payer></RequestPaymentConfiguration>")
                        .send();
            default -> {}
        }
        S3Exception refused = put(document(target, "")).refused();
        assertThat(code(refused)).isEqualTo(code);
        assertThat(refused.getMessage()).isEqualTo(message);
        assertThat(pipeline.buckets().document(pipeline.bucket("source"), DocumentKind.LOGGING))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"log/*, log/, 200", "log, log/, 403", "log/, log/, 200", "other/*, log/, 403", "*, log/, 200"})
    void thePolicyIsAskedForThePrefix(String resource, String prefix, int status) {
        allow("logs", "source", resource);
        TestPipeline.Call put = put(document("logs", "").replace("log/", prefix));
        assertThat(status == 200 ? put.send().status() : put.refused().error().status())
                .isEqualTo(status);
    }

    @Test
    void onlyTheOwnerConfiguresALogWhateverAPolicySays() {
        pipeline.call("PUT", "/source?policy")
                .body("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\","
                        + "\"Action\":[\"s3:PutBucketLogging\",\"s3:GetBucketLogging\"],"
                        + "\"Resource\":\"arn:aws:s3:::source\"}]}")
                .send();
        assertThat(code(put(document("logs", "")).by(BOB).refused())).isEqualTo("403 AccessDenied");
        assertThat(code(put("<BucketLoggingStatus/>").by(BOB).refused())).isEqualTo("403 AccessDenied");
        assertThat(pipeline.call("GET", "/source?logging").by(BOB).send().status())
                .isEqualTo(200);
        assertThat(put(document("logs", "")).by(ALICES_ADMIN).send().status()).isEqualTo(200);
    }

    @Test
    void aPrefixThatLeavesNoSpaceForKeysIsRefused() {
        allow("logs", "source", "*");
        assertThat(code(put(document("logs", "").replace("log/", "x".repeat(990)))
                        .refused()))
                .isEqualTo("400 InvalidArgument");
    }
}
