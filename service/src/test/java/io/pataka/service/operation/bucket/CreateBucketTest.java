package io.pataka.service.operation.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.model.Bucket;
import io.pataka.service.operation.TestPipeline;
import io.pataka.service.operation.TestPipeline.Reply;
import io.pataka.service.operation.object.ObjectRules;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.xml.XmlElement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CreateBucketTest {

    private final TestPipeline pipeline = new TestPipeline();

    @Test
    void makesABucketOfTheCallers() {
        Reply reply = pipeline.call("PUT", "/photos").send();

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Location")).isEqualTo("/photos");
        assertThat(pipeline.bucket("photos").owner().id()).isEqualTo("alice");
        assertThat(pipeline.bucket("photos").objectLock()).isFalse();
    }

    @Test
    void answersTheOwnerOnceMoreAndChangesNothing() {
        pipeline.call("PUT", "/photos").send();
        long id = pipeline.bucket("photos").id();

        assertThat(pipeline.call("PUT", "/photos").send().status()).isEqualTo(200);
        assertThat(pipeline.bucket("photos").id()).isEqualTo(id);
    }

    @Test
    void refusesAnothersNameAndTags() {
        pipeline.call("PUT", "/photos").body(tagged("a", "1")).send();

        assertThat(pipeline.call("PUT", "/photos")
                        .by(TestPipeline.BOB)
                        .refused()
                        .error())
                .isEqualTo(S3Error.BUCKET_ALREADY_EXISTS);
        assertThat(pipeline.call("PUT", "/photos")
                        .body(tagged("a", "2"))
                        .refused()
                        .error())
                .isEqualTo(S3Error.BUCKET_ALREADY_OWNED_BY_YOU);
        assertThat(pipeline.call("PUT", "/photos")
                        .body(tagged("a", "1"))
                        .refused()
                        .error())
                .isEqualTo(S3Error.BUCKET_ALREADY_OWNED_BY_YOU);
        assertThat(pipeline.call("PUT", "/photos").send().status()).isEqualTo(200);
        assertThat(pipeline.call("PUT", "/photos")
                        .body("<CreateBucketConfiguration><Tags/></CreateBucketConfiguration>")
                        .send()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void tagsTheBucket() {
        pipeline.call("PUT", "/photos").body(tagged("team", "blue")).send();

        XmlElement tag = pipeline.call("GET", "/photos?tagging")
                .send()
                .xml("Tagging")
                .required("TagSet")
                .required("Tag");
        assertThat(tag.requiredText("Key")).isEqualTo("team");
        assertThat(tag.requiredText("Value")).isEqualTo("blue");
    }

    @Test
    void makesNoBucketWithInvalidTags() {
        assertThat(pipeline.call("PUT", "/photos")
                        .body(tagged("aws:team", "blue"))
                        .refused()
                        .error())
                .isEqualTo(S3Error.INVALID_TAG);
        assertThat(pipeline.call("HEAD", "/photos").refused().error()).isEqualTo(S3Error.NO_SUCH_BUCKET);
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-bucket-object-lock-enabled, maybe, INVALID_ARGUMENT",
        "x-amz-bucket-namespace, account-regional, NOT_IMPLEMENTED"
    })
    void refusesHeadersThatItCannotObey(String header, String value, S3Error error) {
        assertThat(pipeline.call("PUT", "/vault")
                        .header(header, value)
                        .refused()
                        .error())
                .isEqualTo(error);
        assertThat(pipeline.call("HEAD", "/vault").refused().error()).isEqualTo(S3Error.NO_SUCH_BUCKET);
    }

    @Test
    void aBucketWithObjectLockHasVersioning() {
        pipeline.call("PUT", "/vault")
                .header("x-amz-bucket-object-lock-enabled", "True")
                .send();

        assertThat(pipeline.bucket("vault").objectLock()).isTrue();
        assertThat(pipeline.bucket("vault").versioning()).isEqualTo(Bucket.Versioning.ENABLED);
    }

    @Test
    void aBucketIsMadeOnceMoreOnlyWithTheObjectLockThatItHas() {
        for (String first : List.of("true", "false")) {
            for (String second : List.of("true", "false")) {
                String target = "/" + first + "-" + second;
                pipeline.call("PUT", target)
                        .header("x-amz-bucket-object-lock-enabled", first)
                        .send();
                TestPipeline.Call again =
                        pipeline.call("PUT", target).header("x-amz-bucket-object-lock-enabled", second);
                if (first.equals(second)) {
                    assertThat(again.send().status()).isEqualTo(200);
                } else {
                    assertThat(again.refused().error()).isEqualTo(S3Error.BUCKET_ALREADY_OWNED_BY_YOU);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"x-amz-bucket-object-lock-enabled, false", "x-amz-bucket-namespace, global"})
    void takesHeadersThatAskForNothing(String header, String value) {
        assertThat(pipeline.call("PUT", "/photos").header(header, value).send().status())
                .isEqualTo(200);
    }

    @Test
    void holdsNamesToTheRulesOfTheSettings() {
        TestPipeline relaxed = new TestPipeline(TestPipeline.bucketRules("RegionOne", false, 0), ObjectRules.STANDARD);

        for (String name : List.of("Photos", "my_photos", "ab", "a..b", "192.168.5.4")) {
            assertThat(pipeline.call("PUT", "/" + name).refused().error())
                    .as(name)
                    .isEqualTo(S3Error.INVALID_BUCKET_NAME);
        }
        assertThat(relaxed.call("PUT", "/My_Photos").send().status()).isEqualTo(200);
        assertThat(relaxed.call("PUT", "/ab").refused().error()).isEqualTo(S3Error.INVALID_BUCKET_NAME);
    }

    @Test
    void takesItsOwnRegionAndTheFirstOneAndNone() {
        for (String location : List.of("RegionOne", "us-east-1", "")) {
            assertThat(pipeline.call("PUT", "/photos")
                            .body(located(location))
                            .send()
                            .status())
                    .as(location)
                    .isEqualTo(200);
        }
    }

    @Test
    void refusesOtherRegions() {
        assertThat(pipeline.call("PUT", "/photos")
                        .body(located("eu-west-1"))
                        .refused()
                        .error())
                .isEqualTo(S3Error.ILLEGAL_LOCATION_CONSTRAINT);
        assertThat(pipeline.call("PUT", "/photos")
                        .body(located("Atlantis"))
                        .refused()
                        .error())
                .isEqualTo(S3Error.INVALID_LOCATION_CONSTRAINT);
        assertThat(pipeline.call("GET", "/").send().text()).doesNotContain("photos");
    }

    @Test
    void takesTheDefaultRegionOfClients() {
        assertThat(pipeline.call("PUT", "/photos")
                        .body(located("aws-global"))
                        .send()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void refusesAMalformedDocumentAndWhatItCannotDo() {
        assertThat(pipeline.call("PUT", "/photos")
                        .body("<CreateBucketConfiguration>")
                        .refused()
                        .error())
                .isEqualTo(S3Error.MALFORMED_XML);
        for (String inside : List.of(
                "text",
                "<Other/>",
                "<Tags>text</Tags>",
                "<Tags/><Tags/>",
                "<LocationConstraint/><LocationConstraint/>")) {
            assertThat(pipeline.call("PUT", "/photos")
                            .body("<CreateBucketConfiguration>" + inside + "</CreateBucketConfiguration>")
                            .refused()
                            .error())
                    .as(inside)
                    .isEqualTo(S3Error.MALFORMED_XML);
        }
        assertThat(pipeline.call("PUT", "/photos")
                        .body("<CreateBucketConfiguration><Location><Name>usw2-az1</Name></Location>"
                                + "<Bucket><Type>Directory</Type></Bucket></CreateBucketConfiguration>")
                        .refused()
                        .error())
                .isEqualTo(S3Error.NOT_IMPLEMENTED);
    }

    /** From Amazon's reference: an ACL that grants access to others needs an ownership setting under which ACLs count. */
    @ParameterizedTest
    @CsvSource({
        "x-amz-acl, public-read",
        "x-amz-acl, public-read-write",
        "x-amz-acl, authenticated-read",
        "x-amz-grant-read, id=bob",
        "x-amz-grant-write, 'uri=http://acs.amazonaws.com/groups/global/AllUsers'"
    })
    void anAclThatGrantsAccessToOthersNeedsAnOwnershipSetting(String header, String value) {
        assertThat(pipeline.call("PUT", "/photos")
                        .header(header, value)
                        .refused()
                        .error())
                .isEqualTo(S3Error.INVALID_BUCKET_ACL_WITH_OBJECT_OWNERSHIP);
        assertThat(pipeline.call("HEAD", "/photos").refused().error()).isEqualTo(S3Error.NO_SUCH_BUCKET);

        pipeline.call("PUT", "/photos")
                .header(header, value)
                .header("x-amz-object-ownership", "BucketOwnerPreferred")
                .send();

        assertThat(ownership("/photos")).isEqualTo("BucketOwnerPreferred");
        assertThat(pipeline.call("GET", "/photos?acl")
                        .send()
                        .xml("AccessControlPolicy")
                        .required("AccessControlList")
                        .all("Grant"))
                .extracting(grant -> grant.requiredText("Permission"))
                .containsAnyOf("READ", "WRITE");
    }

    /** As rclone makes and fills a bucket, which names {@code private} each time. */
    @Test
    void aBucketMadeWithAListTakesLists() {
        pipeline.call("PUT", "/photos").header("x-amz-acl", "private").send();
        pipeline.call("PUT", "/other").send();
        pipeline.call("PUT", "/enforced")
                .header("x-amz-acl", "private")
                .header("x-amz-object-ownership", "BucketOwnerEnforced")
                .send();

        assertThat(ownership("/photos")).isEqualTo("BucketOwnerPreferred");
        assertThat(ownership("/other")).isEqualTo("BucketOwnerEnforced");
        assertThat(ownership("/enforced")).isEqualTo("BucketOwnerEnforced");
        assertThat(pipeline.call("PUT", "/photos/cat")
                        .header("x-amz-acl", "private")
                        .send()
                        .status())
                .isEqualTo(200);
    }

    private String ownership(String bucket) {
        return pipeline.call("GET", bucket + "?ownershipControls")
                .send()
                .xml("OwnershipControls")
                .required("Rule")
                .requiredText("ObjectOwnership");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Mine"})
    void refusesAnOwnershipThatThereIsNot(String ownership) {
        S3Exception refused = pipeline.call("PUT", "/photos")
                .header("x-amz-object-ownership", ownership)
                .refused();

        assertThat(refused.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refused.getMessage()).isEqualTo("Invalid x-amz-object-ownership header: " + ownership);
    }

    @Test
    void limitsTheBucketsOfAnOwner() {
        TestPipeline small = new TestPipeline(TestPipeline.bucketRules("RegionOne", true, 1), ObjectRules.STANDARD);
        small.call("PUT", "/photos").send();

        assertThat(small.call("PUT", "/videos").refused().error()).isEqualTo(S3Error.TOO_MANY_BUCKETS);
        assertThat(small.call("PUT", "/videos").by(TestPipeline.BOB).send().status())
                .isEqualTo(200);
    }

    private static String tagged(String key, String value) {
        return "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Tags><Tag><Key>" + key
                + "</Key><Value>" + value + "</Value></Tag></Tags></CreateBucketConfiguration>";
    }

    private static String located(String location) {
        return "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><LocationConstraint>"
                + location + "</LocationConstraint></CreateBucketConfiguration>";
    }
}
