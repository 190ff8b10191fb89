package io.pataka.service.operation.publicaccess;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.operation.TestPipeline;
import io.pataka.service.operation.TestPipeline.Reply;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.xml.XmlElement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PutPublicAccessBlock, GetPublicAccessBlock, DeletePublicAccessBlock. */
class PublicAccessBlockOperationsTest {

    private static final List<String> FLAGS =
            List.of("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets");

    private final TestPipeline pipeline = new TestPipeline();

    @BeforeEach
    void makeBucket() {
        pipeline.call("PUT", "/photos").send();
    }

    private TestPipeline.Call put(String flags) {
        return pipeline.call("PUT", "/photos?publicAccessBlock")
                .body("<PublicAccessBlockConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" + flags
                        + "</PublicAccessBlockConfiguration>");
    }

    @Test
    void eachFlagIsKeptForItself() {
        for (String on : FLAGS) {
            assertThat(put("<" + on + ">true</" + on + ">").send().status()).isEqualTo(200);
            Reply reply = pipeline.call("GET", "/photos?publicAccessBlock").send();
            XmlElement block = reply.xml("PublicAccessBlockConfiguration");
            for (String flag : FLAGS) {
                assertThat(block.requiredText(flag)).as(flag).isEqualTo(Boolean.toString(flag.equals(on)));
            }
        }
    }

    @Test
    void aMissingBlockCannotBeReadAndCanBeDeleted() {
        assertThat(pipeline.call("GET", "/photos?publicAccessBlock").refused().error())
                .isEqualTo(S3Error.NO_SUCH_PUBLIC_ACCESS_BLOCK);
        assertThat(pipeline.call("DELETE", "/photos?publicAccessBlock").send().status())
                .isEqualTo(204);
        put("").send();
        assertThat(pipeline.call("DELETE", "/photos?publicAccessBlock").send().status())
                .isEqualTo(204);
        assertThat(pipeline.call("GET", "/photos?publicAccessBlock").refused().error())
                .isEqualTo(S3Error.NO_SUCH_PUBLIC_ACCESS_BLOCK);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<BlockPublicAcls>yes</BlockPublicAcls>",
                "<BlockPublicAcls/>",
                "<BlockPublicAcls>true</BlockPublicAcls><BlockPublicAcls>false</BlockPublicAcls>",
                "<BlockPublicAcls>",
                "text",
                "<Other>true</Other>",
            })
    void aDocumentThatIsNoneIsRefused(String flags) {
        assertThat(put(flags).refused().error()).isEqualTo(S3Error.MALFORMED_XML);
    }

    @Test
    void anotherAccountIsRefused() {
        assertThat(put("").by(TestPipeline.BOB).refused().error()).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(pipeline.call("GET", "/photos?publicAccessBlock")
                        .by(TestPipeline.BOB)
                        .refused()
                        .error())
                .isEqualTo(S3Error.ACCESS_DENIED);
    }

    private TestPipeline.Call account(String method) {
        return pipeline.call(method, "/v20180820/configuration/publicAccessBlock")
                .header("x-amz-account-id", "alice")
                .by(TestPipeline.ALICES_ADMIN);
    }

    private void blockAccount(String flag) {
        String block = "<PublicAccessBlockConfiguration xmlns=\"http://awss3control.amazonaws.com/doc/2018-08-20/\"><"
                + flag + ">true</" + flag + "></PublicAccessBlockConfiguration>";
        assertThat(account("PUT").body(block).send().status()).isEqualTo(200);
    }

    @Test
    void eachFlagOfAnAccountIsKeptForItself() {
        assertThat(account("GET").refused().error()).isEqualTo(S3Error.NO_SUCH_PUBLIC_ACCESS_BLOCK);
        for (String on : FLAGS) {
            blockAccount(on);
            XmlElement block = account("GET").send().xml("PublicAccessBlockConfiguration");
            for (String flag : FLAGS) {
                assertThat(block.requiredText(flag)).as(flag).isEqualTo(Boolean.toString(flag.equals(on)));
            }
        }
        assertThat(account("DELETE").send().status()).isEqualTo(204);
        assertThat(account("DELETE").send().status()).isEqualTo(204);
        assertThat(account("GET").refused().error()).isEqualTo(S3Error.NO_SUCH_PUBLIC_ACCESS_BLOCK);
    }

    @Test
    void theBlockOfAnAccountIsNotReturnedAsTheBuckets() {
        blockAccount("BlockPublicPolicy");
        assertThat(pipeline.call("GET", "/photos?publicAccessBlock").refused().error())
                .isEqualTo(S3Error.NO_SUCH_PUBLIC_ACCESS_BLOCK);
    }

    @Test
    void anAccountsBlockHoldsForBucketsThatHaveNone() {
        String policy = """
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:ListBucket",
                 "Resource": "arn:aws:s3:::photos"}]}
                """;
        pipeline.call("PUT", "/photos?policy").body(policy).send();
        assertThat(pipeline.call("GET", "/photos").by(TestPipeline.BOB).send().status())
                .isEqualTo(200);

        blockAccount("RestrictPublicBuckets");
        assertThat(pipeline.call("GET", "/photos")
                        .by(TestPipeline.BOB)
                        .refused()
                        .error())
                .isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(pipeline.call("GET", "/photos").send().status()).isEqualTo(200);

        blockAccount("BlockPublicPolicy");
        assertThat(pipeline.call("GET", "/photos").by(TestPipeline.BOB).send().status())
                .isEqualTo(200);
        assertThat(pipeline.call("PUT", "/photos?policy").body(policy).refused().error())
                .isEqualTo(S3Error.ACCESS_DENIED);
    }

    @Test
    void anAccountsBlockHoldsForBucketsThatAreStillToBeMade() {
        TestPipeline.Call open = pipeline.call("PUT", "/open")
                .header("x-amz-object-ownership", "ObjectWriter")
                .header("x-amz-acl", "public-read");
        blockAccount("BlockPublicAcls");
        assertThat(open.refused().error()).isEqualTo(S3Error.ACCESS_DENIED);
        account("DELETE").send();
        assertThat(open.send().status()).isEqualTo(200);
    }

    @Test
    void onlyAnAdministratorOfTheAccountMaySetItAndReadersMayReadIt() {
        String block = "<PublicAccessBlockConfiguration/>";
        assertThat(account("PUT").body(block).by(TestPipeline.ALICE).refused().error())
                .isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(account("DELETE").by(TestPipeline.ALICE).refused().error()).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(account("GET").by(TestPipeline.ALICE).refused().error())
                .isEqualTo(S3Error.NO_SUCH_PUBLIC_ACCESS_BLOCK);
        for (String method : List.of("GET", "PUT", "DELETE")) {
            assertThat(account(method)
                            .body(block)
                            .by(TestPipeline.BOB)
                            .refused()
                            .error())
                    .as(method)
                    .isEqualTo(S3Error.ACCESS_DENIED);
        }
    }

    @Test
    void withoutTheAccountsHeaderThePathIsAKey() {
        pipeline.call("PUT", "/v20180820").send();
        pipeline.call("PUT", "/v20180820/configuration/publicAccessBlock")
                .body("an object")
                .send();
        assertThat(pipeline.call("GET", "/v20180820/configuration/publicAccessBlock")
                        .send()
                        .text())
                .isEqualTo("an object");
    }
}
