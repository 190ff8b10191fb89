package io.pataka.service.operation.acl;

import static io.pataka.service.operation.acl.AclDocuments.document;
import static io.pataka.service.operation.acl.AclDocuments.grants;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.access.ObjectOwnership;
import io.pataka.service.model.Caller;
import io.pataka.service.operation.TestPipeline;
import io.pataka.service.operation.bucket.BucketRules;
import io.pataka.service.operation.object.ObjectRules;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.xml.XmlElement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who owns a bucket and its objects, and who may do what with them, for each setting of object ownership. */
class ObjectOwnershipTest {

    private final TestPipeline pipeline = new TestPipeline(
            new BucketRules("RegionOne", true, 0, ObjectOwnership.OBJECT_WRITER), ObjectRules.STANDARD);

    @BeforeEach
    void makeABucket() {
        pipeline.call("PUT", "/photos").send();
        pipeline.call("PUT", "/photos/cat").body("meow").send();
    }

    @Test
    void aBucketIsItsOwnersAlone() {
        XmlElement policy = pipeline.call("GET", "/photos?acl").send().xml("AccessControlPolicy");

        assertThat(policy.required("Owner").textOf("ID")).contains("alice");
        assertThat(grants(policy)).containsExactly("FULL_CONTROL alice");
        assertThat(refusal("GET", "/photos?acl", TestPipeline.BOB)).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(refusal("GET", "/photos/cat", TestPipeline.BOB)).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(refusal("GET", "/photos/cat", Caller.ANONYMOUS)).isEqualTo(S3Error.ACCESS_DENIED);
    }

    @Test
    void anyoneMayReadAPublicObjectAndNoMore() {
        pipeline.call("PUT", "/photos/cat?acl")
                .header("x-amz-acl", "public-read")
                .send();

        assertThat(pipeline.call("GET", "/photos/cat")
                        .by(Caller.ANONYMOUS)
                        .send()
                        .text())
                .isEqualTo("meow");
        assertThat(pipeline.call("HEAD", "/photos/cat")
                        .by(TestPipeline.BOB)
                        .send()
                        .status())
                .isEqualTo(200);
        assertThat(refusal("GET", "/photos/cat?acl", TestPipeline.BOB)).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(refusal("DELETE", "/photos/cat", TestPipeline.BOB)).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(refusal("PUT", "/photos/cat", Caller.ANONYMOUS)).isEqualTo(S3Error.ACCESS_DENIED);
    }

    @Test
    void aCallerWhoMayNotListDoesNotLearnWhichKeysAreMissing() {
        assertThat(refusal("GET", "/photos/dog", TestPipeline.BOB)).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(refusal("HEAD", "/photos/dog", Caller.ANONYMOUS)).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(refusal("GET", "/photos/dog?acl", TestPipeline.BOB)).isEqualTo(S3Error.ACCESS_DENIED);

        pipeline.call("PUT", "/photos?acl").header("x-amz-acl", "public-read").send();

        assertThat(refusal("GET", "/photos/dog", TestPipeline.BOB)).isEqualTo(S3Error.NO_SUCH_KEY);
        assertThat(refusal("GET", "/photos/cat", TestPipeline.BOB)).isEqualTo(S3Error.ACCESS_DENIED);
    }

    @Test
    void anObjectInAnothersBucketIsItsWriters() {
        pipeline.call("PUT", "/photos?acl")
                .header("x-amz-acl", "public-read-write")
                .send();
        pipeline.call("PUT", "/photos/dog").by(TestPipeline.BOB).body("woof").send();

        assertThat(pipeline.call("GET", "/photos/dog")
                        .by(TestPipeline.BOB)
                        .send()
                        .text())
                .isEqualTo("woof");
        assertThat(refusal("GET", "/photos/dog", TestPipeline.ALICE)).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(refusal("GET", "/photos/dog?acl", TestPipeline.ALICE)).isEqualTo(S3Error.ACCESS_DENIED);

        pipeline.call("PUT", "/photos/dog?acl")
                .by(TestPipeline.BOB)
                .header("x-amz-acl", "bucket-owner-read")
                .send();

        assertThat(pipeline.call("GET", "/photos/dog").send().text()).isEqualTo("woof");
        assertThat(grants(pipeline.call("GET", "/photos/dog?acl")
                        .by(TestPipeline.BOB)
                        .send()
                        .xml("AccessControlPolicy")))
                .containsExactly("FULL_CONTROL bob", "READ alice");
        assertThat(pipeline.call("DELETE", "/photos/dog").send().status()).isEqualTo(204);
    }

    @Test
    void aPreferredOwnerGetsWhatIsGivenToIt() {
        pipeline.call("PUT", "/photos?ownershipControls")
                .body("<OwnershipControls><Rule><ObjectOwnership>BucketOwnerPreferred</ObjectOwnership></Rule>"
                        + "</OwnershipControls>")
                .send();
        pipeline.call("PUT", "/photos?acl")
                .header("x-amz-acl", "public-read-write")
                .send();
        pipeline.call("PUT", "/photos/given")
                .by(TestPipeline.BOB)
                .header("x-amz-acl", "bucket-owner-full-control")
                .send();
        pipeline.call("PUT", "/photos/kept").by(TestPipeline.BOB).send();

        assertThat(pipeline.call("GET", "/photos/given").send().status()).isEqualTo(200);
        assertThat(refusal("GET", "/photos/given", TestPipeline.BOB)).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(refusal("GET", "/photos/kept", TestPipeline.ALICE)).isEqualTo(S3Error.ACCESS_DENIED);
    }

