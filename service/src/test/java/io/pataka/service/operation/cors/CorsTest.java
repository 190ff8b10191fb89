package io.pataka.service.operation.cors;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.model.Caller;
import io.pataka.service.operation.TestPipeline;
import io.pataka.service.operation.TestPipeline.Call;
import io.pataka.service.operation.TestPipeline.Reply;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CORS rules of buckets, and the headers that browsers get. */
class CorsTest {

    private static final String RULES = """
            <CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><CORSRule>\
            <AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod>\
            <AllowedOrigin>https://*.example.org</AllowedOrigin><AllowedHeader>x-amz-*</AllowedHeader>\
            <MaxAgeSeconds>60</MaxAgeSeconds></CORSRule></CORSConfiguration>""";

    private final TestPipeline pipeline = new TestPipeline();

    @BeforeEach
    void makeBucket() {
        pipeline.call("PUT", "/photos").send();
    }

    private void putRules() {
        assertThat(pipeline.call("PUT", "/photos?cors").body(RULES).send().status())
                .isEqualTo(200);
    }

    private Call preflight(String target, String origin, String method) {
        return pipeline.call("OPTIONS", target)
                .by(Caller.ANONYMOUS)
                .header("Origin", origin)
                .header("Access-Control-Request-Method", method);
    }

    @Test
    void rulesAreReadReplacedAndDeleted() {
        assertThat(pipeline.call("GET", "/photos?cors").refused().error())
                .isEqualTo(S3Error.NO_SUCH_CORS_CONFIGURATION);

        putRules();
        assertThat(pipeline.call("GET", "/photos?cors").send().text()).endsWith(RULES);
        pipeline.call("PUT", "/photos?cors").body(RULES.replace("60", "61")).send();
        assertThat(pipeline.call("GET", "/photos?cors").send().text()).contains(">61<");

        assertThat(pipeline.call("DELETE", "/photos?cors").send().status()).isEqualTo(204);
        assertThat(pipeline.call("DELETE", "/photos?cors").send().status()).isEqualTo(204);
        assertThat(pipeline.call("GET", "/photos?cors").refused().error())
                .isEqualTo(S3Error.NO_SUCH_CORS_CONFIGURATION);
    }

    @Test
    void aDocumentHasAtMost64KiB() {
        String padded = RULES + " ".repeat(64 * 1024 - RULES.length());

        assertThat(pipeline.call("PUT", "/photos?cors").body(padded).send().status())
                .isEqualTo(200);
        assertThat(pipeline.call("PUT", "/photos?cors")
                        .body(padded + " ")
                        .refused()
                        .error())
                .isEqualTo(S3Error.MAX_MESSAGE_LENGTH_EXCEEDED);
    }

    @Test
    void aPreflightThatAnnouncesHundredsOfHeadersIsNotAnswered() {
        pipeline.call("PUT", "/photos?cors")
                .body("<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin>"
                        + "<AllowedHeader>*</AllowedHeader></CORSRule></CORSConfiguration>")
                .send();

        assertThat(preflight("/photos/k", "https://example.org", "GET")
                        .header("Access-Control-Request-Headers", "x-a,".repeat(256))
                        .send()
                        .status())
                .isEqualTo(200);
        assertThat(preflight("/photos/k", "https://example.org", "GET")
                        .header("Access-Control-Request-Headers", "x-a,".repeat(257))
                        .refused()
                        .error()
                        .status())
                .isEqualTo(403);
    }

    @Test
    void otherAccountsNeitherReadNorChangeTheRules() {
        putRules();
        for (String method : new String[] {"GET", "PUT", "DELETE"}) {
            assertThat(pipeline.call(method, "/photos?cors")
                            .by(TestPipeline.BOB)
                            .refused()
                            .error())
                    .isEqualTo(S3Error.ACCESS_DENIED);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/photos",
                "/photos/no-such-key",
                "/photos?uploads",
                "/photos/k?partNumber=1&uploadId=u&X-Amz-Signature=0"
            })
    void preflightsNeedNoSignature(String target) {
        putRules();

        Reply reply = preflight(target, "https://a.example.org", "PUT")
                .header("Access-Control-Request-Headers", "X-Amz-Date,x-amz-content-sha256")
                .send();

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEmpty();
        assertThat(reply.header("Access-Control-Allow-Origin")).isEqualTo("https://a.example.org");
        assertThat(reply.header("Access-Control-Allow-Methods")).isEqualTo("GET, PUT");
        assertThat(reply.header("Access-Control-Allow-Headers")).isEqualTo("x-amz-date, x-amz-content-sha256");
        assertThat(reply.header("Access-Control-Max-Age")).isEqualTo("60");
    }

    @Test
    void aPageThatNoRuleFitsIsRefused() {
        putRules();

        S3Exception refusal =
                preflight("/photos/k", "https://example.com", "PUT").refused();
        assertThat(refusal.error()).isEqualTo(S3Error.ACCESS_FORBIDDEN);
        assertThat(refusal)
                .hasMessageStartingWith("CORSResponse: This CORS request is not allowed. This is usually because the");
        assertThat(refusal.details()).containsEntry("Method", "PUT").containsEntry("ResourceType", "OBJECT");
        assertThat(preflight("/photos", "https://a.example.org", "DELETE")
                        .refused()
                        .details())
                .containsEntry("ResourceType", "BUCKET");
        assertThat(preflight("/photos", "https://a.example.org", "GET")
                        .header("Access-Control-Request-Headers", "x-amz-date, range")
                        .refused()
                        .error())
                .isEqualTo(S3Error.ACCESS_FORBIDDEN);
    }

    @Test
    void aBucketWithoutRulesAndAMissingBucketGetDifferentErrors() {
        S3Exception unruled =
                preflight("/photos/k", "https://a.example.org", "PUT").refused();
        assertThat(unruled).hasMessage("CORSResponse: CORS is not enabled for this bucket.");
        assertThat(unruled.details()).containsEntry("Method", "PUT").containsEntry("ResourceType", "BUCKET");

        S3Exception missing =
                preflight("/missing", "https://a.example.org", "PUT").refused();
        assertThat(missing.error()).isEqualTo(S3Error.ACCESS_FORBIDDEN);
        assertThat(missing).hasMessage("CORSResponse: Bucket not found");
        assertThat(preflight("/", "https://a.example.org", "GET").refused())
                .hasMessage("CORSResponse: Bucket not found");
    }

    @Test
    void aQuestionNeedsOriginAndMethod() {
        S3Exception noOrigin =
                pipeline.call("OPTIONS", "/photos").by(Caller.ANONYMOUS).refused();
        assertThat(noOrigin.error()).isEqualTo(S3Error.BAD_REQUEST);
        assertThat(noOrigin).hasMessage("Insufficient information. Origin request header needed.");

        Call originOnly =
                pipeline.call("OPTIONS", "/photos").by(Caller.ANONYMOUS).header("Origin", "https://a.example.org");
        assertThat(originOnly.refused().details()).containsEntry("Method", "OPTIONS");
        putRules();
        assertThat(originOnly.refused()).hasMessage("Invalid Access-Control-Request-Method: null");
        assertThat(preflight("/photos", "https://a.example.org", "PATCH").refused())
                .hasMessage("Invalid Access-Control-Request-Method: PATCH");
    }
}
