package io.pataka.service.operation.object;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.BucketName;
import io.pataka.service.operation.TestPipeline;
import io.pataka.service.operation.TestPipeline.Reply;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PutObjectTest {

    private static final String MEOW_ETAG = '"' + DigestUtils.md5Hex("meow") + '"';

    private final TestPipeline pipeline = new TestPipeline();

    @BeforeEach
    void makeBucket() {
        pipeline.call("PUT", "/photos").send();
    }

    private TestPipeline.Call put() {
        return pipeline.call("PUT", "/photos/cat").body("meow");
    }

    @Test
    void storesTheBytesAndReturnsTheirMd5() {
        Reply reply = put().send();

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("ETag")).isEqualTo(MEOW_ETAG);
        assertThat(reply.response().headers()).doesNotContainKey("x-amz-version-id");
        assertThat(pipeline.call("GET", "/photos/cat").send().text()).isEqualTo("meow");
    }

    @Test
    void bringsBackWhatWasSaidOfTheObject() {
        String umlauts = new String("ÄÖ".getBytes(UTF_8), ISO_8859_1);
        put().header("Content-Type", "image/png; charset=x")
                .header("Cache-Control", "no-store")
                .header("Content-Encoding", "aws-chunked, gzip")
                .header("Expires", "whenever")
                .header("x-amz-meta-Colour", "tabby")
                .header("x-amz-meta-utf8", umlauts)
                .header("x-amz-meta-latin1", "\u00c4")
                .header("x-amz-meta-rfc2047", "=?UTF-8?Q?=C3=84?=")
                .header("x-amz-meta-base64", "=?UTF-8?B?aGVsbG8=?=")
                .header("x-amz-meta-quoted", "=?utf-8?q?a_b=21?=")
                .header("x-amz-meta-none", "=?UTF-8?B?!?=")
                .header("x-amz-storage-class", "COLD")
                .header("x-amz-website-redirect-location", "/dog")
                .header("x-amz-tagging", "a=1&b=%C3%84")
                .send();

        Reply head = pipeline.call("HEAD", "/photos/cat").send();

        assertThat(head.response().headers())
                .containsEntry("Content-Type", "image/png; charset=x")
                .containsEntry("Cache-Control", "no-store")
                .containsEntry("Content-Encoding", "gzip")
                .containsEntry("Expires", "whenever")
                .containsEntry("x-amz-meta-colour", "tabby")
                .containsEntry("x-amz-meta-utf8", umlauts)
                .containsEntry("x-amz-meta-latin1", "\u00c4")
                .containsEntry("x-amz-meta-rfc2047", "=?UTF-8?Q?=C3=84?=")
                .containsEntry("x-amz-meta-base64", "hello")
                .containsEntry("x-amz-meta-quoted", "a b!")
                .containsEntry("x-amz-meta-none", "=?UTF-8?B?!?=")
                .containsEntry("x-amz-storage-class", "COLD")
                .containsEntry("x-amz-website-redirect-location", "/dog")
                .containsEntry("x-amz-tagging-count", "2")
                .containsEntry("Content-Length", "4");
    }

    @Test
    void framingAloneIsNoEncodingAndNoTypeIsBinary() {
        put().header("Content-Encoding", "aws-chunked, aws-chunked")
                .header("Content-Type", "")
                .send();

        Reply head = pipeline.call("HEAD", "/photos/cat").send();

        assertThat(head.response().headers())
                .doesNotContainKey("Content-Encoding")
                .doesNotContainKey("x-amz-storage-class")
                .containsEntry("Content-Type", "binary/octet-stream");
    }

    @Test
    void refusesABodyWithAnotherMd5AndKeepsNothing() {
        assertThat(put().header("Content-MD5", "rL0Y20xC+Fzt72VPzMSk2A==")
                        .refused()
                        .error())
                .isEqualTo(S3Error.BAD_DIGEST);
        assertNothingKept();
        assertThat(put().header("Content-MD5", Base64.getEncoder().encodeToString(DigestUtils.md5("meow")))
                        .send()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void refusesAnMd5ThatIsNone() {
        for (String md5 : List.of("", "YWJyYWNhZGFicmE=", "no base 64!")) {
            assertThat(put().header("Content-MD5", md5).refused().error())
                    .as(md5)
                    .isEqualTo(S3Error.INVALID_DIGEST);
        }
    }

    @Test
    void verifiesStoresAndReturnsAChecksum() {
        Reply reply = put().header("x-amz-checksum-crc32", "ihBq/g==")
                .header("x-amz-sdk-checksum-algorithm", "CRC32")
                .send();

        assertThat(reply.header("x-amz-checksum-crc32")).isEqualTo("ihBq/g==");
        assertThat(reply.header("x-amz-checksum-type")).isEqualTo("FULL_OBJECT");
        assertThat(pipeline.call("GET", "/photos/cat").send().response().headers())
                .doesNotContainKey("x-amz-checksum-crc32");
        Reply asked = pipeline.call("GET", "/photos/cat")
                .header("x-amz-checksum-mode", "ENABLED")
                .send();
        assertThat(asked.header("x-amz-checksum-crc32")).isEqualTo("ihBq/g==");
    }

    @Test
    void takesAChecksumFromTheTrailer() {
        Reply reply = put().header("x-amz-trailer", "x-amz-checksum-crc32")
                .header("x-amz-sdk-checksum-algorithm", "CRC32")
                .trailer("x-amz-checksum-crc32", "ihBq/g==")
                .send();

        assertThat(reply.header("x-amz-checksum-crc32")).isEqualTo("ihBq/g==");
    }

    @Test
    void refusesAnotherChecksumAndKeepsNothing() {
        assertThat(put().header("x-amz-checksum-crc32", "AAAAAA==").refused())
                .hasMessage("The CRC32 you specified did not match the calculated checksum.");
        assertThat(put().header("x-amz-checksum-sha256", "bad").refused().error())
                .isEqualTo(S3Error.BAD_DIGEST);
        assertThat(put().header("x-amz-trailer", "x-amz-checksum-crc32")
                        .refused()
                        .error())
                .isEqualTo(S3Error.MALFORMED_TRAILER);
        assertNothingKept();
    }

    @Test
    void refusesChecksumsThatContradictEachOther() {
        assertThat(put().header("x-amz-checksum-crc32", "ihBq/g==")
                        .header("x-amz-checksum-sha1", "x")
                        .refused())
                .hasMessageStartingWith("Expecting a single x-amz-checksum- header");
        assertThat(put().header("x-amz-checksum-crc32", "ihBq/g==")
                        .header("x-amz-sdk-checksum-algorithm", "SHA1")
                        .refused()
                        .error())
                .isEqualTo(S3Error.INVALID_REQUEST);
        assertThat(put().header("x-amz-sdk-checksum-algorithm", "SHA1").refused())
                .hasMessageStartingWith("x-amz-sdk-checksum-algorithm specified, but no corresponding");
        assertThat(put().header("x-amz-checksum-crc7", "x").refused())
                .hasMessage("The algorithm type you specified in x-amz-checksum- header is invalid.");
        assertThat(put().header("x-amz-sdk-checksum-algorithm", "CRC7").refused())
                .hasMessageContaining("unsupported");
    }

    @Test
    void refusesAChecksumThatIsNotWrittenAsBase64IsWritten() {
        assertThat(put().header("x-amz-checksum-crc32", "ihBq/h==").refused())
                .hasMessage("Value for x-amz-checksum-crc32 header is invalid.")
                .returns(S3Error.INVALID_REQUEST, S3Exception::error);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short===", "shrt", "toolong=", "^^^^^^==", "i^/^hBq^J^g==", "ihBq/g==-1", "ihBq_g=="})
    void refusesAChecksumThatCannotBeOne(String value) {
        S3Exception inHeader = put().header("x-amz-checksum-crc32", value).refused();
        assertThat(inHeader)
                .hasMessage("Value for x-amz-checksum-crc32 header is invalid.")
                .returns(S3Error.INVALID_REQUEST, S3Exception::error);
        assertThat(put().header("x-amz-trailer", "x-amz-checksum-crc32")
                        .trailer("x-amz-checksum-crc32", value)
                        .refused())
                .hasMessage("Value for x-amz-checksum-crc32 trailing header is invalid.")
                .returns(S3Error.INVALID_REQUEST, S3Exception::error);
        assertNothingKept();
    }

    /** As the tests of Ceph Gateway want it; Amazon says InvalidRequest here, too. */
    @ParameterizedTest
    @ValueSource(strings = {"bad", "ihBq/g", "ihBq/gg"})
    void aChecksumWithoutItsPaddingDoesNotMatch(String value) {
        assertThat(put().header("x-amz-checksum-crc32", value).refused().error())
                .isEqualTo(S3Error.BAD_DIGEST);
        assertNothingKept();
    }

    @Test
    void namesBothDigestsWhenTheyDiffer() {
        S3Exception refused =
                put().header("Content-MD5", "rL0Y20xC+Fzt72VPzMSk2A==").refused();

        assertThat(refused.details())
                .containsEntry("ExpectedDigest", "acbd18db4c42f85cedef654fccc4a4d8")
                .containsEntry("CalculatedDigest", Base64.getEncoder().encodeToString(DigestUtils.md5("meow")));
    }

    @Test
    void refusesMetadataBeyondTwoKilobytes() {
        assertThat(put().header("x-amz-meta-a", "x".repeat(2047)).send().status())
                .isEqualTo(200);
        S3Exception refused = put().header("x-amz-meta-a", "x".repeat(2048)).refused();
        assertThat(refused.error()).isEqualTo(S3Error.METADATA_TOO_LARGE);
        assertThat(refused.details()).containsEntry("Size", "2049").containsEntry("MaxSizeAllowed", "2048");
    }

    @Test
    void refusesSettingsThatItCannotStore() {
        assertThat(put().header("x-amz-storage-class", "GLACIER").refused().error())
                .isEqualTo(S3Error.INVALID_STORAGE_CLASS);
        assertThat(put().header("x-amz-acl", "public-read").refused().error())
                .isEqualTo(S3Error.ACCESS_CONTROL_LIST_NOT_SUPPORTED);
        assertThat(put().header("x-amz-website-redirect-location", "gopher://x")
                        .refused()
                        .error())
                .isEqualTo(S3Error.INVALID_REDIRECT_LOCATION);
        assertThat(put().header("x-amz-tagging", "a=1&a=2").refused().error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(put().header("x-amz-tagging", "a=1&b&c&d&e&f&g&h&i&j&k")
                        .refused()
                        .error())
                .isEqualTo(S3Error.INVALID_TAG);
        assertThat(put().header("x-amz-meta-a", "x\r\nSet-Cookie: y").refused().error())
                .isEqualTo(S3Error.INVALID_ARGUMENT);
        assertNothingKept();
    }

    @Test
    void refusesBodiesOfAnotherLength() {
        assertThat(put().length(OptionalLong.empty()).refused().error()).isEqualTo(S3Error.MISSING_CONTENT_LENGTH);
        assertThat(put().length(OptionalLong.of(5)).refused().error()).isEqualTo(S3Error.INCOMPLETE_BODY);
        assertThat(put().length(OptionalLong.of(1001)).refused().error()).isEqualTo(S3Error.ENTITY_TOO_LARGE);
        assertThat(pipeline.call("PUT", "/photos/cat")
                        .body(new byte[1001])
                        .length(OptionalLong.empty())
                        .header("transfer-encoding", "chunked")
                        .refused()
                        .error())
                .isEqualTo(S3Error.ENTITY_TOO_LARGE);
        assertNothingKept();
        assertThat(put().length(OptionalLong.empty())
                        .header("transfer-encoding", "chunked")
                        .send()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void writesOnlyWhereNothingIs() {
        put().header("If-None-Match", "*").send();

        S3Exception refused = put().header("If-None-Match", "*").refused();

        assertThat(refused.error()).isEqualTo(S3Error.PRECONDITION_FAILED);
        assertThat(refused.details()).containsEntry("Condition", "If-None-Match");
        assertThat(pipeline.contents().count()).isEqualTo(1);
    }

    @Test
    void writesOnlyOverWhatTheWriterKnows() {
        assertThat(put().header("If-Match", MEOW_ETAG).refused().error()).isEqualTo(S3Error.NO_SUCH_KEY);
        assertThat(put().header("If-Match", "*").refused().error()).isEqualTo(S3Error.NO_SUCH_KEY);
        put().send();
        assertThat(put().header("If-Match", "badetag").refused().error()).isEqualTo(S3Error.PRECONDITION_FAILED);
        assertThat(put().header("If-Match", MEOW_ETAG).send().status()).isEqualTo(200);
        assertThat(put().header("If-Match", MEOW_ETAG.replace("\"", "")).send().status())
                .isEqualTo(200);
        assertThat(put().header("If-None-Match", MEOW_ETAG).refused().error()).isEqualTo(S3Error.PRECONDITION_FAILED);
        assertThat(put().header("If-None-Match", "badetag").send().status()).isEqualTo(200);
    }

    @Test
    void refusesConditionsThatItCannotKeep() {
        assertThat(put().header("If-Match", "*")
                        .header("If-None-Match", "*")
                        .refused()
                        .error())
                .isEqualTo(S3Error.NOT_IMPLEMENTED);
        assertThat(put().header("If-Unmodified-Since", "Sat, 29 Oct 1994 19:43:31 GMT")
                        .refused()
                        .error())
                .isEqualTo(S3Error.NOT_IMPLEMENTED);
    }

    @Test
    void returnsTheVersionInAVersionedBucket() {
        pipeline.buckets().setVersioning(pipeline.bucket("photos"), Versioning.ENABLED);
        pipeline.bucket("photos");

        String first = put().send().header("x-amz-version-id");
        String second = pipeline.call("PUT", "/photos/cat").body("purr").send().header("x-amz-version-id");

        assertThat(first).isNotEqualTo(second);
        assertThat(pipeline.call("GET", "/photos/cat?versionId=" + first).send().text())
                .isEqualTo("meow");
    }

    @Test
    void obeysASettingThatAnotherNodeChangedMeanwhile() {
        pipeline.buckets().setVersioning(pipeline.bucket("photos"), Versioning.ENABLED);

        assertThat(put().send().header("x-amz-version-id")).isNotNull();
    }

    @Test
    void refusesABucketThatAnotherNodeDeletedMeanwhileAndKeepsNothing() {
        pipeline.bucket("photos");
        pipeline.buckets().vanish("photos");

        assertThat(put().refused().error()).isEqualTo(S3Error.NO_SUCH_BUCKET);
        assertNothingKept();
    }

    @Test
    void doesNotWriteIntoANewBucketOfTheSameName() {
        pipeline.bucket("photos");
        pipeline.buckets().vanish("photos");
        pipeline.buckets().create(new BucketName("photos"), TestPipeline.BOB.account(), false, 0, Map.of());

        assertThat(put().refused().error()).isEqualTo(S3Error.SERVICE_UNAVAILABLE);
        assertNothingKept();
        assertThat(put().refused().error()).isEqualTo(S3Error.ACCESS_DENIED);
    }

    @Test
    void keepsTheContentExactlyWhenTheIndexMayNameIt() {
        pipeline.index().failOnce(new MetadataUnavailableException("refused", null, false));
        assertThatThrownBy(() -> put().send()).isInstanceOf(MetadataUnavailableException.class);
        assertNothingKept();

        pipeline.index().failOnce(new MetadataUnavailableException("no answer to the commit", null, true));
        assertThatThrownBy(() -> put().send()).isInstanceOf(MetadataUnavailableException.class);
        assertThat(pipeline.contents().count()).isEqualTo(1);
    }

    @Test
    void refusesABucketOfAnotherOwnerThanExpected() {
        assertThat(put().header("x-amz-expected-bucket-owner", "bob").refused().error())
                .isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(put().header("x-amz-expected-bucket-owner", "alice").send().status())
                .isEqualTo(200);
    }

    private void assertNothingKept() {
        assertThat(pipeline.contents().count()).isZero();
    }
}
