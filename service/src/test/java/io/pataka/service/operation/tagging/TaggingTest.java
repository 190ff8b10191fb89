package io.pataka.service.operation.tagging;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.operation.TestPipeline;
import io.pataka.service.operation.TestPipeline.Reply;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.xml.XmlElement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tags of objects and buckets. */
class TaggingTest {

    private final TestPipeline pipeline = new TestPipeline();

    @BeforeEach
    void makeObject() {
        pipeline.call("PUT", "/photos").send();
        pipeline.call("PUT", "/photos/cat").body("meow").send();
    }

    private static String document(int count) {
        return document(
                IntStream.range(0, count).mapToObj(i -> tag("k" + i, "v" + i)).collect(Collectors.joining()));
    }

    private static String document(String tags) {
        return "<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TagSet>" + tags + "</TagSet></Tagging>";
    }

    private static String tag(String key, String value) {
        return "<Tag><Key>" + key + "</Key><Value>" + value + "</Value></Tag>";
    }

    private Map<String, String> tags(String target) {
        return pipeline.call("GET", target).send().xml("Tagging").required("TagSet").all("Tag").stream()
                .collect(Collectors.toMap(
                        tag -> tag.requiredText("Key"), tag -> tag.requiredText("Value"), (a, b) -> a, TreeMap::new));
    }

    private S3Exception refused(String document) {
        return pipeline.call("PUT", "/photos/cat?tagging").body(document).refused();
    }

    @Test
    void anObjectWithoutTagsHasAnEmptySet() {
        XmlElement set = pipeline.call("GET", "/photos/cat?tagging").send().xml("Tagging");

        assertThat(set.required("TagSet").children()).isEmpty();
    }

    @Test
    void tagsAreReplacedCountedAndTakenAway() {
        assertThat(pipeline.call("PUT", "/photos/cat?tagging")
                        .body(document(10))
                        .send()
                        .status())
                .isEqualTo(200);
        assertThat(tags("/photos/cat?tagging")).hasSize(10).containsEntry("k7", "v7");
        assertThat(pipeline.call("GET", "/photos/cat").send().header("x-amz-tagging-count"))
                .isEqualTo("10");

        pipeline.call("PUT", "/photos/cat?tagging")
                .body(document(tag("owner", "Frau Müller Söhne")))
                .send();
        assertThat(tags("/photos/cat?tagging")).containsOnly(Map.entry("owner", "Frau Müller Söhne"));

        assertThat(pipeline.call("DELETE", "/photos/cat?tagging").send().status())
                .isEqualTo(204);
        assertThat(tags("/photos/cat?tagging")).isEmpty();
        assertThat(pipeline.call("HEAD", "/photos/cat").send().header("x-amz-tagging-count"))
                .isNull();
    }

    @Test
    void limitsAreThoseOfAmazon() {
        assertThat(refused(document(11)).error()).isEqualTo(S3Error.INVALID_TAG);
        assertThat(refused(document(tag("k".repeat(129), "v"))).error()).isEqualTo(S3Error.INVALID_TAG);
        assertThat(refused(document(tag("k", "v".repeat(257)))).error()).isEqualTo(S3Error.INVALID_TAG);
        assertThat(refused(document(tag("", "v"))).error()).isEqualTo(S3Error.INVALID_TAG);
        assertThat(refused(document(tag("aws:k", "v"))).error()).isEqualTo(S3Error.INVALID_TAG);
        assertThat(refused(document(tag("k", "a;b"))).error()).isEqualTo(S3Error.INVALID_TAG);
        assertThat(refused(document(tag("k", "1") + tag("k", "2"))).error()).isEqualTo(S3Error.INVALID_TAG);
        assertThat(tags("/photos/cat?tagging")).isEmpty();

        String longest = document(tag("k".repeat(128), "v".repeat(256)));
        assertThat(pipeline.call("PUT", "/photos/cat?tagging")
                        .body(longest)
                        .send()
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<Tagging/>",
                "<Tags><TagSet/></Tags>",
                "<Tagging><TagSet><Tag><Key>k</Key></Tag></TagSet></Tagging>",
                "<Tagging><TagSet><Tag><Value>v</Value></Tag></TagSet></Tagging>",
                "<Tagging>",
                "<Tagging><TagSet>text</TagSet></Tagging>",
                "<Tagging>text<TagSet/></Tagging>",
                "<Tagging><TagSet/><TagSet/></Tagging>",
                "<Tagging><TagSet/><Other/></Tagging>",
                "<Tagging><TagSet><Other/></TagSet></Tagging>",
                "<Tagging><TagSet><Tag>t<Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>",
                "<Tagging><TagSet><Tag><Key>k</Key><Key>l</Key><Value>v</Value></Tag></TagSet></Tagging>",
                "<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value><Other/></Tag></TagSet></Tagging>"
            })
    void whatIsNoTagSetIsMalformed(String document) {
        pipeline.call("PUT", "/photos/cat?tagging").body(document(1)).send();

        assertThat(refused(document).error()).isEqualTo(S3Error.MALFORMED_XML);
        assertThat(pipeline.call("PUT", "/photos?tagging")
                        .body(document)
                        .refused()
                        .error())
                .isEqualTo(S3Error.MALFORMED_XML);
        assertThat(tags("/photos/cat?tagging")).hasSize(1);
    }

