package io.pataka.service.operation.acl;

import static io.pataka.service.operation.acl.AclDocuments.document;
import static io.pataka.service.operation.acl.AclDocuments.grants;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.access.ObjectOwnership;
import io.pataka.service.model.Caller;
import io.pataka.service.operation.TestHouse;
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

/** Whose a bucket and its objects are, and who may do what with them, in each state of object ownership. */
class ObjectOwnershipTest {

    private final TestHouse house =
            new TestHouse(new BucketRules("RegionOne", true, 0, ObjectOwnership.OBJECT_WRITER), ObjectRules.STANDARD);

    @BeforeEach
    void makeABucket() {
        house.call("PUT", "/photos").send();
        house.call("PUT", "/photos/cat").body("meow").send();
    }

    @Test
    void aBucketIsItsOwnersAlone() {
        XmlElement policy = house.call("GET", "/photos?acl").send().xml("AccessControlPolicy");

        assertThat(policy.required("Owner").textOf("ID")).contains("alice");
        assertThat(grants(policy)).containsExactly("FULL_CONTROL alice");
        assertThat(refusal("GET", "/photos?acl", TestHouse.BOB)).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(refusal("GET", "/photos/cat", TestHouse.BOB)).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(refusal("GET", "/photos/cat", Caller.ANONYMOUS)).isEqualTo(S3Error.ACCESS_DENIED);
    }

    @Test
    void anyoneMayReadAPublicObjectAndNoMore() {
        house.call("PUT", "/photos/cat?acl").header("x-amz-acl", "public-read").send();

        assertThat(house.call("GET", "/photos/cat").by(Caller.ANONYMOUS).send().text())
                .isEqualTo("meow");
        assertThat(house.call("HEAD", "/photos/cat").by(TestHouse.BOB).send().status())
                .isEqualTo(200);
        assertThat(refusal("GET", "/photos/cat?acl", TestHouse.BOB)).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(refusal("DELETE", "/photos/cat", TestHouse.BOB)).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(refusal("PUT", "/photos/cat", Caller.ANONYMOUS)).isEqualTo(S3Error.ACCESS_DENIED);
    }

    @Test
    void aCallerWhoMayNotListCannotTellMissingKeys() {
        assertThat(refusal("GET", "/photos/dog", TestHouse.BOB)).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(refusal("HEAD", "/photos/dog", Caller.ANONYMOUS)).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(refusal("GET", "/photos/dog?acl", TestHouse.BOB)).isEqualTo(S3Error.ACCESS_DENIED);

        house.call("PUT", "/photos?acl").header("x-amz-acl", "public-read").send();

        assertThat(refusal("GET", "/photos/dog", TestHouse.BOB)).isEqualTo(S3Error.NO_SUCH_KEY);
        assertThat(refusal("GET", "/photos/cat", TestHouse.BOB)).isEqualTo(S3Error.ACCESS_DENIED);
    }

    @Test
    void anObjectInAnothersBucketIsItsWriters() {
        house.call("PUT", "/photos?acl")
                .header("x-amz-acl", "public-read-write")
                .send();
        house.call("PUT", "/photos/dog").by(TestHouse.BOB).body("woof").send();

        assertThat(house.call("GET", "/photos/dog").by(TestHouse.BOB).send().text())
                .isEqualTo("woof");
        assertThat(refusal("GET", "/photos/dog", TestHouse.ALICE)).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(refusal("GET", "/photos/dog?acl", TestHouse.ALICE)).isEqualTo(S3Error.ACCESS_DENIED);

        house.call("PUT", "/photos/dog?acl")
                .by(TestHouse.BOB)
                .header("x-amz-acl", "bucket-owner-read")
                .send();

        assertThat(house.call("GET", "/photos/dog").send().text()).isEqualTo("woof");
        assertThat(grants(house.call("GET", "/photos/dog?acl")
                        .by(TestHouse.BOB)
                        .send()
                        .xml("AccessControlPolicy")))
                .containsExactly("FULL_CONTROL bob", "READ alice");
        assertThat(house.call("DELETE", "/photos/dog").send().status()).isEqualTo(204);
    }

    @Test
    void aPreferredOwnerGetsWhatIsGivenToIt() {
        house.call("PUT", "/photos?ownershipControls")
                .body("<OwnershipControls><Rule><ObjectOwnership>BucketOwnerPreferred</ObjectOwnership></Rule>"
                        + "</OwnershipControls>")
                .send();
        house.call("PUT", "/photos?acl")
                .header("x-amz-acl", "public-read-write")
                .send();
        house.call("PUT", "/photos/given")
                .by(TestHouse.BOB)
                .header("x-amz-acl", "bucket-owner-full-control")
                .send();
        house.call("PUT", "/photos/kept").by(TestHouse.BOB).send();

        assertThat(house.call("GET", "/photos/given").send().status()).isEqualTo(200);
        assertThat(refusal("GET", "/photos/given", TestHouse.BOB)).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(refusal("GET", "/photos/kept", TestHouse.ALICE)).isEqualTo(S3Error.ACCESS_DENIED);
    }

