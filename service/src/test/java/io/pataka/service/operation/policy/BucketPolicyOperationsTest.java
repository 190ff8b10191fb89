package io.pataka.service.operation.policy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.access.policy.BucketPolicy;
import io.pataka.service.operation.TestPipeline;
import io.pataka.service.operation.TestPipeline.Reply;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** PutBucketPolicy, GetBucketPolicy, DeleteBucketPolicy, GetBucketPolicyStatus. */
class BucketPolicyOperationsTest {

    private static final String PUBLIC = """
        {"Statement": {"Effect": "Allow", "Principal": "*",
         "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/*"}}
        """;

    private static final String ON_TAGS_OF_THE_REQUEST = """
            {"Version": "2012-10-17", "Statement": [
             {"Effect": "Allow", "Principal": "*", "Action": "s3:PutObjectTagging",
              "Resource": "arn:aws:s3:::photos/*", "Condition": {"StringEquals": {"s3:RequestObjectTag/of": "bob + co"}}},
             {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObjectTagging",
              "Resource": "arn:aws:s3:::photos/*", "Condition": {"StringEquals": {"s3:RequestObjectTag/of": "eve"}}}]}
            """;

    private final TestPipeline pipeline = new TestPipeline();

    @BeforeEach
    void makeBucket() {
        pipeline.call("PUT", "/photos").send();
    }

    private TestPipeline.Call put(String policy) {
        return pipeline.call("PUT", "/photos?policy").body(policy);
    }