    @Test
    void aBucketWithAnEmptySetHasNone() {
        pipeline.call("PUT", "/photos?tagging").body(document(1)).send();

        assertThat(pipeline.call("PUT", "/photos?tagging")
                        .body(document(""))
                        .send()
                        .status())
                .isEqualTo(204);
        assertThat(pipeline.call("GET", "/photos?tagging").refused().error()).isEqualTo(S3Error.NO_SUCH_TAG_SET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=1&a=2", "a=%ZZ", "a=1,b=2", "a=%3B", "a;b", "=1"})
    void aHeaderThatIsNoTagSetIsRefused(String header) {
        assertThat(pipeline.call("PUT", "/photos/dog")
                        .header("x-amz-tagging", header)
                        .body("woof")
                        .refused()
                        .error())
                .isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(pipeline.call("GET", "/photos/dog").refused().error()).isEqualTo(S3Error.NO_SUCH_KEY);
    }

    @Test
    void aHeaderTagsWhatIsWritten() {
        pipeline.call("PUT", "/photos/dog")
                .header("x-amz-tagging", "a=1&b=%C3%BC&c")
                .body("woof")
                .send();

        assertThat(tags("/photos/dog?tagging"))
                .containsOnly(Map.entry("a", "1"), Map.entry("b", "ü"), Map.entry("c", ""));
    }

    @Test
    void eachVersionHasTagsOfItsOwn() {
        pipeline.buckets().setVersioning(pipeline.bucket("photos"), Versioning.ENABLED);
        pipeline.bucket("photos");
        String old = pipeline.call("PUT", "/photos/bird").body("1").send().header("x-amz-version-id");
        String young = pipeline.call("PUT", "/photos/bird").body("2").send().header("x-amz-version-id");

        Reply put = pipeline.call("PUT", "/photos/bird?tagging&versionId=" + old)
                .body(document(2))
                .send();
        pipeline.call("PUT", "/photos/bird?tagging").body(document(1)).send();

        assertThat(put.header("x-amz-version-id")).isEqualTo(old);
        assertThat(tags("/photos/bird?tagging&versionId=" + old)).hasSize(2);
        assertThat(tags("/photos/bird?tagging")).hasSize(1);
        assertThat(pipeline.call("GET", "/photos/bird?tagging").send().header("x-amz-version-id"))
                .isEqualTo(young);
        Reply deleted =
                pipeline.call("DELETE", "/photos/bird?tagging&versionId=" + old).send();
        assertThat(deleted.header("x-amz-version-id")).isEqualTo(old);
        assertThat(tags("/photos/bird?tagging&versionId=" + old)).isEmpty();
        assertThat(tags("/photos/bird?tagging")).hasSize(1);
    }

    @Test
    void whatIsNotThereHasNoTags() {
        assertThat(pipeline.call("PUT", "/photos/none?tagging")
                        .body(document(1))
                        .refused()
                        .error())
                .isEqualTo(S3Error.NO_SUCH_KEY);
        assertThat(pipeline.call("GET", "/photos/none?tagging").refused().error())
                .isEqualTo(S3Error.NO_SUCH_KEY);
        assertThat(pipeline.call("DELETE", "/photos/none?tagging").refused().error())
                .isEqualTo(S3Error.NO_SUCH_KEY);
    }

    @Test
    void aDeleteMarkerHasNoTags() {
        pipeline.buckets().setVersioning(pipeline.bucket("photos"), Versioning.ENABLED);
        pipeline.bucket("photos");
        String marker = pipeline.call("DELETE", "/photos/cat").send().header("x-amz-version-id");

        for (String target : List.of("/photos/cat?tagging", "/photos/cat?tagging&versionId=" + marker)) {
            for (String method : List.of("GET", "PUT", "DELETE")) {
                S3Exception refused =
                        pipeline.call(method, target).body(document(1)).refused();

                assertThat(refused.error()).as(method + " " + target).isEqualTo(S3Error.METHOD_NOT_ALLOWED);
                assertThat(refused.details())
                        .containsEntry("Method", method)
                        .containsEntry("ResourceType", "DeleteMarker");
                assertThat(refused.headers())
                        .containsEntry("x-amz-delete-marker", "true")
                        .containsEntry("x-amz-version-id", marker)
                        .containsEntry("Allow", "DELETE");
            }
        }
    }

    @Test
    void aBucketHasUpTo50Tags() {
        assertThat(pipeline.call("GET", "/photos?tagging").refused().error()).isEqualTo(S3Error.NO_SUCH_TAG_SET);
        assertThat(pipeline.call("PUT", "/photos?tagging")
                        .body(document(51))
                        .refused()
                        .error())
                .isEqualTo(S3Error.INVALID_TAG);
        assertThat(pipeline.call("PUT", "/photos?tagging")
                        .body(document(50))
                        .send()
                        .status())
                .isEqualTo(204);
        assertThat(tags("/photos?tagging")).hasSize(50);
        assertThat(pipeline.call("DELETE", "/photos?tagging").send().status()).isEqualTo(204);
        assertThat(pipeline.call("GET", "/photos?tagging").refused().error()).isEqualTo(S3Error.NO_SUCH_TAG_SET);
    }
}
