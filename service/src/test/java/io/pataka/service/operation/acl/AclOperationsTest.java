package io.pataka.service.operation.acl;

import static io.pataka.service.operation.acl.AclDocuments.ALL_USERS;
import static io.pataka.service.operation.acl.AclDocuments.document;
import static io.pataka.service.operation.acl.AclDocuments.grant;
import static io.pataka.service.operation.acl.AclDocuments.grants;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.access.ObjectOwnership;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.Caller;
import io.pataka.service.operation.TestPipeline;
import io.pataka.service.operation.TestPipeline.Reply;
import io.pataka.service.operation.bucket.BucketRules;
import io.pataka.service.operation.object.ObjectRules;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ACLs from headers and documents: what is taken, what is refused, and who may read and write them. */
class AclOperationsTest {

    private final TestPipeline pipeline = new TestPipeline(
            new BucketRules("RegionOne", true, 0, ObjectOwnership.OBJECT_WRITER), ObjectRules.STANDARD);

    @BeforeEach
    void makeABucket() {
        pipeline.call("PUT", "/photos").send();
        pipeline.call("PUT", "/photos/cat").body("meow").send();
    }

    @Test
    void takesGrantsFromHeaders() {
        pipeline.call("PUT", "/photos/cat?acl")
                .header("x-amz-grant-read", "id=\"bob\", uri=\"" + ALL_USERS + "\"")
                .header("x-amz-grant-full-control", "emailAddress=bob@example.com")
                .header("x-amz-grant-write-acp", "id=bob-user")
                .send();

        assertThat(grants(pipeline.call("GET", "/photos/cat?acl").send().xml("AccessControlPolicy")))
                .containsExactly("READ " + ALL_USERS, "READ bob", "WRITE_ACP bob-user", "FULL_CONTROL bob");
    }

    /** The tests of Ceph Gateway expect groups before the owner; Amazon names the owner first. */
    @Test
    void listsGroupsFirstThenTheOwnerThenOthers() {
        pipeline.call("PUT", "/photos?acl")
                .body(document(
                        "alice",
                        grant("<ID>bob</ID>", "READ")
                                + grant("<ID>alice</ID>", "FULL_CONTROL")
                                + grant("<URI>" + ALL_USERS + "</URI>", "WRITE")
                                + grant("<ID>bob</ID>", "WRITE")
                                + grant("<URI>" + ALL_USERS + "</URI>", "READ")))
                .send();

        assertThat(grants(pipeline.call("GET", "/photos?acl").send().xml("AccessControlPolicy")))
                .containsExactly(
                        "WRITE " + ALL_USERS, "READ " + ALL_USERS, "FULL_CONTROL alice", "READ bob", "WRITE bob");
    }

    @ParameterizedTest
    @CsvSource({
        "id=unknown, Invalid id, id, unknown",
        "uri=http://example.com/group, Invalid group uri, uri, http://example.com/group",
        "key=1, Argument format not recognized, x-amz-grant-read, key=1",
        "bob, Argument format not recognized, x-amz-grant-read, bob"
    })
    void namesTheArgumentThatIsWrong(String value, String message, String name, String argument) {
        S3Exception refused = pipeline.call("PUT", "/photos?acl")
                .header("x-amz-grant-read", value)
                .refused();

        assertThat(refused.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refused.getMessage()).isEqualTo(message);
        assertThat(refused.details()).containsEntry("ArgumentName", name).containsEntry("ArgumentValue", argument);
    }