    private static String statement(String effect, String principal, String action) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"" + effect + "\",\"Principal\":" + principal
                + ",\"Action\":" + action
                + ",\"Resource\":[\"arn:aws:s3:::photos\",\"arn:aws:s3:::photos/*\"]}}";
    }

    private boolean isPublic() {
        return pipeline.call("GET", "/photos?policyStatus")
                .send()
                .xml("PolicyStatus")
                .requiredText("IsPublic")
                .equals("true");
    }

    @Test
    void givesThePolicyBackAsItWasSent() {
        assertThat(put(PUBLIC).send().status()).isEqualTo(204);

        Reply reply = pipeline.call("GET", "/photos?policy").send();
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo(PUBLIC);
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
    }

    @Test
    void aBucketWithoutAPolicyHasNoneAndDeletingItIsFine() {
        assertThat(pipeline.call("GET", "/photos?policy").refused().error()).isEqualTo(S3Error.NO_SUCH_BUCKET_POLICY);
        assertThat(pipeline.call("DELETE", "/photos?policy").send().status()).isEqualTo(204);

        put(PUBLIC).send();
        assertThat(pipeline.call("DELETE", "/photos?policy").send().status()).isEqualTo(204);
        assertThat(pipeline.call("GET", "/photos?policy").refused().error()).isEqualTo(S3Error.NO_SUCH_BUCKET_POLICY);
    }

    @Test
    void aPolicyThatIsNoneIsRefusedWithWhereItsFaultIsAndTheOldOneStays() {
        put(PUBLIC).send();

        S3Exception refused = put(PUBLIC.replace("GetObject", "GetObjekt")).refused();
        assertThat(refused.error()).isEqualTo(S3Error.MALFORMED_POLICY);
        assertThat(refused.getMessage()).isEqualTo("Policy has invalid action");
        assertThat(refused.details()).containsEntry("Detail", "statement 1, Action: s3:GetObjekt");
        assertThat(pipeline.call("GET", "/photos?policy").send().text()).isEqualTo(PUBLIC);
    }

    @Test
    void bytesThatAreNoTextAreNoPolicy() {
        S3Exception refused = pipeline.call("PUT", "/photos?policy")
                .body(PUBLIC.replace("photos", "photos\u00E4").getBytes(ISO_8859_1))
                .refused();
        assertThat(refused.error()).isEqualTo(S3Error.MALFORMED_POLICY);
        assertThat(refused.getMessage()).isEqualTo("This policy contains invalid Json");
    }

    @Test
    void noBytesAreNoPolicy() {
        S3Exception refused = pipeline.call("PUT", "/photos?policy").refused();
        assertThat(refused.error()).isEqualTo(S3Error.MALFORMED_POLICY);
        assertThat(refused.getMessage()).isEqualTo("Policies must be valid JSON and the first byte must be '{'");
    }

    @Test
    void aBodyThatIsMuchTooLongIsRefused() {
        assertThat(put(PUBLIC + " ".repeat(4 * BucketPolicy.MAX_BYTES)).send().status())
                .isEqualTo(204);
        assertThat(put(PUBLIC + " ".repeat(5 * BucketPolicy.MAX_BYTES))
                        .refused()
                        .error())
                .isEqualTo(S3Error.MAX_MESSAGE_LENGTH_EXCEEDED);
        assertThat(put("").refused().error()).isEqualTo(S3Error.MALFORMED_POLICY);
    }

    @Test
    void thePolicyCountsForTheNextRequest() {
        pipeline.call("PUT", "/photos/cat").body("meow").send();
        assertThat(pipeline.call("GET", "/photos/cat")
                        .by(TestPipeline.BOB)
                        .refused()
                        .error())
                .isEqualTo(S3Error.ACCESS_DENIED);
        put(PUBLIC).send();
        assertThat(pipeline.call("GET", "/photos/cat")
                        .by(TestPipeline.BOB)
                        .send()
                        .text())
                .isEqualTo("meow");
        pipeline.call("DELETE", "/photos?policy").send();
        assertThat(pipeline.call("GET", "/photos/cat")
                        .by(TestPipeline.BOB)
                        .refused()
                        .error())
                .isEqualTo(S3Error.ACCESS_DENIED);
    }

    @Test
    void onlyTheOwnersAccountReadsAndChangesAPolicy() {
        for (String method : new String[] {"GET", "PUT", "DELETE"}) {
            assertThat(pipeline.call(method, "/photos?policy")
                            .body(method.equals("PUT") ? PUBLIC : "")
                            .by(TestPipeline.BOB)
                            .refused()
                            .error())
                    .isEqualTo(S3Error.ACCESS_DENIED);
        }
        put(statement("Allow", "{\"AWS\":\"bob\"}", "\"s3:*\"")).send();
        for (String method : new String[] {"GET", "PUT", "DELETE"}) {
            assertThat(pipeline.call(method, "/photos?policy")
                            .body(method.equals("PUT") ? PUBLIC : "")
                            .by(TestPipeline.BOB)
                            .refused()
                            .error())
                    .isEqualTo(S3Error.METHOD_NOT_ALLOWED);
        }
    }

    @Test
    void aPolicyThatLocksOutItsWriterNeedsAConfirmationAndAnAdministratorCanReplaceIt() {
        String shuts = statement("Deny", "\"*\"", "\"s3:*BucketPolicy\"");
        S3Exception refused = put(shuts).refused();
        assertThat(refused.error()).isEqualTo(S3Error.MALFORMED_POLICY);
        assertThat(refused).hasMessageContaining("x-amz-confirm-remove-self-bucket-access");

        assertThat(put(shuts)
                        .header("x-amz-confirm-remove-self-bucket-access", "true")
                        .send()
                        .status())
                .isEqualTo(204);
        assertThat(put(PUBLIC).refused().error()).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(pipeline.call("DELETE", "/photos?policy").refused().error()).isEqualTo(S3Error.ACCESS_DENIED);

        assertThat(pipeline.call("GET", "/photos?policy")
                        .by(TestPipeline.ALICES_ADMIN)
                        .send()
                        .text())
                .isEqualTo(shuts);
        assertThat(put(shuts).by(TestPipeline.ALICES_ADMIN).send().status()).isEqualTo(204);
        assertThat(pipeline.call("DELETE", "/photos?policy")
                        .by(TestPipeline.ALICES_ADMIN)
                        .send()
                        .status())
                .isEqualTo(204);
        assertThat(put(PUBLIC).send().status()).isEqualTo(204);
    }

    @Test
    void aPublicPolicyIsRefusedWhereItIsBlocked() {
        pipeline.call("PUT", "/photos?publicAccessBlock")
                .body("<PublicAccessBlockConfiguration><BlockPublicPolicy>true</BlockPublicPolicy>"
                        + "</PublicAccessBlockConfiguration>")
                .send();
        assertThat(put(PUBLIC).refused().error()).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(put(statement("Allow", "{\"AWS\":\"bob\"}", "\"s3:GetObject\""))
                        .send()
                        .status())
                .isEqualTo(204);
    }

    @Test
    void theStatusDependsOnPolicyAndAcl() {
        assertThat(isPublic()).isFalse();
        put(PUBLIC).send();
        assertThat(isPublic()).isTrue();
        put(statement("Allow", "{\"AWS\":\"bob\"}", "\"s3:GetObject\"")).send();
        assertThat(isPublic()).isFalse();
    }

    @Test
    void asksForTheTagsThatStandInTheBodyOfTheRequest() {
        pipeline.call("PUT", "/photos/cat").body("cat").send();
        pipeline.call("PUT", "/photos?policy").body(ON_TAGS_OF_THE_REQUEST).send();

        assertThat(tag("bob + co").by(TestPipeline.BOB).send().status()).isEqualTo(200);
        assertThat(tag("alice").by(TestPipeline.BOB).refused().error()).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(tag("eve").refused().error()).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(pipeline.call("GET", "/photos/cat?tagging").send().text()).contains("bob + co");
        assertThat(tag("alice").send().status()).isEqualTo(200);
    }

    private TestPipeline.Call tag(String value) {
        return pipeline.call("PUT", "/photos/cat?tagging")
                .body("<Tagging><TagSet><Tag><Key>of</Key><Value>" + value + "</Value></Tag></TagSet></Tagging>");
    }
}