    @Test
    void aclsDoNotCountIfTheOwnerIsEnforced() {
        pipeline.call("PUT", "/photos/cat?acl")
                .header("x-amz-acl", "public-read")
                .send();
        pipeline.call("PUT", "/photos?ownershipControls")
                .body("<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule>"
                        + "</OwnershipControls>")
                .send();

        assertThat(refusal("GET", "/photos/cat", TestPipeline.BOB)).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(grants(pipeline.call("GET", "/photos/cat?acl").send().xml("AccessControlPolicy")))
                .containsExactly("FULL_CONTROL alice");
        assertThat(pipeline.call("PUT", "/photos/cat?acl")
                        .header("x-amz-acl", "public-read")
                        .refused()
                        .error())
                .isEqualTo(S3Error.ACCESS_CONTROL_LIST_NOT_SUPPORTED);
        assertThat(pipeline.call("PUT", "/photos/new")
                        .header("x-amz-grant-read", "id=bob")
                        .refused()
                        .error())
                .isEqualTo(S3Error.ACCESS_CONTROL_LIST_NOT_SUPPORTED);
        assertThat(pipeline.call("PUT", "/photos?acl")
                        .header("x-amz-acl", "public-read")
                        .refused()
                        .error())
                .isEqualTo(S3Error.ACCESS_CONTROL_LIST_NOT_SUPPORTED);
        assertThat(pipeline.call("PUT", "/photos/mine")
                        .header("x-amz-acl", "bucket-owner-full-control")
                        .send()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aPolicyCanDemandFullControlForTheBucketsOwner() {
        pipeline.call("PUT", "/photos?policy")
                .body("{\"Statement\": {\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"s3:PutObject\","
                        + "\"Resource\": \"arn:aws:s3:::photos/*\", \"Condition\": {\"StringEquals\":"
                        + "{\"s3:x-amz-grant-full-control\": \"id=alice\"}}}}")
                .send();

        assertThat(pipeline.call("PUT", "/photos/given")
                        .by(TestPipeline.BOB)
                        .header("x-amz-grant-full-control", "id=alice")
                        .send()
                        .status())
                .isEqualTo(200);
        assertThat(pipeline.call("PUT", "/photos/public")
                        .by(TestPipeline.BOB)
                        .header("x-amz-grant-full-control", "id=alice")
                        .header("x-amz-grant-read", "uri=http://acs.amazonaws.com/groups/global/AllUsers")
                        .refused()
                        .error())
                .isEqualTo(S3Error.ACCESS_DENIED);
    }

    @Test
    void ownershipIsNotEnforcedWhileAnAclGrantsAccessToOthers() {
        pipeline.call("PUT", "/photos?acl").header("x-amz-acl", "public-read").send();

        assertThat(pipeline.call("PUT", "/photos?ownershipControls")
                        .body("<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule>"
                                + "</OwnershipControls>")
                        .refused()
                        .error())
                .isEqualTo(S3Error.INVALID_BUCKET_ACL_WITH_OBJECT_OWNERSHIP);
    }

    @Test
    void ownershipControlsAreSetAndDeleted() {
        assertThat(pipeline.call("GET", "/photos?ownershipControls").refused().error())
                .isEqualTo(S3Error.OWNERSHIP_CONTROLS_NOT_FOUND);
        pipeline.call("PUT", "/other")
                .header("x-amz-object-ownership", "BucketOwnerPreferred")
                .send();
        assertThat(pipeline.call("GET", "/other?ownershipControls").send().text())
                .contains("<ObjectOwnership>BucketOwnerPreferred</ObjectOwnership>");
        assertThat(pipeline.call("DELETE", "/other?ownershipControls").send().status())
                .isEqualTo(204);
        assertThat(pipeline.call("GET", "/other?ownershipControls").refused().error())
                .isEqualTo(S3Error.OWNERSHIP_CONTROLS_NOT_FOUND);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<OwnershipControls/>",
                "<OwnershipControls><Rule><ObjectOwnership>Mine</ObjectOwnership></Rule></OwnershipControls>",
                "<OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule>"
                        + "<Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>",
                "<Ownership/>",
                "<OwnershipControls><Rule/></OwnershipControls>",
                "<OwnershipControls>text<Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>",
                "<OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership><Other/></Rule></OwnershipControls>",
                "nothing"
            })
    void refusesMalformedControls(String document) {
        assertThat(pipeline.call("PUT", "/photos?ownershipControls")
                        .body(document)
                        .refused()
                        .error())
                .isEqualTo(S3Error.MALFORMED_XML);
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-acl, bucket-owner-full-control, 200",
        "x-amz-grant-full-control, id=alice, 200",
        "x-amz-acl, private, 400",
        "x-amz-acl, bucket-owner-read, 400",
        "x-amz-acl, public-read, 400",
        "x-amz-grant-read, id=alice, 400",
        "x-amz-grant-full-control, id=bob, 400"
    })
    void whereTheOwnerIsEnforcedOnlyItsFullControlMayBeNamed(String header, String value, int status) {
        pipeline.call("PUT", "/enforced")
                .header("x-amz-object-ownership", "BucketOwnerEnforced")
                .send();
        pipeline.call("PUT", "/enforced/cat").send();

        for (String target : List.of("/enforced/new", "/enforced/cat?acl", "/enforced?acl")) {
            TestPipeline.Call call = pipeline.call("PUT", target).header(header, value);
            if (status == 200) {
                assertThat(call.send().status()).as(target).isEqualTo(200);
            } else {
                assertThat(call.refused().error()).as(target).isEqualTo(S3Error.ACCESS_CONTROL_LIST_NOT_SUPPORTED);
            }
        }
    }

    private S3Error refusal(String method, String target, Caller caller) {
        return pipeline.call(method, target).by(caller).refused().error();
    }
}