    @ParameterizedTest
    @CsvSource({
        "CanonicalUser, <ID>bob</ID>, true",
        "Group, <URI>http://acs.amazonaws.com/groups/global/AllUsers</URI>, true",
        "AmazonCustomerByEmail, <EmailAddress>bob@example.com</EmailAddress>, true",
        "BadType, <ID>bob</ID>, false",
        "Group, <ID>bob</ID>, false",
        "CanonicalUser, <URI>http://acs.amazonaws.com/groups/global/AllUsers</URI>, false"
    })
    void theTypeOfAGranteeMustFitItsElements(String type, String grantee, boolean taken) {
        String document = document(
                "alice",
                grant(grantee, "READ")
                        .replace(
                                "<Grantee>",
                                "<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"" + type
                                        + "\">"));

        if (taken) {
            assertThat(pipeline.call("PUT", "/photos?acl").body(document).send().status())
                    .isEqualTo(200);
        } else {
            assertThat(putAcl(document)).isEqualTo(S3Error.MALFORMED_ACL);
        }
    }

    @Test
    void anOwnerThatIsNotThereIsAnInvalidArgument() {
        S3Exception refused = pipeline.call("PUT", "/photos?acl")
                .body(document("unknown", ""))
                .refused();

        assertThat(refused.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refused.details())
                .containsEntry("ArgumentName", "CanonicalUser/ID")
                .containsEntry("ArgumentValue", "unknown");
    }

    @Test
    void aDeleteMarkerHasNoAcl() {
        pipeline.buckets().setVersioning(pipeline.bucket("photos"), Versioning.ENABLED);
        pipeline.bucket("photos");
        pipeline.call("DELETE", "/photos/cat").send();

        S3Exception put = pipeline.call("PUT", "/photos/cat?acl")
                .header("x-amz-acl", "private")
                .refused();
        S3Exception get = pipeline.call("GET", "/photos/cat?acl").refused();

        assertThat(put.error()).isEqualTo(S3Error.METHOD_NOT_ALLOWED);
        assertThat(put.headers()).containsEntry("x-amz-delete-marker", "true");
        assertThat(get.error()).isEqualTo(S3Error.NO_SUCH_KEY);
        assertThat(get.headers()).containsEntry("x-amz-delete-marker", "true");
    }

    @Test
    void returnsTheDocumentThatWasPut() {
        pipeline.call("PUT", "/photos?acl")
                .body(document(
                        "alice", grant("<ID>bob</ID>", "READ") + grant("<URI>" + ALL_USERS + "</URI>", "READ_ACP")))
                .send();

        Reply reply = pipeline.call("GET", "/photos?acl").by(Caller.ANONYMOUS).send();
        assertThat(grants(reply.xml("AccessControlPolicy"))).containsExactly("READ_ACP " + ALL_USERS, "READ bob");
        assertThat(reply.text()).contains("<DisplayName>BOB</DisplayName>").contains("xsi:type=\"CanonicalUser\"");
        assertThat(pipeline.call("GET", "/photos").by(TestPipeline.BOB).send().status())
                .isEqualTo(200);
        assertThat(refusal("GET", "/photos", Caller.ANONYMOUS)).isEqualTo(S3Error.ACCESS_DENIED);
    }

    @Test
    void anEmptyListLeavesTheOwnerItsRights() {
        pipeline.call("PUT", "/photos?acl").body(document("alice", "")).send();

        assertThat(grants(pipeline.call("GET", "/photos?acl").send().xml("AccessControlPolicy")))
                .isEmpty();
        assertThat(pipeline.call("GET", "/photos").send().status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<ID>unknown</ID> | READ | InvalidArgument",
                "<URI>http://example.com/group</URI> | READ | InvalidArgument",
                "<EmailAddress>eve@example.com</EmailAddress> | READ | UnresolvableGrantByEmailAddress",
                "<ID>bob</ID> | EXECUTE | MalformedACLError",
                "<DisplayName>bob</DisplayName> | READ | MalformedACLError"
            })
    void refusesGrantsToUnknownGrantees(String grantee, String permission, String code) {
        assertThat(pipeline.call("PUT", "/photos?acl")
                        .body(document("alice", grant(grantee, permission)))
                        .refused()
                        .error()
                        .code())
                .isEqualTo(code);
    }

