package io.pataka.service.operation.object;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.StoredForm;
import io.pataka.service.operation.TestPipeline;
import io.pataka.service.operation.TestPipeline.Reply;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.testing.Changes;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Appending in Ceph's form and in Amazon's. */
class AppendObjectTest {

    private static final String OFFSET = "x-amz-write-offset-bytes";

    private final TestPipeline pipeline = new TestPipeline();

    @BeforeEach
    void makeBucket() {
        pipeline.call("PUT", "/logs").send();
    }

    private TestPipeline.Call append(String position, String body) {
        return pipeline.call("PUT", "/logs/today?append&position=" + position).body(body);
    }

    private TestPipeline.Call write(String offset, String body) {
        return pipeline.call("PUT", "/logs/today").header(OFFSET, offset).body(body);
    }

    private String content() {
        return pipeline.call("GET", "/logs/today").send().text();
    }

    private static String crc32(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(UTF_8));
        return Base64.getEncoder()
                .encodeToString(
                        ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    @Test
    void cephsFormBeginsAndGoesOn() {
        Reply first = append("0", "one,").header("x-amz-meta-kind", "log").send();
        assertThat(first.header("x-rgw-next-append-position")).isEqualTo("4");
        assertThat(first.header("ETag")).isEqualTo('"' + DigestUtils.md5Hex("one,") + '"');

        Reply second = append("4", "two,").header("x-amz-meta-kind", "other").send();
        append("8", "three").send();

        assertThat(second.header("x-rgw-next-append-position")).isEqualTo("8");
        Reply whole = pipeline.call("GET", "/logs/today").send();
        assertThat(whole.text()).isEqualTo("one,two,three");
        assertThat(whole.header("ETag")).endsWith("-3\"");
        assertThat(whole.header("x-amz-meta-kind")).isEqualTo("log");
        assertThat(whole.header("x-rgw-object-type")).isEqualTo("Appendable");
        assertThat(whole.header("x-rgw-next-append-position")).isEqualTo("13");
        assertThat(pipeline.call("GET", "/logs/today")
                        .header("Range", "bytes=3-8")
                        .send()
                        .text())
                .isEqualTo(",two,t");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "3", "5"})
    void anotherPositionThanTheEndIsRefused(String position) {
        append("0", "four").send();

        S3Exception refused = append(position, "more").refused();

        assertThat(refused.error()).isEqualTo(S3Error.POSITION_NOT_EQUAL_TO_LENGTH);
        assertThat(refused.headers()).containsEntry("x-rgw-next-append-position", "4");
        assertThat(content()).isEqualTo("four");
    }

