package io.pataka.service.operation.listing;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.Caller;
import io.pataka.service.operation.TestPipeline;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.xml.XmlElement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ListObjects, ListObjectsV2 and ListObjectVersions. */
class ListObjectsTest {

    private final TestPipeline pipeline = new TestPipeline();

    @BeforeEach
    void makeObjects() {
        pipeline.call("PUT", "/bucket").send();
        for (String key : List.of("asdf%2Bb", "foo%2B1/bar", "foo/bar/xyzzy", "quux%20ab/thud", "zoo")) {
            pipeline.call("PUT", "/bucket/" + key).body("x").send();
        }
    }

    private XmlElement list(String query) {
        return pipeline.call("GET", "/bucket?" + query).send().xml("ListBucketResult");
    }

    private static List<String> keys(XmlElement list) {
        return list.all("Contents").stream()
                .map(object -> object.requiredText("Key"))
                .toList();
    }

    private static List<String> prefixes(XmlElement list) {
        return list.all("CommonPrefixes").stream()
                .map(prefix -> prefix.requiredText("Prefix"))
                .toList();
    }

    @Test
    void listsObjectsInByteOrderWithAllFields() {
        XmlElement list = list("");

        assertThat(keys(list)).containsExactly("asdf+b", "foo+1/bar", "foo/bar/xyzzy", "quux ab/thud", "zoo");
        assertThat(list.requiredText("Name")).isEqualTo("bucket");
        assertThat(list.requiredText("Marker")).isEmpty();
        assertThat(list.requiredText("MaxKeys")).isEqualTo("1000");
        assertThat(list.requiredText("IsTruncated")).isEqualTo("false");
        assertThat(list.first("Delimiter")).isEmpty();
        XmlElement first = list.required("Contents");
        assertThat(first.requiredText("LastModified")).isEqualTo("2025-06-07T08:09:10.000Z");
        assertThat(first.requiredText("ETag")).startsWith("\"").endsWith("\"");
        assertThat(first.requiredText("Size")).isEqualTo("1");
        assertThat(first.requiredText("StorageClass")).isEqualTo("STANDARD");
        assertThat(first.required("Owner").requiredText("ID")).isEqualTo("alice");
    }

    @Test
    void foldsKeysAndEncodesThem() {
        XmlElement list = list("delimiter=/&encoding-type=url");

        assertThat(keys(list)).containsExactly("asdf%2Bb", "zoo");
        assertThat(prefixes(list)).containsExactly("foo%2B1/", "foo/", "quux%20ab/");
        assertThat(list.requiredText("Delimiter")).isEqualTo("/");
        assertThat(list.requiredText("EncodingType")).isEqualTo("url");
    }

    @Test
    void goesOnAfterTheNextMarker() {
        List<String> seen = new ArrayList<>();
        XmlElement page = list("delimiter=/&max-keys=2");
        while (page.requiredText("IsTruncated").equals("true")) {
            seen.addAll(keys(page));
            seen.addAll(prefixes(page));
            String marker = page.requiredText("NextMarker");
            page = list("delimiter=/&max-keys=2&marker="
                    + marker.replace("+", "%2B").replace(" ", "%20"));
            assertThat(page.requiredText("Marker")).isEqualTo(marker);
        }
        seen.addAll(keys(page));
        seen.addAll(prefixes(page));

        assertThat(seen).containsExactlyInAnyOrder("asdf+b", "foo+1/", "foo/", "quux ab/", "zoo");
        assertThat(page.first("NextMarker")).isEmpty();
    }

    @Test
    void returnsNoNextMarkerWithoutADelimiter() {
        XmlElement page = list("max-keys=2");

        assertThat(page.requiredText("IsTruncated")).isEqualTo("true");
        assertThat(page.first("NextMarker")).isEmpty();
    }

    @Test
    void anEmptyPageIsTheLast() {
        assertThat(list("max-keys=0").requiredText("IsTruncated")).isEqualTo("false");
        assertThat(keys(list("max-keys=0"))).isEmpty();
        assertThat(keys(list("marker=zzz"))).isEmpty();
        assertThat(keys(list("marker=zoo"))).isEmpty();
        assertThat(keys(list("marker=aaa&prefix=zo"))).containsExactly("zoo");
        assertThat(list("max-keys=5000").requiredText("MaxKeys")).isEqualTo("1000");
    }

