package io.pataka.service.operation.listing;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.metadata.UploadLedger.Upload;
import io.pataka.service.metadata.UploadLedger.UploadChecksum;
import io.pataka.service.model.Caller;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.operation.TestPipeline;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.testing.Changes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListMultipartUploadsTest {

    private static final ChangeContext CHANGE = Changes.by(TestPipeline.BOB.account());

    private final TestPipeline pipeline = new TestPipeline();

    @BeforeEach
    void makeBucket() {
        pipeline.call("PUT", "/bucket").send();
    }

    private Upload begin(String key) {
        return pipeline.uploads()
                .begin(
                        pipeline.bucket("bucket"),
                        ObjectKey.of(key),
                        TestPipeline.ALICE.account(),
                        ObjectFacts.plain(),
                        new UploadChecksum(Optional.of(ChecksumAlgorithm.CRC32C), Checksum.Type.COMPOSITE),
                        CHANGE)
                .orElseThrow();
    }

    private XmlElement list(String query) {
        return pipeline.call("GET", "/bucket?uploads&" + query).send().xml("ListMultipartUploadsResult");
    }

    private static List<String> keys(XmlElement list) {
        return list.all("Upload").stream()
                .map(upload -> upload.requiredText("Key"))
                .toList();
    }

    private static List<String> prefixes(XmlElement list) {
        return list.all("CommonPrefixes").stream()
                .map(prefix -> prefix.requiredText("Prefix"))
                .toList();
    }

    @Test
    void listsAllFieldsOfAnUpload() {
        Upload upload = begin("a");

        XmlElement list = list("");
        assertThat(list.requiredText("Bucket")).isEqualTo("bucket");
        assertThat(list.requiredText("MaxUploads")).isEqualTo("1000");
        assertThat(list.requiredText("IsTruncated")).isEqualTo("false");
        XmlElement entry = list.required("Upload");
        assertThat(entry.requiredText("Key")).isEqualTo("a");
        assertThat(entry.requiredText("UploadId")).isEqualTo(upload.id().text());
        assertThat(entry.required("Owner").requiredText("ID")).isEqualTo("alice");
        assertThat(entry.required("Initiator").requiredText("ID")).isEqualTo("bob");
        assertThat(entry.requiredText("StorageClass")).isEqualTo("STANDARD");
        assertThat(entry.requiredText("Initiated")).isEqualTo("2025-06-07T08:09:10.000Z");
        assertThat(entry.requiredText("ChecksumAlgorithm")).isEqualTo("CRC32C");
        assertThat(entry.requiredText("ChecksumType")).isEqualTo("COMPOSITE");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void listsEveryUploadOnceForAnyPageSize(int size) {
        List<String> begun = new ArrayList<>();
        for (String key : List.of("b", "a", "b", "c/1", "b", "a")) {
            begun.add(begin(key).id().text());
        }
        List<String> listed = new ArrayList<>();
        String markers = "";
        boolean more = true;
        while (more) {
            XmlElement page = list("max-uploads=" + size + markers);
            page.all("Upload").forEach(upload -> listed.add(upload.requiredText("UploadId")));
            more = page.requiredText("IsTruncated").equals("true");
            if (more) {
                assertThat(page.all("Upload")).hasSize(size);
                markers = "&key-marker=" + page.requiredText("NextKeyMarker") + "&upload-id-marker="
                        + page.requiredText("NextUploadIdMarker");
            }
        }
        assertThat(listed)
                .containsExactly(begun.get(1), begun.get(5), begun.get(0), begun.get(2), begun.get(4), begun.get(3));
    }

    @Test
    void aKeyMarkerAlonePassesAllUploadsOfTheKey() {
        begin("a");
        begin("b");
        begin("b");
        begin("c");

        assertThat(keys(list("key-marker=b"))).containsExactly("c");
    }

    @Test
    void anUploadMarkerWithoutAKeyMarkerSaysNothing() {
        begin("a");

        assertThat(keys(list("upload-id-marker=nonsense"))).containsExactly("a");
    }

    @Test
    void theLastPageNamesItsLastUpload() {
        XmlElement empty = list("");
        assertThat(empty.requiredText("NextKeyMarker")).isEmpty();
        assertThat(empty.requiredText("NextUploadIdMarker")).isEmpty();
        begin("a");
        Upload last = begin("b+");

        XmlElement list = list("encoding-type=url");

        assertThat(list.requiredText("IsTruncated")).isEqualTo("false");
        assertThat(list.requiredText("NextKeyMarker")).isEqualTo("b%2B");
        assertThat(list.requiredText("NextUploadIdMarker")).isEqualTo(last.id().text());
    }

    @Test
    void anUploadMarkerOfAnotherKeyIsRefused() {
        Upload ofA = begin("a");
        begin("b");

        S3Exception refused = pipeline.call(
                        "GET",
                        "/bucket?uploads&key-marker=b&upload-id-marker="
                                + ofA.id().text())
                .refused();

        assertThat(refused.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refused.details()).containsEntry("ArgumentName", "upload-id-marker");
    }

    @Test
    void goesOnAfterAnUploadThatWasAbortedSince() {
        Upload first = begin("a");
        Upload second = begin("a");
        pipeline.uploads().abort(pipeline.bucket("bucket"), first.key(), first.id(), CHANGE);

        XmlElement list = list("key-marker=a&upload-id-marker=" + first.id().text());

        assertThat(list.required("Upload").requiredText("UploadId"))
                .isEqualTo(second.id().text());
    }

    @Test
    void aMarkerInsideACommonPrefixStandsForAllOfIt() {
        Upload inside = begin("a/1");
        begin("a/2");
        begin("b");

        for (String marker :
                List.of("a/", "a/0", "a/1&upload-id-marker=" + inside.id().text())) {
            XmlElement list = list("delimiter=/&key-marker=" + marker);
            assertThat(prefixes(list)).as(marker).isEmpty();
            assertThat(keys(list)).as(marker).containsExactly("b");
        }
    }

    /** The tests of Ceph Gateway expect the display name of both, which Amazon no longer returns. */
    @Test
    void namesWhoBeganAnUploadAndWhoOwnsIt() {
        begin("a");

        String list = pipeline.call("GET", "/bucket?uploads").send().text();

        assertThat(list).containsPattern("<Initiator><ID>[^<]+</ID><DisplayName>[^<]+</DisplayName></Initiator>");
        assertThat(list).containsPattern("<Owner><ID>[^<]+</ID><DisplayName>[^<]+</DisplayName></Owner>");
    }

    @Test
    void anonymousCallersDoNotSeeWhoUploads() {
        begin("a");
        pipeline.call("PUT", "/bucket?policy").body("""
                        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*",
                         "Action": "s3:ListBucketMultipartUploads", "Resource": "arn:aws:s3:::bucket"}}""").send();

        String list = pipeline.call("GET", "/bucket?uploads")
                .by(Caller.ANONYMOUS)
                .send()
                .text();

        assertThat(list).contains("<Key>a</Key>").doesNotContain("Owner").doesNotContain("Initiator");
    }

    @Test
    void anUploadMarkerThatIsNoneIsRefused() {
        assertThat(pipeline.call("GET", "/bucket?uploads&key-marker=a&upload-id-marker=nonsense")
                        .refused()
                        .error())
                .isEqualTo(S3Error.INVALID_ARGUMENT);
    }

    @Test
    void foldsWhatIsBehindADelimiter() {
        begin("a/1");
        begin("a/2");
        begin("b");
        begin("c+/3");

        XmlElement list = list("delimiter=/&encoding-type=url");
        assertThat(keys(list)).containsExactly("b");
        assertThat(prefixes(list)).containsExactly("a/", "c%2B/");
        assertThat(list.requiredText("Delimiter")).isEqualTo("/");

        XmlElement first = list("delimiter=/&max-uploads=1");
        assertThat(prefixes(first)).containsExactly("a/");
        assertThat(keys(list("delimiter=/&max-uploads=1&key-marker=" + first.requiredText("NextKeyMarker"))))
                .containsExactly("b");
    }

    @Test
    void listsNothingBeyondThePrefix() {
        begin("a/1");
        Upload beyond = begin("b/1");
        begin("b/1");

        assertThat(keys(list("prefix=a/"))).containsExactly("a/1");
        assertThat(keys(list("prefix=a/&key-marker=b/1&upload-id-marker="
                        + beyond.id().text())))
                .isEmpty();
    }

    @Test
    void aPageOfNoUploadsIsTheLast() {
        begin("a");

        XmlElement list = list("max-uploads=0");
        assertThat(keys(list)).isEmpty();
        assertThat(list.requiredText("IsTruncated")).isEqualTo("false");
    }
}