    @Test
    void aPositionInNothingIsRefused() {
        assertThat(append("4", "more").refused().error()).isEqualTo(S3Error.POSITION_NOT_EQUAL_TO_LENGTH);
        assertThat(append("-1", "more").refused().error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(append("end", "more").refused().error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(pipeline.call("GET", "/logs/today").refused().error()).isEqualTo(S3Error.NO_SUCH_KEY);
        assertThat(pipeline.contents().count()).isZero();
    }

    @Test
    void cephsFormLeavesOrdinaryObjectsAlone() {
        pipeline.call("PUT", "/logs/today").body("four").send();

        assertThat(append("4", "more").refused().error()).isEqualTo(S3Error.OBJECT_NOT_APPENDABLE);
        assertThat(content()).isEqualTo("four");
    }

    @Test
    void amazonsFormGoesOnWithAnyObject() {
        pipeline.call("PUT", "/logs/today").body("one,").send();

        Reply second = write("4", "two").send();

        assertThat(second.header("x-amz-object-size")).isEqualTo("7");
        assertThat(second.header("ETag"))
                .isEqualTo(pipeline.call("HEAD", "/logs/today").send().header("ETag"))
                .endsWith("-2\"");
        assertThat(content()).isEqualTo("one,two");
    }

    @Test
    void amazonsFormRefusesWhatAmazonRefuses() {
        write("0", "four").send();

        assertThat(write("0", "more").refused().error()).isEqualTo(S3Error.INVALID_WRITE_OFFSET);
        assertThat(write("5", "more").refused().error()).isEqualTo(S3Error.INVALID_WRITE_OFFSET);
        assertThat(write("4", "").refused().error()).isEqualTo(S3Error.INVALID_REQUEST);
        assertThat(write("x", "more").refused().error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(write("4", "more").header("x-amz-meta-a", "b").refused().error())
                .isEqualTo(S3Error.INVALID_REQUEST);
        assertThat(content()).isEqualTo("four");
    }

    @Test
    void aChecksumGoesOnWhateverIsSent() {
        append("0", "one,").header("x-amz-checksum-crc32", crc32("one,")).send();
        append("4", "two").header("x-amz-checksum-crc32", crc32("two")).send();

        assertThat(checksum()).isEqualTo(crc32("one,two"));
        assertThat(append("7", "x")
                        .header("x-amz-checksum-crc32", crc32("y"))
                        .refused()
                        .error())
                .isEqualTo(S3Error.BAD_DIGEST);

        append("7", "three").send();
        append("12", "four").header("x-amz-checksum-sha256", sha256("four")).send();
        assertThat(checksum()).isEqualTo(crc32("one,twothreefour"));
        assertThat(content()).isEqualTo("one,twothreefour");
    }

    @Test
    void aChecksumThatCannotBeCombinedEnds() {
        append("0", "one,").header("x-amz-checksum-sha256", sha256("one,")).send();
        assertThat(checksums()).containsOnlyKeys("x-amz-checksum-sha256", "x-amz-checksum-type");

        append("4", "two").header("x-amz-checksum-sha256", sha256("two")).send();
        assertThat(checksums()).isEmpty();
    }

    @Test
    void theDefaultChecksumGoesOn() {
        append("0", "1234").send();
        append("4", "56789").send();

        assertThat(checksums())
                .containsEntry("x-amz-checksum-crc64nvme", "rosUhgp5mIg=")
                .containsEntry("x-amz-checksum-type", "FULL_OBJECT");
    }

    private static String sha256(String text) {
        return Base64.getEncoder().encodeToString(DigestUtils.sha256(text));
    }

    private Map<String, String> checksums() {
        Map<String, String> headers = new TreeMap<>(pipeline.call("HEAD", "/logs/today")
                .header("x-amz-checksum-mode", "ENABLED")
                .send()
                .response()
                .headers());
        headers.keySet().removeIf(name -> !name.startsWith("x-amz-checksum-"));
        return headers;
    }

    private String checksum() {
        return pipeline.call("HEAD", "/logs/today")
                .header("x-amz-checksum-mode", "ENABLED")
                .send()
                .header("x-amz-checksum-crc32");
    }

    @Test
    void anAppendThatCameInBetweenIsNotOverwritten() {
        append("0", "one,").send();
        pipeline.index().beforeAppend(() -> append("4", "two,").send());

        assertThat(append("4", "three").refused().error()).isEqualTo(S3Error.POSITION_NOT_EQUAL_TO_LENGTH);
        assertThat(content()).isEqualTo("one,two,");
    }

    /** The body was stored in the form that the object had. */
    @Test
    void anAppendIsRefusedWhenTheFormOfTheObjectChangedMeanwhile() {
        append("0", "one,").send();
        long blobs = pipeline.contents().count();
        pipeline.contents().whileReceiving(() -> changeForm("today"));

        assertThat(append("4", "two").refused().error()).isEqualTo(S3Error.CONDITIONAL_REQUEST_CONFLICT);

        assertThat(pipeline.contents().count()).isEqualTo(blobs);
        assertThat(pipeline.call("HEAD", "/logs/today").send().header("Content-Length"))
                .isEqualTo("4");
    }

    private void changeForm(String key) {
        StoredForm form = new StoredForm.Unknown("{}");
        pipeline.index()
                .updateFacts(
                        pipeline.bucket("logs"),
                        ObjectKey.of(key),
                        Optional.empty(),
                        facts -> Optional.of(facts.toBuilder().form(form).build()),
                        Changes.any());
    }

    /** The object that the append begins may have another form. */
    @Test
    void anAppendIsRefusedWhenTheObjectIsGoneMeanwhile() {
        append("0", "").send();
        pipeline.contents()
                .whileReceiving(() -> pipeline.call("DELETE", "/logs/today").send());

        assertThat(append("0", "one").refused().error()).isEqualTo(S3Error.CONDITIONAL_REQUEST_CONFLICT);

        assertThat(pipeline.call("GET", "/logs/today").refused().error()).isEqualTo(S3Error.NO_SUCH_KEY);
        assertThat(pipeline.contents().count()).isEqualTo(1);
    }

    @Test
    void nothingIsAppendedWhereVersionsAreKept() {
        append("0", "one").send();
        pipeline.buckets().setVersioning(pipeline.bucket("logs"), Versioning.SUSPENDED);
        pipeline.bucket("logs");

        assertThat(append("3", "two").refused().error()).isEqualTo(S3Error.INVALID_BUCKET_STATE);
    }
}