    @Test
    void refusesDocumentsThatSayTooMuchOrTooLittle() {
        assertThat(putAcl(document("bob", ""))).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(putAcl("<AccessControlPolicy><AccessControlList/></AccessControlPolicy>"))
                .isEqualTo(S3Error.MALFORMED_ACL);
        assertThat(putAcl(document("alice", "text"))).isEqualTo(S3Error.MALFORMED_ACL);
        assertThat(putAcl(document("alice", "<Other/>"))).isEqualTo(S3Error.MALFORMED_ACL);
        assertThat(putAcl(document("alice", "") + "<Other/>")).isEqualTo(S3Error.MALFORMED_ACL);
        assertThat(putAcl(document("alice", grant("<ID>bob</ID>", "READ").repeat(101))))
                .isEqualTo(S3Error.MALFORMED_ACL);
        assertThat(pipeline.call("PUT", "/photos?acl").refused().error()).isEqualTo(S3Error.MISSING_SECURITY_HEADER);
        assertThat(pipeline.call("PUT", "/photos?acl")
                        .header("x-amz-acl", "private")
                        .body(document("alice", ""))
                        .refused()
                        .error())
                .isEqualTo(S3Error.UNEXPECTED_CONTENT);
        assertThat(pipeline.call("PUT", "/photos?acl")
                        .header("x-amz-acl", "private")
                        .header("x-amz-grant-read", "id=bob")
                        .refused()
                        .error())
                .isEqualTo(S3Error.INVALID_REQUEST);
        assertThat(pipeline.call("PUT", "/photos?acl")
                        .header("x-amz-acl", "everybody")
                        .refused()
                        .error())
                .isEqualTo(S3Error.INVALID_ARGUMENT);
    }

    @Test
    void onlyWhoMayWriteTheListWritesIt() {
        pipeline.call("PUT", "/photos/cat?acl")
                .header("x-amz-grant-read-acp", "id=bob")
                .send();
        assertThat(pipeline.call("GET", "/photos/cat?acl")
                        .by(TestPipeline.BOB)
                        .send()
                        .status())
                .isEqualTo(200);
        assertThat(pipeline.call("PUT", "/photos/cat?acl")
                        .by(TestPipeline.BOB)
                        .header("x-amz-acl", "public-read")
                        .refused()
                        .error())
                .isEqualTo(S3Error.ACCESS_DENIED);

        pipeline.call("PUT", "/photos/cat?acl")
                .header("x-amz-grant-write-acp", "id=bob")
                .send();
        pipeline.call("PUT", "/photos/cat?acl")
                .by(TestPipeline.BOB)
                .header("x-amz-grant-read", "id=bob")
                .send();
        assertThat(pipeline.call("GET", "/photos/cat")
                        .by(TestPipeline.BOB)
                        .send()
                        .text())
                .isEqualTo("meow");
    }

    @Test
    void explainsARefusalToAnOwnerWhoAsks() {
        pipeline.call("PUT", "/photos?acl")
                .header("x-amz-acl", "public-read-write")
                .send();
        pipeline.call("PUT", "/photos/dog").by(TestPipeline.BOB).body("woof").send();

        S3Exception refused = pipeline.call("GET", "/photos/dog")
                .header("x-pataka-explain", "1")
                .refused();

        assertThat(refused.headers().get("x-pataka-explanation"))
                .isEqualTo(
                        "roles: reach far enough; policy: none; owner: the object is another project's, of which this"
                                + " policy says nothing; ACL: no grant of READ");
        assertThat(refused.rule()).contains("ACL: no grant of READ");
        assertThat(pipeline.call("GET", "/photos?policy")
                        .by(TestPipeline.BOB)
                        .header("x-pataka-explain", "1")
                        .refused()
                        .headers())
                .doesNotContainKey("x-pataka-explanation");
    }

    private S3Error putAcl(String document) {
        return pipeline.call("PUT", "/photos?acl").body(document).refused().error();
    }

    private S3Error refusal(String method, String target, Caller caller) {
        return pipeline.call(method, target).by(caller).refused().error();
    }
}