    @Test
    void refusesArgumentsThatAreNone() {
        for (String query : List.of(
                "max-keys=blah",
                "max-keys=-1",
                "encoding-type=base64",
                "encoding-type=",
                "list-type=2&encoding-type=",
                "versions&encoding-type=",
                "uploads&encoding-type=",
                "allow-unordered=true&delimiter=/",
                "list-type=2&continuation-token=nonsense")) {
            assertThat(pipeline.call("GET", "/bucket?" + query).refused().error())
                    .as(query)
                    .isEqualTo(S3Error.INVALID_ARGUMENT);
        }
        assertThat(keys(list("allow-unordered=true"))).hasSize(5);
    }

    @Test
    void secondFormGoesOnWhereItsTokenSays() {
        XmlElement first = list("list-type=2&max-keys=2&start-after=asdf%2Bb");
        String token = first.requiredText("NextContinuationToken");
        XmlElement second = list("list-type=2&start-after=asdf%2Bb&continuation-token=" + token);

        assertThat(keys(first)).containsExactly("foo+1/bar", "foo/bar/xyzzy");
        assertThat(first.requiredText("KeyCount")).isEqualTo("2");
        assertThat(keys(second)).containsExactly("quux ab/thud", "zoo");
        assertThat(second.requiredText("ContinuationToken")).isEqualTo(token);
        assertThat(second.requiredText("StartAfter")).isEqualTo("asdf+b");
        assertThat(second.first("NextContinuationToken")).isEmpty();
    }

    @Test
    void theSecondFormListsOwnersOnDemandAndEchoesAnEmptyToken() {
        assertThat(list("list-type=2").required("Contents").first("Owner")).isEmpty();
        assertThat(list("list-type=2&fetch-owner=true").required("Contents").first("Owner"))
                .isPresent();
        assertThat(list("list-type=2&continuation-token=").requiredText("ContinuationToken"))
                .isEmpty();
        assertThat(list("list-type=2&delimiter=/").requiredText("KeyCount")).isEqualTo("5");
    }

    @Test
    void aMarkerInsideACommonPrefixStandsForAllOfIt() {
        pipeline.call("PUT", "/bucket/foo/zzz").body("x").send();

        XmlElement objects = list("delimiter=/&marker=foo/bar");
        assertThat(prefixes(objects)).containsExactly("quux ab/");
        assertThat(keys(objects)).containsExactly("zoo");
        assertThat(prefixes(versions("delimiter=/&key-marker=foo/bar"))).containsExactly("quux ab/");
        assertThat(prefixes(versions("delimiter=/&key-marker=foo/bar/xyzzy&version-id-marker=null")))
                .containsExactly("quux ab/");
        assertThat(prefixes(list("delimiter=/&prefix=foo/&marker=foo/b"))).containsExactly("foo/bar/");
    }

    @Test
    void theSecondFormListsACommonPrefixAgainThatItStartsInside() {
        pipeline.call("PUT", "/bucket/foo/zzz").body("x").send();

        assertThat(prefixes(list("list-type=2&delimiter=/&start-after=foo/bar/xyzzy")))
                .contains("foo/");
        assertThat(prefixes(list("list-type=2&delimiter=/&start-after=foo/"))).doesNotContain("foo/");
    }

    @Test
    void keysThatXmlCannotCarryComeThroughEncoded() {
        pipeline.call("PUT", "/bucket/%01%ff").body("x").send();

        assertThat(keys(list("list-type=2&prefix=%01&encoding-type=url"))).containsExactly("%01%FF");
        assertThat(list("list-type=2&prefix=a%20b&encoding-type=url").requiredText("Prefix"))
                .isEqualTo("a%20b");
    }

    /** Java's SDK decodes the prefix of the first form, botocore does not; both read the text that was sent. */
    @ParameterizedTest
    @CsvSource({
        "100%25/, 100%25/",
        "a%2Bb, a%2Bb",
        "a%20b, a b",
        "caf%C3%A9, café",
        "%01, %01",
        "%FF, %FF",
        "%F0%9F%98%80, %F0%9F%98%80"
    })
    void aPrefixThatDecodingWouldChangeIsEncodedInTheFirstForm(String sent, String encoded) {
        assertThat(list("prefix=" + sent + "&encoding-type=url").requiredText("Prefix"))
                .isEqualTo(encoded);
    }

