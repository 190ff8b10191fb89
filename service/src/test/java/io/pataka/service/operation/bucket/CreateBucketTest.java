package io.pataka.service.operation.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.operation.TestHouse;
import io.pataka.service.operation.TestHouse.Reply;
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

    private final TestHouse house = new TestHouse();

    @Test
    void makesABucketOfTheCallers() {
        Reply reply = house.call("PUT", "/photos").send();

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Location")).isEqualTo("/photos");
        assertThat(house.bucket("photos").owner().id()).isEqualTo("alice");
        assertThat(house.bucket("photos").objectLock()).isFalse();
    }

    @Test
    void answersTheOwnerOnceMoreAndChangesNothing() {
        house.call("PUT", "/photos").send();
        long id = house.bucket("photos").id();

        assertThat(house.call("PUT", "/photos").send().status()).isEqualTo(200);
        assertThat(house.bucket("photos").id()).isEqualTo(id);
    }

    @Test
    void refusesAnothersNameAndTags() {
        house.call("PUT", "/photos").body(tagged("a", "1")).send();

        assertThat(house.call("PUT", "/photos").by(TestHouse.BOB).refused().error())
                .isEqualTo(S3Error.BUCKET_ALREADY_EXISTS);
        assertThat(house.call("PUT", "/photos").body(tagged("a", "2")).refused().error())
                .isEqualTo(S3Error.BUCKET_ALREADY_OWNED_BY_YOU);
        assertThat(house.call("PUT", "/photos").body(tagged("a", "1")).refused().error())
                .isEqualTo(S3Error.BUCKET_ALREADY_OWNED_BY_YOU);
        assertThat(house.call("PUT", "/photos").send().status()).isEqualTo(200);
        assertThat(house.call("PUT", "/photos")
                        .body("<CreateBucketConfiguration><Tags/></CreateBucketConfiguration>")
                        .send()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void tagsTheBucket() {
        house.call("PUT", "/photos").body(tagged("team", "blue")).send();

        XmlElement tag = house.call("GET", "/photos?tagging")
                .send()
                .xml("Tagging")
                .required("TagSet")
                .required("Tag");
        assertThat(tag.requiredText("Key")).isEqualTo("team");
        assertThat(tag.requiredText("Value")).isEqualTo("blue");
    }

    @Test
    void makesNoBucketWhoseTagsItCannotKeep() {
        assertThat(house.call("PUT", "/photos")
                        .body(tagged("aws:team", "blue"))
                        .refused()
                        .error())
                .isEqualTo(S3Error.INVALID_TAG);
        assertThat(house.call("HEAD", "/photos").refused().error()).isEqualTo(S3Error.NO_SUCH_BUCKET);
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-bucket-object-lock-enabled, True, NOT_IMPLEMENTED",
        "x-amz-bucket-object-lock-enabled, maybe, INVALID_ARGUMENT",
        "x-amz-bucket-namespace, account-regional, NOT_IMPLEMENTED"
    })
    void makesNoBucketThatWouldNotBeWhatItsMakerTakesItFor(String header, String value, S3Error error) {
        assertThat(house.call("PUT", "/vault").header(header, value).refused().error())
                .isEqualTo(error);
        assertThat(house.call("HEAD", "/vault").refused().error()).isEqualTo(S3Error.NO_SUCH_BUCKET);
    }

    @ParameterizedTest
    @CsvSource({"x-amz-bucket-object-lock-enabled, false", "x-amz-bucket-namespace, global"})
    void takesHeadersThatAskForNothing(String header, String value) {
        assertThat(house.call("PUT", "/photos").header(header, value).send().status())
                .isEqualTo(200);
    }

    @Test
    void holdsNamesToTheRulesOfTheSettings() {
        TestHouse relaxed = new TestHouse(TestHouse.bucketRules("RegionOne", false, 0), ObjectRules.STANDARD);

        for (String name : List.of("Photos", "my_photos", "ab", "a..b", "192.168.5.4")) {
            assertThat(house.call("PUT", "/" + name).refused().error()).as(name).isEqualTo(S3Error.INVALID_BUCKET_NAME);
        }
        assertThat(relaxed.call("PUT", "/My_Photos").send().status()).isEqualTo(200);
        assertThat(relaxed.call("PUT", "/ab").refused().error()).isEqualTo(S3Error.INVALID_BUCKET_NAME);
    }

    @Test
    void takesItsOwnRegionAndTheFirstOneAndNone() {
        for (String location : List.of("RegionOne", "us-east-1", "")) {
            assertThat(house.call("PUT", "/photos")
                            .body(located(location))
                            .send()
                            .status())
                    .as(location)
                    .isEqualTo(200);
        }
    }

    @Test
    void refusesOtherRegions() {
        assertThat(house.call("PUT", "/photos")
                        .body(located("eu-west-1"))
                        .refused()
                        .error())
                .isEqualTo(S3Error.ILLEGAL_LOCATION_CONSTRAINT);
        assertThat(house.call("PUT", "/photos")
                        .body(located("Atlantis"))
                        .refused()
                        .error())
                .isEqualTo(S3Error.INVALID_LOCATION_CONSTRAINT);
        assertThat(house.call("GET", "/").send().text()).doesNotContain("photos");
    }

    @Test
    void takesTheRegionOfAClientThatNobodyToldOne() {
        assertThat(house.call("PUT", "/photos")
                        .body(located("aws-global"))
                        .send()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void refusesAMalformedDocumentAndWhatItCannotDo() {
        assertThat(house.call("PUT", "/photos")
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
            assertThat(house.call("PUT", "/photos")
                            .body("<CreateBucketConfiguration>" + inside + "</CreateBucketConfiguration>")
                            .refused()
                            .error())
                    .as(inside)
                    .isEqualTo(S3Error.MALFORMED_XML);
        }
        assertThat(house.call("PUT", "/photos")
                        .body("<CreateBucketConfiguration><Location><Name>usw2-az1</Name></Location>"
                                + "<Bucket><Type>Directory</Type></Bucket></CreateBucketConfiguration>")
                        .refused()
                        .error())
                .isEqualTo(S3Error.NOT_IMPLEMENTED);
    }

    /** Amazon's reference: a list that lets others in needs an ownership rule beside it that lets lists count. */
    @ParameterizedTest
    @CsvSource({
        "x-amz-acl, public-read",
        "x-amz-acl, public-read-write",
        "x-amz-acl, authenticated-read",
        "x-amz-grant-read, id=bob",
        "x-amz-grant-write, 'uri=http://acs.amazonaws.com/groups/global/AllUsers'"
    })
    void aListThatLetsOthersInNeedsAnOwnershipRule(String header, String value) {
        assertThat(house.call("PUT", "/photos").header(header, value).refused().error())
                .isEqualTo(S3Error.INVALID_BUCKET_ACL_WITH_OBJECT_OWNERSHIP);
        assertThat(house.call("HEAD", "/photos").refused().error()).isEqualTo(S3Error.NO_SUCH_BUCKET);

        house.call("PUT", "/photos")
                .header(header, value)
                .header("x-amz-object-ownership", "BucketOwnerPreferred")
                .send();

        assertThat(ownership("/photos")).isEqualTo("BucketOwnerPreferred");
        assertThat(house.call("GET", "/photos?acl")
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
        house.call("PUT", "/photos").header("x-amz-acl", "private").send();
        house.call("PUT", "/other").send();
        house.call("PUT", "/enforced")
                .header("x-amz-acl", "private")
                .header("x-amz-object-ownership", "BucketOwnerEnforced")
                .send();

        assertThat(ownership("/photos")).isEqualTo("BucketOwnerPreferred");
        assertThat(ownership("/other")).isEqualTo("BucketOwnerEnforced");
        assertThat(ownership("/enforced")).isEqualTo("BucketOwnerEnforced");
        assertThat(house.call("PUT", "/photos/cat")
                        .header("x-amz-acl", "private")
                        .send()
                        .status())
                .isEqualTo(200);
    }

    private String ownership(String bucket) {
        return house.call("GET", bucket + "?ownershipControls")
                .send()
                .xml("OwnershipControls")
                .required("Rule")
                .requiredText("ObjectOwnership");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Mine"})
    void refusesAnOwnershipThatThereIsNot(String ownership) {
        S3Exception refused = house.call("PUT", "/photos")
                .header("x-amz-object-ownership", ownership)
                .refused();

        assertThat(refused.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refused.getMessage()).isEqualTo("Invalid x-amz-object-ownership header: " + ownership);
    }

    @Test
    void limitsTheBucketsOfAnOwner() {
        TestHouse small = new TestHouse(TestHouse.bucketRules("RegionOne", true, 1), ObjectRules.STANDARD);
        small.call("PUT", "/photos").send();

        assertThat(small.call("PUT", "/videos").refused().error()).isEqualTo(S3Error.TOO_MANY_BUCKETS);
        assertThat(small.call("PUT", "/videos").by(TestHouse.BOB).send().status())
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
