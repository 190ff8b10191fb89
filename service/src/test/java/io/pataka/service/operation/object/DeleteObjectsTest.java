package io.pataka.service.operation.object;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.TestPipeline;
import io.pataka.service.operation.TestPipeline.Reply;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.xml.XmlElement;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** DeleteObject and DeleteObjects. */
class DeleteObjectsTest {

    private final TestPipeline pipeline = new TestPipeline();

    @BeforeEach
    void makeObjects() {
        pipeline.call("PUT", "/photos").send();
        pipeline.call("PUT", "/photos/cat").body("meow").send();
        pipeline.call("PUT", "/photos/dog").body("woof").send();
    }

    private void version() {
        pipeline.buckets().setVersioning(pipeline.bucket("photos"), Versioning.ENABLED);
        pipeline.bucket("photos");
    }

    private TestPipeline.Call delete(String document) {
        return pipeline.call("POST", "/photos?delete").body(document).header("Content-MD5", md5(document));
    }

    private static String md5(String document) {
        return Base64.getEncoder().encodeToString(DigestUtils.md5(document.getBytes(UTF_8)));
    }

    @Test
    void reportsAccessDeniedForEachKey() {
        letBob("s3:DeleteObject", "d*", "");

        Reply reply = delete("<Delete><Object><Key>cat</Key></Object><Object><Key>dog</Key></Object></Delete>")
                .by(TestPipeline.BOB)
                .send();

        assertThat(reply.xml("DeleteResult").all("Error"))
                .extracting(error -> error.requiredText("Code"))
                .containsExactly("AccessDenied");
        assertThat(pipeline.call("GET", "/photos/cat").send().text()).isEqualTo("meow");
        assertThat(pipeline.call("GET", "/photos/dog").refused().error()).isEqualTo(S3Error.NO_SUCH_KEY);
    }

    @Test
    void readsNoDocumentOfACallerWhoMayDeleteNothing() {
        assertThat(delete("no document").by(TestPipeline.BOB).refused().error()).isEqualTo(S3Error.ACCESS_DENIED);
        letBob("s3:GetObject", "*", "");
        assertThat(delete("no document").by(TestPipeline.BOB).refused().error()).isEqualTo(S3Error.ACCESS_DENIED);
        letBob("s3:DeleteObjectVersion", "*", "");
        assertThat(delete("no document").by(TestPipeline.BOB).refused().error()).isEqualTo(S3Error.MALFORMED_XML);
    }

    /** A policy has a condition on its tags, so that access is decided when they are read. */
    @Test
    void readsNoTagsOfACallerWhoMayTagNothing() {
        String condition = ", \"Condition\": {\"StringEquals\": {\"s3:RequestObjectTag/class\": \"public\"}}";
        letBob("s3:PutObject", "*", condition);
        assertThat(tag().refused().error()).isEqualTo(S3Error.ACCESS_DENIED);
        letBob("s3:PutObjectTagging", "*", condition);
        assertThat(tag().refused().error()).isEqualTo(S3Error.MALFORMED_XML);
    }

    private TestPipeline.Call tag() {
        return pipeline.call("PUT", "/photos/cat?tagging").body("no document").by(TestPipeline.BOB);
    }