    @Test
    void anonymousCallersDoNotSeeOwners() {
        pipeline.buckets().setVersioning(pipeline.bucket("bucket"), Versioning.ENABLED);
        pipeline.call("PUT", "/bucket?policy").body("""
                        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*",
                         "Action": ["s3:ListBucket", "s3:ListBucketVersions"], "Resource": "arn:aws:s3:::bucket"}}""").send();

        for (String query : List.of("", "list-type=2&fetch-owner=true", "versions")) {
            TestPipeline.Reply mine = pipeline.call("GET", "/bucket?" + query).send();
            TestPipeline.Reply anonymous = pipeline.call("GET", "/bucket?" + query)
                    .by(Caller.ANONYMOUS)
                    .send();

            assertThat(mine.text()).as(query).contains("<Owner><ID>alice</ID>");
            assertThat(anonymous.text()).as(query).contains("<Key>zoo</Key>").doesNotContain("Owner");
        }
    }

    @Test
    void seeksPastWhatACommonPrefixHides() {
        for (int i = 0; i < 500; i++) {
            pipeline.call("PUT", "/bucket/many/" + i).body("x").send();
        }
        int before = pipeline.index().scans();

        list("delimiter=/");

        assertThat(pipeline.index().scans() - before).isLessThanOrEqualTo(6);
    }

    @Test
    void listsVersionsNewestFirstPageByPage() {
        pipeline.buckets().setVersioning(pipeline.bucket("bucket"), Versioning.ENABLED);
        pipeline.bucket("bucket");
        pipeline.call("PUT", "/bucket/zoo").body("xx").send();
        pipeline.call("DELETE", "/bucket/zoo").send();

        XmlElement first = versions("prefix=zoo&max-keys=2");
        XmlElement second =
                versions("prefix=zoo&key-marker=zoo&version-id-marker=" + first.requiredText("NextVersionIdMarker"));

        assertThat(first.children().stream().map(XmlElement::name).toList())
                .containsSubsequence("DeleteMarker", "Version");
        assertThat(first.required("DeleteMarker").requiredText("IsLatest")).isEqualTo("true");
        assertThat(first.required("Version").requiredText("IsLatest")).isEqualTo("false");
        assertThat(first.requiredText("NextKeyMarker")).isEqualTo("zoo");
        assertThat(second.all("Version")).hasSize(1);
        assertThat(second.required("Version").requiredText("VersionId")).isEqualTo("null");
        assertThat(second.requiredText("IsTruncated")).isEqualTo("false");
        assertThat(versions("prefix=zoo&key-marker=zoo&version-id-marker=null").all("Version"))
                .isEmpty();
        assertThat(versions("prefix=zoo&key-marker=zoo").all("Version")).isEmpty();
    }

    /** The errors of Amazon, in the order in which it checks the parameters. */
    @ParameterizedTest
    @CsvSource({
        "version-id-marker=abc, version-id-marker, abc, A version-id marker cannot be specified without a key marker.",
        "version-id-marker=null, version-id-marker, null, A version-id marker cannot be specified without a key marker.",
        "version-id-marker=, version-id-marker, '', A version-id marker cannot be specified without a key marker.",
        "key-marker=&version-id-marker=, version-id-marker, '', A version-id marker cannot be empty.",
        "key-marker=k&version-id-marker=, version-id-marker, '', A version-id marker cannot be empty.",
        "key-marker=&version-id-marker=bad-vid, version-id-marker, bad-vid, Invalid version id specified",
        "key-marker=k&version-id-marker=bad-vid&encoding-type=no, version-id-marker, bad-vid, Invalid version id specified",
        "version-id-marker=bad-vid&max-keys=abc, max-keys, abc, Provided max-keys not an integer or within integer range"
    })
    void refusesVersionMarkersThatNameNoPlace(String query, String argument, String value, String message) {
        S3Exception refused = pipeline.call("GET", "/bucket?versions&" + query).refused();

        assertThat(refused.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refused.getMessage()).isEqualTo(message);
        assertThat(refused.details()).containsEntry("ArgumentName", argument).containsEntry("ArgumentValue", value);
    }

    @Test
    void aVersionMarkerBesideAnEmptyKeyMarkerSaysNothing() {
        XmlElement list = versions("key-marker=&version-id-marker=null");

        assertThat(list.all("Version")).isNotEmpty();
        assertThat(list.all("Version")).hasSameSizeAs(versions("key-marker=").all("Version"));
        assertThat(list.requiredText("KeyMarker")).isEmpty();
        assertThat(list.requiredText("VersionIdMarker")).isEqualTo("null");
    }

    private XmlElement versions(String query) {
        return pipeline.call("GET", "/bucket?versions&" + query).send().xml("ListVersionsResult");
    }
}
