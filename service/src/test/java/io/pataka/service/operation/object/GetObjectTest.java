package io.pataka.service.operation.object;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.metadata.LostContents.Suspect;
import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.ObjectIndex.StoredPart;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.Caller;
import io.pataka.service.model.Content;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.UploadId;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.operation.TestPipeline;
import io.pataka.service.operation.TestPipeline.Reply;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.testing.Changes;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** GetObject and HeadObject, which return the same headers. */
class GetObjectTest {

    private static final String ETAG = '"' + DigestUtils.md5Hex("testcontent") + '"';
    private static final String MODIFIED = "Sat, 07 Jun 2025 08:09:10 GMT";

    private final TestPipeline pipeline = new TestPipeline();

    @BeforeEach
    void makeObject() {
        pipeline.call("PUT", "/photos").send();
        pipeline.call("PUT", "/photos/cat").body("testcontent").send();
    }

    private TestPipeline.Call get() {
        return pipeline.call("GET", "/photos/cat");
    }

    @Test
    void sendsTheBytesAndWhatIsKnownOfThem() {
        Reply reply = get().send();

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo("testcontent");
        assertThat(reply.response().headers())
                .containsEntry("ETag", ETAG)
                .containsEntry("Last-Modified", MODIFIED)
                .containsEntry("Accept-Ranges", "bytes")
                .doesNotContainKeys("x-amz-version-id", "Content-Range", "x-amz-tagging-count");
    }

    @Test
    void headHasTheSameHeadersWithoutBytes() {
        Reply head = pipeline.call("HEAD", "/photos/cat")
                .header("Range", "bytes=4-7")
                .send();

        assertThat(head.status()).isEqualTo(206);
        assertThat(head.header("Content-Length")).isEqualTo("4");
        assertThat(head.header("Content-Range")).isEqualTo("bytes 4-7/11");
        assertThat(head.response().body()).isEmpty();
    }

    @Test
    void sendsAStretch() {
        assertStretch("bytes=4-7", "cont", "bytes 4-7/11");
        assertStretch("bytes=4-", "content", "bytes 4-10/11");
        assertStretch("bytes=-7", "content", "bytes 4-10/11");
        assertStretch("bytes=-99", "testcontent", "bytes 0-10/11");
        assertStretch("bytes=9-99999999999999999999", "nt", "bytes 9-10/11");
    }

    private void assertStretch(String range, String expected, String contentRange) {
        Reply reply = get().header("Range", range)
                .header("x-amz-checksum-mode", "ENABLED")
                .send();
        assertThat(reply.status()).as(range).isEqualTo(206);
        assertThat(reply.text()).as(range).isEqualTo(expected);
        assertThat(reply.header("Content-Range")).isEqualTo(contentRange);
    }

    @Test
    void sendsAllForARangeThatIsNotSupported() {
        for (String range : List.of("bytes=0-1,3-4", "lines=1-2", "bytes=7-4", "bytes=a-b", "bytes=-", "4-7")) {
            Reply reply = get().header("Range", range).send();
            assertThat(reply.status()).as(range).isEqualTo(200);
            assertThat(reply.text()).as(range).isEqualTo("testcontent");
        }
    }

    @Test
    void refusesARangeBehindTheEnd() {
        S3Exception refused = get().header("Range", "bytes=40-50").refused();

        assertThat(refused.error()).isEqualTo(S3Error.INVALID_RANGE);
        assertThat(refused.details())
                .containsEntry("RangeRequested", "bytes=40-50")
                .containsEntry("ActualObjectSize", "11");
        assertThat(get().header("Range", "bytes=-0").refused().error()).isEqualTo(S3Error.INVALID_RANGE);
    }