    @Test
    void readsTheTagsOfAllKeysAtOnce() {
        letBob(
                "s3:DeleteObject*",
                "*",
                ", \"Condition\": {\"StringEquals\": {\"s3:ExistingObjectTag/class\": \"public\"}}");
        pipeline.call("PUT", "/photos/cow")
                .header("x-amz-tagging", "class=private")
                .body("moo")
                .send();
        pipeline.call("PUT", "/photos/hen")
                .header("x-amz-tagging", "class=public")
                .body("old")
                .send();
        version();
        pipeline.call("PUT", "/photos/hen").body("new").send();
        pipeline.call("PUT", "/photos/owl")
                .header("x-amz-tagging", "class=public")
                .body("hoot")
                .send();
        String objects = Stream.of("cat", "cow", "hen", "owl", "none")
                .map(key -> "<Object><Key>" + key + "</Key></Object>")
                .collect(Collectors.joining());
        String more = "<Object><Key>hen</Key><VersionId>null</VersionId></Object>"
                + "<Object><Key>cow</Key><VersionId>null</VersionId></Object>";
        int before = pipeline.index().reads();

        XmlElement result = delete("<Delete>" + objects + more + "</Delete>")
                .by(TestPipeline.BOB)
                .send()
                .xml("DeleteResult");

        assertThat(pipeline.index().reads() - before).isEqualTo(1);
        assertThat(result.all("Deleted"))
                .extracting(
                        it -> it.requiredText("Key") + it.textOf("VersionId").orElse(""))
                .containsExactly("owl", "hennull");
        assertThat(result.all("Error"))
                .extracting(it -> it.requiredText("Key") + it.requiredText("Code"))
                .containsExactly(
                        "catAccessDenied", "cowAccessDenied", "henAccessDenied", "noneAccessDenied", "cowAccessDenied");
    }

    @Test
    void readsNoTagsThatNoStatementAsksFor() {
        letBob("s3:DeleteObject", "*", "");
        int before = pipeline.index().reads();

        delete("<Delete><Object><Key>cat</Key></Object></Delete>")
                .by(TestPipeline.BOB)
                .send();

        assertThat(pipeline.index().reads() - before).isZero();
    }

    @Test
    void readsNoKeyByItselfWhoseConditionFindsNothing() {
        String objects = IntStream.range(0, 100)
                .mapToObj(i -> "<Object><Key>none" + i + "</Key><ETag>e</ETag></Object>")
                .collect(Collectors.joining());
        int before = pipeline.index().reads();

        XmlElement result = delete("<Delete>" + objects + "</Delete>").send().xml("DeleteResult");

        assertThat(pipeline.index().reads() - before).isZero();
        assertThat(result.all("Deleted")).hasSize(100);
    }

    private void letBob(String action, String keys, String condition) {
        String policy = """
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "%s",
                 "Resource": "arn:aws:s3:::photos/%s"%s}]}
                """.formatted(TestPipeline.BOB.account().id(), action, keys, condition);
        pipeline.buckets().putDocument(pipeline.bucket("photos"), DocumentKind.POLICY, policy);
    }

    /** A policy of 20 KiB against a header of 8 KiB is the most work that one key may cost. */
    @Test
    void comparesWhatAllKeysHaveInCommonOnce() {
        String run = "\"*" + "?".repeat(62) + "b*\"";
        letBob(
                "s3:DeleteObject",
                "*",
                ", \"Condition\": {\"StringNotLike\": {\"aws:UserAgent\": ["
                        + String.join(",", Collections.nCopies(280, run)) + "]}}");
        deleteAsHostileBob(100);

        long one = deleteAsHostileBob(1);
        long many = deleteAsHostileBob(100);

        assertThat(many).isLessThan(20 * one);
    }

    /** Returns the processor time of this thread, in nanoseconds. */
    private long deleteAsHostileBob(int keys) {
        String objects = IntStream.range(0, keys)
                .mapToObj(i -> "<Object><Key>k" + i + "</Key></Object>")
                .collect(Collectors.joining());
        TestPipeline.Call call = delete("<Delete>" + objects + "</Delete>")
                .header("User-Agent", "a".repeat(8_000))
                .by(TestPipeline.BOB);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long begun = threads.getCurrentThreadCpuTime();
        Reply reply = call.send();
        long spent = threads.getCurrentThreadCpuTime() - begun;
        assertThat(reply.xml("DeleteResult").all("Deleted")).hasSize(keys);
        return spent;
    }