    @Test
    void anEnforcedOwnerMakesAclsVoid() {
        house.call("PUT", "/photos/cat?acl").header("x-amz-acl", "public-read").send();
        house.call("PUT", "/photos?ownershipControls")
                .body("<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule>"
                        + "</OwnershipControls>")
                .send();

        assertThat(refusal("GET", "/photos/cat", TestHouse.BOB)).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(grants(house.call("GET", "/photos/cat?acl").send().xml("AccessControlPolicy")))
                .containsExactly("FULL_CONTROL alice");
        assertThat(house.call("PUT", "/photos/cat?acl")
                        .header("x-amz-acl", "public-read")
                        .refused()
                        .error())
                .isEqualTo(S3Error.ACCESS_CONTROL_LIST_NOT_SUPPORTED);
        assertThat(house.call("PUT", "/photos/new")
                        .header("x-amz-grant-read", "id=bob")
                        .refused()
                        .error())
                .isEqualTo(S3Error.ACCESS_CONTROL_LIST_NOT_SUPPORTED);
        assertThat(house.call("PUT", "/photos?acl")
                        .header("x-amz-acl", "public-read")
                        .refused()
                        .error())
                .isEqualTo(S3Error.ACCESS_CONTROL_LIST_NOT_SUPPORTED);
        assertThat(house.call("PUT", "/photos/mine")
                        .header("x-amz-acl", "bucket-owner-full-control")
                        .send()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aPolicyCanDemandFullControlForTheBucketsOwner() {
        house.call("PUT", "/photos?policy")
                .body("{\"Statement\": {\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"s3:PutObject\","
                        + "\"Resource\": \"arn:aws:s3:::photos/*\", \"Condition\": {\"StringEquals\":"
                        + "{\"s3:x-amz-grant-full-control\": \"id=alice\"}}}}")
                .send();

        assertThat(house.call("PUT", "/photos/given")
                        .by(TestHouse.BOB)
                        .header("x-amz-grant-full-control", "id=alice")
                        .send()
                        .status())
                .isEqualTo(200);
        assertThat(house.call("PUT", "/photos/public")
                        .by(TestHouse.BOB)
                        .header("x-amz-grant-full-control", "id=alice")
                        .header("x-amz-grant-read", "uri=http://acs.amazonaws.com/groups/global/AllUsers")
                        .refused()
                        .error())
                .isEqualTo(S3Error.ACCESS_DENIED);
    }

    @Test
    void ownershipIsNotEnforcedWhileAnAclAdmitsOthers() {
        house.call("PUT", "/photos?acl").header("x-amz-acl", "public-read").send();

        assertThat(house.call("PUT", "/photos?ownershipControls")
                        .body("<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule>"
                                + "</OwnershipControls>")
                        .refused()
                        .error())
                .isEqualTo(S3Error.INVALID_BUCKET_ACL_WITH_OBJECT_OWNERSHIP);
    }

    @Test
    void ownershipControlsAreSetAndDeleted() {
        assertThat(house.call("GET", "/photos?ownershipControls").refused().error())
                .isEqualTo(S3Error.OWNERSHIP_CONTROLS_NOT_FOUND);
        house.call("PUT", "/other")
                .header("x-amz-object-ownership", "BucketOwnerPreferred")
                .send();
        assertThat(house.call("GET", "/other?ownershipControls").send().text())
                .contains("<ObjectOwnership>BucketOwnerPreferred</ObjectOwnership>");
        assertThat(house.call("DELETE", "/other?ownershipControls").send().status())
                .isEqualTo(204);
        assertThat(house.call("GET", "/other?ownershipControls").refused().error())
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
        assertThat(house.call("PUT", "/photos?ownershipControls")
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
        house.call("PUT", "/enforced")
                .header("x-amz-object-ownership", "BucketOwnerEnforced")
                .send();
        house.call("PUT", "/enforced/cat").send();

        for (String target : List.of("/enforced/new", "/enforced/cat?acl", "/enforced?acl")) {
            TestHouse.Call call = house.call("PUT", target).header(header, value);
            if (status == 200) {
                assertThat(call.send().status()).as(target).isEqualTo(200);
            } else {
                assertThat(call.refused().error()).as(target).isEqualTo(S3Error.ACCESS_CONTROL_LIST_NOT_SUPPORTED);
            }
        }
    }

    private S3Error refusal(String method, String target, Caller caller) {
        return house.call(method, target).by(caller).refused().error();
    }
}