    @Test
    void sendsAStretchOnlyOfTheObjectThatTheReaderHasTheRestOf() {
        for (String same : List.of(ETAG, ETAG.replace("\"", ""), MODIFIED)) {
            Reply reply =
                    get().header("Range", "bytes=4-7").header("If-Range", same).send();
            assertThat(reply.status()).as(same).isEqualTo(206);
            assertThat(reply.text()).as(same).isEqualTo("cont");
        }
        for (String other : List.of("\"x\"", "W/" + ETAG, "Sat, 07 Jun 2025 08:09:11 GMT", "*", "", ETAG + ", \"x\"")) {
            Reply reply =
                    get().header("Range", "bytes=4-7").header("If-Range", other).send();
            assertThat(reply.status()).as(other).isEqualTo(200);
            assertThat(reply.text()).as(other).isEqualTo("testcontent");
        }
        assertThat(get().header("Range", "bytes=40-50")
                        .header("If-Range", "\"x\"")
                        .send()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void anEmptyObjectHasNoRange() {
        pipeline.call("PUT", "/photos/empty").send();

        assertThat(pipeline.call("GET", "/photos/empty").send().body()).isEmpty();
        assertThat(pipeline.call("GET", "/photos/empty")
                        .header("Range", "bytes=0-5")
                        .refused()
                        .error())
                .isEqualTo(S3Error.INVALID_RANGE);
    }

    @Test
    void answers304WhenTheEntityTagMatches() {
        for (String condition : List.of(ETAG, "W/" + ETAG, "\"x\", " + ETAG, "*", ETAG.replace("\"", ""))) {
            Reply reply = get().header("If-None-Match", condition).send();
            assertThat(reply.status()).as(condition).isEqualTo(304);
            assertThat(reply.header("ETag")).isEqualTo(ETAG);
            assertThat(reply.header("Last-Modified")).isEqualTo(MODIFIED);
            assertThat(reply.response().body()).isEmpty();
        }
        assertThat(get().header("If-Modified-Since", MODIFIED).send().status()).isEqualTo(304);
        assertThat(get().header("If-Modified-Since", "Sat, 29 Oct 1994 19:43:31 GMT")
                        .send()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void answers412WhenAPreconditionFails() {
        S3Exception refused = get().header("If-Match", "\"x\"").refused();
        assertThat(refused.error()).isEqualTo(S3Error.PRECONDITION_FAILED);
        assertThat(refused.details()).containsEntry("Condition", "If-Match");
        assertThat(get().header("If-Match", "W/" + ETAG).refused().error()).isEqualTo(S3Error.PRECONDITION_FAILED);
        assertThat(get().header("If-Unmodified-Since", "Sat, 29 Oct 1994 19:43:31 GMT")
                        .refused()
                        .details())
                .containsEntry("Condition", "If-Unmodified-Since");
    }

    @Test
    void entityTagsComeBeforeDates() {
        assertThat(get().header("If-Match", ETAG)
                        .header("If-Unmodified-Since", "Sat, 29 Oct 1994 19:43:31 GMT")
                        .send()
                        .status())
                .isEqualTo(200);
        assertThat(get().header("If-None-Match", "\"x\"")
                        .header("If-Modified-Since", MODIFIED)
                        .send()
                        .status())
                .isEqualTo(200);
        assertThat(get().header("If-Modified-Since", "not a date").send().status())
                .isEqualTo(200);
    }

    @Test
    void letsASignedReaderOverrideHeaders() {
        Reply reply = pipeline.call(
                        "GET",
                        "/photos/cat?response-content-type=foo%2Fbar&response-content-disposition=a%3B%20filename%3D%C3%84"
                                + "&response-expires=123&response-cache-control=no-cache"
                                + "&response-content-language=esperanto&response-content-encoding=aaa")
                .send();

        assertThat(reply.response().headers())
                .containsEntry("Content-Type", "foo/bar")
                .containsEntry("Content-Disposition", "a; filename=\u00c3\u0084")
                .containsEntry("Expires", "123")
                .containsEntry("Cache-Control", "no-cache")
                .containsEntry("Content-Language", "esperanto")
                .containsEntry("Content-Encoding", "aaa");
    }

    @Test
    void anOverrideBeyondLatin1IsRefusedWhereVersion2Signs() {
        String target = "/photos/cat?response-content-disposition=%E6%97%A5";

        S3Exception refused =
                pipeline.call("GET", target).header("authorization", "AWS k:s").refused();

        assertThat(refused.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refused.details()).containsEntry("ArgumentName", "response-content-disposition");
        assertThat(pipeline.call("GET", target + "&AWSAccessKeyId=k").refused().error())
                .isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(pipeline.call("GET", "/photos/cat?response-content-disposition=%C3%84")
                        .header("authorization", "AWS k:s")
                        .send()
                        .status())
                .isEqualTo(200);
        assertThat(pipeline.call("GET", target).send().status()).isEqualTo(200);
    }

    @Test
    void refusesAnOverrideThatWouldSplitTheResponse() {
        assertThat(pipeline.call("GET", "/photos/cat?response-content-type=a%0d%0aSet-Cookie:b")
                        .refused()
                        .error())
                .isEqualTo(S3Error.INVALID_ARGUMENT);
    }

    @Test
    void missingKeyIs404WithItsName() {
        S3Exception refused = pipeline.call("GET", "/photos/d%C3%B6g").refused();

        assertThat(refused.error()).isEqualTo(S3Error.NO_SUCH_KEY);
        assertThat(refused.details()).containsEntry("Key", "dög");
    }

    @Test
    void deniesCallersWithoutPermission() {
        assertThat(pipeline.call("GET", "/photos/dog")
                        .by(Caller.ANONYMOUS)
                        .refused()
                        .error())
                .isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(get().by(TestPipeline.BOB).refused().error()).isEqualTo(S3Error.ACCESS_DENIED);
    }

    @Test
    void namesADeleteMarker() {
        pipeline.buckets().setVersioning(pipeline.bucket("photos"), Versioning.ENABLED);
        pipeline.bucket("photos");
        String marker = pipeline.call("DELETE", "/photos/cat").send().header("x-amz-version-id");

        S3Exception current = get().refused();
        assertThat(current.error()).isEqualTo(S3Error.NO_SUCH_KEY);
        assertThat(current.headers())
                .containsEntry("x-amz-delete-marker", "true")
                .containsEntry("x-amz-version-id", marker);
        assertThat(pipeline.call("GET", "/photos/cat?versionId=" + marker)
                        .refused()
                        .error())
                .isEqualTo(S3Error.METHOD_NOT_ALLOWED);
        assertThat(pipeline.call("GET", "/photos/cat?versionId=null").send().header("x-amz-version-id"))
                .isEqualTo("null");
    }

    @Test
    void refusesVersionsThatAreNone() {
        assertThat(pipeline.call("GET", "/photos/cat?versionId=zzz").refused().error())
                .isEqualTo(S3Error.NO_SUCH_VERSION);
        assertThat(pipeline.call("GET", "/photos/cat?versionId=no-version-of-ours")
                        .refused()
                        .error())
                .isEqualTo(S3Error.INVALID_ARGUMENT);
    }

    @Test
    void anObjectPutInOneHasOnePart() {
        assertThat(pipeline.call("GET", "/photos/cat?partNumber=1").send().text())
                .isEqualTo("testcontent");
        assertThat(pipeline.call("GET", "/photos/cat?partNumber=2").refused().error())
                .isEqualTo(S3Error.INVALID_PART);
        assertThat(pipeline.call("GET", "/photos/cat?partNumber=0").refused().error())
                .isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(pipeline.call("GET", "/photos/cat?partNumber=1")
                        .header("Range", "bytes=0-1")
                        .refused()
                        .error())
                .isEqualTo(S3Error.INVALID_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "-1", "0", "10001", "99999999999"})
    void aPartIsNamedByANumber(String number) {
        for (String method : List.of("GET", "HEAD")) {
            S3Exception refused =
                    pipeline.call(method, "/photos/cat?partNumber=" + number).refused();

            assertThat(refused.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
            assertThat(refused).hasMessage("Part number must be an integer between 1 and 10000, inclusive");
            assertThat(refused.details())
                    .containsEntry("ArgumentName", "partNumber")
                    .containsEntry("ArgumentValue", number);
        }
        assertThat(pipeline.call("GET", "/photos/cat?partNumber").refused().error())
                .as("without a value")
                .isEqualTo(S3Error.INVALID_ARGUMENT);
    }

    @Test
    void readsOverTheSeamsOfParts() {
        Content.Parts parts = new Content.Parts(UploadId.random(), 2);
        List<StoredPart> stored = List.of(part("hello ", 0), part("world", 6));
        pipeline.index().setParts(parts, stored);
        pipeline.index()
                .publish(
                        pipeline.bucket("photos"),
                        new NewVersion(
                                ObjectKey.of("two"),
                                11,
                                new ETag("x-2"),
                                TestPipeline.ALICE.account(),
                                parts,
                                ObjectFacts.plain()),
                        WriteCondition.NONE,
                        Changes.by(TestPipeline.ALICE.account()));

        assertThat(pipeline.call("GET", "/photos/two").send().text()).isEqualTo("hello world");
        assertThat(pipeline.call("GET", "/photos/two")
                        .header("Range", "bytes=4-8")
                        .send()
                        .text())
                .isEqualTo("o wor");
        Reply second = pipeline.call("GET", "/photos/two?partNumber=2").send();
        assertThat(second.text()).isEqualTo("world");
        assertThat(second.header("Content-Range")).isEqualTo("bytes 6-10/11");
        assertThat(second.header("x-amz-mp-parts-count")).isEqualTo("2");
        assertThat(pipeline.call("GET", "/photos/two?partNumber=3").refused().error())
                .isEqualTo(S3Error.INVALID_PART);
    }

    @Test
    void namesNoMarkerForAKeyThatNeverExisted() {
        S3Exception refused = pipeline.call("GET", "/photos/none").refused();

        assertThat(refused.error()).isEqualTo(S3Error.NO_SUCH_KEY);
        assertThat(refused.headers()).doesNotContainKey("x-amz-delete-marker");
        // Otherwise than Amazon: test_delete_marker_nonversioned of ceph/s3-tests wants it.
        assertThat(pipeline.call("HEAD", "/photos/none").refused().headers())
                .containsEntry("x-amz-delete-marker", "false");
    }

    @Test
    void theLastBytesOfAnEmptyObjectAreNone() {
        pipeline.call("PUT", "/photos/empty").send();

        Reply tail = pipeline.call("GET", "/photos/empty")
                .header("range", "bytes=-13")
                .send();

        assertThat(tail.status()).isEqualTo(200);
        assertThat(tail.text()).isEmpty();
        assertThat(tail.header("Content-Range")).isNull();
        assertThat(pipeline.call("GET", "/photos/empty")
                        .header("range", "bytes=0-")
                        .refused()
                        .error())
                .isEqualTo(S3Error.INVALID_RANGE);
    }

    private StoredPart part(String text, long offset) {
        BlobId blob = BlobId.random(0);
        pipeline.contents().put(blob, text.getBytes(UTF_8));
        return new StoredPart(blob, offset, text.length(), new ETag("p"), List.of());
    }

    @Test
    void readsTheNewVersionWhenTheOldOneIsDeletedMeanwhile() {
        pipeline.contents().beforeOpen(() -> {
            pipeline.contents().beforeOpen(() -> {});
            pipeline.contents().delete(blob());
            pipeline.call("PUT", "/photos/cat").body("new").send();
        });

        assertThat(get().send().text()).isEqualTo("new");
    }

    @Test
    void answersThatTheCurrentVersionIsLostAndHasItsBlobInspected() {
        BlobId blob = blob();
        pipeline.contents().delete(blob);

        assertThat(get().refused().error()).isEqualTo(S3Error.OBJECT_CONTENT_LOST);
        assertThat(pipeline.lost().takeSuspects())
                .containsExactly(new Suspect(blob, pipeline.bucket("photos").id(), ObjectKey.of("cat")));
    }

    private BlobId blob() {
        ObjectVersion version = pipeline.index()
                .current(pipeline.bucket("photos"), ObjectKey.of("cat"))
                .orElseThrow();
        return ((Content.Whole) version.content()).blob();
    }
}