    @Test
    void reportsKeysThatCannotExist() {
        Reply reply = delete("<Delete><Object><Key>" + "k".repeat(1025) + "</Key></Object><Object><Key>cat</Key>"
                        + "<VersionId>none of ours</VersionId></Object></Delete>")
                .send();

        assertThat(reply.xml("DeleteResult").all("Error"))
                .extracting(error -> error.requiredText("Code"))
                .containsExactly("KeyTooLongError", "NoSuchVersion");
    }

    @Test
    void oneIsGoneAndMayBeDeletedAgain() {
        Reply reply = pipeline.call("DELETE", "/photos/cat").send();

        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.response().headers()).isEmpty();
        assertThat(pipeline.call("GET", "/photos/cat").refused().error()).isEqualTo(S3Error.NO_SUCH_KEY);
        assertThat(pipeline.call("DELETE", "/photos/cat").send().status()).isEqualTo(204);
    }

    @Test
    void oneOfAVersionedBucketGetsAMarkerThatCanBeTakenAway() {
        version();
        Reply marked = pipeline.call("DELETE", "/photos/cat").send();
        String marker = marked.header("x-amz-version-id");

        assertThat(marked.header("x-amz-delete-marker")).isEqualTo("true");
        Reply unmarked =
                pipeline.call("DELETE", "/photos/cat?versionId=" + marker).send();
        assertThat(unmarked.header("x-amz-delete-marker")).isEqualTo("true");
        assertThat(unmarked.header("x-amz-version-id")).isEqualTo(marker);
        assertThat(pipeline.call("GET", "/photos/cat").send().text()).isEqualTo("meow");
    }

    @Test
    void aVersionThatIsNotThereIsDeletedAsWell() {
        version();
        Reply reply = pipeline.call("DELETE", "/photos/cat?versionId=zzz").send();

        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.header("x-amz-version-id")).isEqualTo("zzz");
        assertThat(reply.response().headers()).doesNotContainKey("x-amz-delete-marker");
    }

    @Test
    void oneIsDeletedOnlyUnderItsCondition() {
        assertThat(pipeline.call("DELETE", "/photos/cat")
                        .header("If-Match", "badetag")
                        .refused()
                        .error())
                .isEqualTo(S3Error.PRECONDITION_FAILED);
        assertThat(pipeline.call("DELETE", "/photos/cat")
                        .header("If-Match", '"' + DigestUtils.md5Hex("meow") + '"')
                        .send()
                        .status())
                .isEqualTo(204);
        assertThat(pipeline.call("DELETE", "/photos/cat")
                        .header("If-Match", "badetag")
                        .send()
                        .status())
                .isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-if-match-size, 5, 4",
        "x-amz-if-match-last-modified-time, 'Thu, 01 Jan 2015 00:00:00 GMT', 'Sat, 07 Jun 2025 08:09:10 GMT'"
    })
    void oneIsDeletedOnlyWhenItsSizeAndTimeAreThoseExpected(String header, String wrong, String right) {
        version();
        S3Exception refused =
                pipeline.call("DELETE", "/photos/cat").header(header, wrong).refused();
        assertThat(refused.error()).isEqualTo(S3Error.PRECONDITION_FAILED);
        assertThat(refused.details()).containsEntry("Condition", header);
        assertThat(pipeline.call("DELETE", "/photos/cat?versionId=null")
                        .header(header, wrong)
                        .refused()
                        .error())
                .isEqualTo(S3Error.PRECONDITION_FAILED);

        assertThat(pipeline.call("DELETE", "/photos/cat")
                        .header(header, right)
                        .send()
                        .header("x-amz-delete-marker"))
                .isEqualTo("true");
        assertThat(pipeline.call("DELETE", "/photos/none")
                        .header(header, wrong)
                        .send()
                        .status())
                .isEqualTo(204);
        assertThat(pipeline.call("DELETE", "/photos/cat")
                        .header(header, "soon")
                        .refused()
                        .error())
                .isEqualTo(S3Error.INVALID_ARGUMENT);
    }

    @Test
    void manyAreDeletedOnlyUnderTheirConditions() {
        String etag = '"' + DigestUtils.md5Hex("meow") + '"';
        XmlElement result = delete("<Delete><Object><Key>cat</Key><ETag>" + etag + "</ETag><Size>5</Size></Object>"
                        + "<Object><Key>dog</Key><LastModifiedTime>2015-01-01T00:00:00Z</LastModifiedTime></Object>"
                        + "<Object><Key>none</Key><Size>5</Size></Object></Delete>")
                .send()
                .xml("DeleteResult");
        assertThat(result.all("Error"))
                .extracting(it -> it.requiredText("Key") + it.requiredText("Code"))
                .containsExactly("catPreconditionFailed", "dogPreconditionFailed");
        assertThat(result.required("Deleted").requiredText("Key")).isEqualTo("none");

        assertThat(delete("<Delete><Object><Key>cat</Key><ETag>" + etag + "</ETag><Size>4</Size></Object>"
                                + "<Object><Key>dog</Key><LastModifiedTime>Sat, 07 Jun 2025 08:09:10 GMT"
                                + "</LastModifiedTime></Object></Delete>")
                        .send()
                        .xml("DeleteResult")
                        .all("Deleted"))
                .hasSize(2);
    }

    @Test
    void aMarkerMeetsNoConditionOnItsTag() {
        version();
        pipeline.call("DELETE", "/photos/cat").send();

        assertThat(pipeline.call("DELETE", "/photos/cat")
                        .header("If-Match", "*")
                        .send()
                        .status())
                .isEqualTo(204);
        assertThat(pipeline.call("DELETE", "/photos/cat")
                        .header("If-Match", "badetag")
                        .refused()
                        .error())
                .isEqualTo(S3Error.PRECONDITION_FAILED);
    }

    @Test
    void manyAreDeletedAndListedInTheReply() {
        XmlElement result = delete(
                        "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Object><Key>cat</Key></Object>"
                                + "<Object><Key>none</Key></Object></Delete>")
                .send()
                .xml("DeleteResult");

        assertThat(result.all("Deleted"))
                .extracting(it -> it.requiredText("Key"))
                .containsExactly("cat", "none");
        assertThat(result.all("Error")).isEmpty();
        assertThat(pipeline.call("GET", "/photos/cat").refused().error()).isEqualTo(S3Error.NO_SUCH_KEY);
        assertThat(pipeline.call("GET", "/photos/dog").send().text()).isEqualTo("woof");
    }

    @Test
    void quietListsErrorsOnly() {
        XmlElement result = delete("<Delete><Quiet>true</Quiet><Object><Key>cat</Key></Object><Object><Key>dog</Key>"
                        + "<VersionId>never ours</VersionId></Object></Delete>")
                .send()
                .xml("DeleteResult");

        assertThat(result.all("Deleted")).isEmpty();
        XmlElement error = result.required("Error");
        assertThat(error.requiredText("Key")).isEqualTo("dog");
        assertThat(error.requiredText("VersionId")).isEqualTo("never ours");
        assertThat(error.requiredText("Code")).isEqualTo("NoSuchVersion");
    }

    @Test
    void eachHasItsOwnOutcome() {
        version();
        XmlElement result = delete("<Delete><Object><Key>cat</Key><ETag>badetag</ETag></Object>"
                        + "<Object><Key>dog</Key></Object><Object><Key>" + "x".repeat(1025) + "</Key></Object>"
                        + "<Object><Key>cat</Key><VersionId>null</VersionId></Object>"
                        + "<Object><Key>dog</Key><Size>4</Size></Object></Delete>")
                .send()
                .xml("DeleteResult");

        assertThat(result.all("Error"))
                .extracting(it -> it.requiredText("Code"))
                .containsExactly("PreconditionFailed", "KeyTooLongError", "PreconditionFailed");
        XmlElement marked = result.all("Deleted").get(0);
        assertThat(marked.requiredText("DeleteMarker")).isEqualTo("true");
        assertThat(marked.requiredText("DeleteMarkerVersionId")).isNotEmpty();
        XmlElement gone = result.all("Deleted").get(1);
        assertThat(gone.requiredText("VersionId")).isEqualTo("null");
        assertThat(gone.first("DeleteMarker")).isEmpty();
    }

    @Test
    void obeysASettingThatAnotherNodeChangedMeanwhile() {
        pipeline.buckets().setVersioning(pipeline.bucket("photos"), Versioning.ENABLED);

        XmlElement result = delete("<Delete><Object><Key>cat</Key></Object></Delete>")
                .send()
                .xml("DeleteResult");

        assertThat(result.required("Deleted").requiredText("DeleteMarker")).isEqualTo("true");
    }

    @Test
    void takesAThousandKeysAndNoMore() {
        assertThat(delete(keys(1000)).send().xml("DeleteResult").all("Deleted")).hasSize(1000);
        assertThat(delete(keys(1001)).refused().error()).isEqualTo(S3Error.MALFORMED_XML);
        assertThat(delete("<Delete></Delete>").refused().error()).isEqualTo(S3Error.MALFORMED_XML);
        for (String document : List.of(
                "<Delete>text<Object><Key>a</Key></Object></Delete>",
                "<Delete><Object><Key>a</Key></Object><Other/></Delete>",
                "<Delete><Quiet>true</Quiet><Quiet>false</Quiet><Object><Key>a</Key></Object></Delete>",
                "<Delete><Object><Key>a</Key><Key>b</Key></Object></Delete>",
                "<Delete><Object><Key>a</Key><Other/></Object></Delete>")) {
            assertThat(delete(document).refused().error()).as(document).isEqualTo(S3Error.MALFORMED_XML);
        }
        assertThat(delete("<Delete><Object></Object></Delete>").refused().error())
                .isEqualTo(S3Error.MALFORMED_XML);
    }

    private static String keys(int count) {
        StringBuilder document = new StringBuilder("<Delete>");
        for (int i = 0; i < count; i++) {
            document.append("<Object><Key>key-").append(i).append("</Key></Object>");
        }
        return document.append("</Delete>").toString();
    }

    @Test
    void asksForADigestAndHoldsTheDocumentToIt() {
        String document = "<Delete><Object><Key>cat</Key></Object></Delete>";

        assertThat(pipeline.call("POST", "/photos?delete")
                        .body(document)
                        .refused()
                        .error())
                .isEqualTo(S3Error.INVALID_REQUEST);
        assertThat(pipeline.call("POST", "/photos?delete")
                        .body(document)
                        .header("Content-MD5", md5("other"))
                        .refused()
                        .error())
                .isEqualTo(S3Error.BAD_DIGEST);
        assertThat(pipeline.call("POST", "/photos?delete")
                        .body(document)
                        .header("x-amz-checksum-crc32", "AAAAAA==")
                        .refused()
                        .error())
                .isEqualTo(S3Error.BAD_DIGEST);
        assertThat(pipeline.call("GET", "/photos/cat").send().text()).isEqualTo("meow");
        assertThat(pipeline.call("POST", "/photos?delete")
                        .body(document)
                        .header(
                                "x-amz-checksum-sha256",
                                Base64.getEncoder().encodeToString(DigestUtils.sha256(document)))
                        .send()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void refusesNoDocumentAndOneTooLong() {
        assertThat(delete("").refused().error()).isEqualTo(S3Error.MISSING_REQUEST_BODY);
        assertThat(delete("<Delete>" + " ".repeat(2 << 20)).refused().error())
                .isEqualTo(S3Error.MAX_MESSAGE_LENGTH_EXCEEDED);
    }
}
