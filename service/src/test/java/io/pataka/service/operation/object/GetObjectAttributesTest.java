package io.pataka.service.operation.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.ObjectIndex.StoredPart;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.Content;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.UploadId;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.operation.TestPipeline;
import io.pataka.service.operation.TestPipeline.Reply;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.testing.Changes;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GetObjectAttributesTest {

    private static final String ATTRIBUTES = "x-amz-object-attributes";
    private static final String ALL = "ETag,Checksum, ObjectParts,StorageClass,ObjectSize";

    private final TestPipeline pipeline = new TestPipeline();

    @BeforeEach
    void makeBucket() {
        pipeline.call("PUT", "/photos").send();
    }

    private TestPipeline.Call attributes(String key) {
        return pipeline.call("GET", "/photos/" + key + "?attributes");
    }

    private static XmlElement document(Reply reply) {
        return reply.xml("GetObjectAttributesResponse");
    }

    @Test
    void mayBeForbiddenWhereReadingIsAllowed() {
        pipeline.call("PUT", "/photos/dog").body("woof").send();
        String policy = """
            {"Version": "2012-10-17", "Statement": [
             {"Effect": "Allow", "Principal": "*", "Action": %s, "Resource": "arn:aws:s3:::photos/*"},
             {"Effect": "Deny", "Principal": {"AWS": "alice"}, "Action": "s3:GetObjectAttributes",
              "Resource": "arn:aws:s3:::photos/*"}]}""";

        pipeline.call("PUT", "/photos?policy")
                .body(policy.formatted("\"s3:GetObject\""))
                .send();
        assertThat(attributes("dog").header(ATTRIBUTES, ALL).refused().error()).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(attributes("dog")
                        .by(TestPipeline.BOB)
                        .header(ATTRIBUTES, ALL)
                        .refused()
                        .error())
                .isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(pipeline.call("GET", "/photos/dog")
                        .by(TestPipeline.BOB)
                        .send()
                        .status())
                .isEqualTo(200);

        pipeline.call("PUT", "/photos?policy")
                .body(policy.formatted("[\"s3:GetObject\", \"s3:GetObjectAttributes\"]"))
                .send();
        assertThat(attributes("dog")
                        .by(TestPipeline.BOB)
                        .header(ATTRIBUTES, ALL)
                        .send()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void returnsTheRequestedAttributesAndNoOther() {
        pipeline.call("PUT", "/photos/dog")
                .header("x-amz-storage-class", "COLD")
                .body("woof")
                .send();

        Reply reply = attributes("dog").header(ATTRIBUTES, ALL).send();
        XmlElement all = document(reply);
        assertThat(all.requiredText("ETag")).isEqualTo(DigestUtils.md5Hex("woof"));
        assertThat(all.requiredText("StorageClass")).isEqualTo("COLD");
        assertThat(all.requiredText("ObjectSize")).isEqualTo("4");
        assertThat(all.first("ObjectParts")).isEmpty();
        assertThat(all.required("Checksum").children())
                .extracting(XmlElement::name)
                .containsExactly("ChecksumCRC64NVME", "ChecksumType");
        assertThat(reply.header("Last-Modified")).isEqualTo("Sat, 07 Jun 2025 08:09:10 GMT");
        assertThat(reply.header("x-amz-version-id")).isNull();

        XmlElement one =
                document(attributes("dog").header(ATTRIBUTES, "ObjectSize").send());
        assertThat(one.children()).extracting(XmlElement::name).containsExactly("ObjectSize");
    }

    @Test
    void returnsAChecksumAndItsType() {
        publishParts("film", 3);

        XmlElement checksum = document(
                        attributes("film").header(ATTRIBUTES, "Checksum").send())
                .required("Checksum");

        assertThat(checksum.requiredText("ChecksumCRC32C")).isEqualTo("AAAAAA==-3");
        assertThat(checksum.requiredText("ChecksumType")).isEqualTo("COMPOSITE");
    }

    @Test
    void listsPartsPageByPage() {
        publishParts("film", 5);

        XmlElement first = document(attributes("film")
                        .header(ATTRIBUTES, "ObjectParts")
                        .header("x-amz-max-parts", "2")
                        .header("x-amz-part-number-marker", "1")
                        .send())
                .required("ObjectParts");
        assertThat(first.requiredText("PartsCount")).isEqualTo("5");
        assertThat(first.requiredText("PartNumberMarker")).isEqualTo("1");
        assertThat(first.requiredText("NextPartNumberMarker")).isEqualTo("3");
        assertThat(first.requiredText("MaxParts")).isEqualTo("2");
        assertThat(first.requiredText("IsTruncated")).isEqualTo("true");
        assertThat(first.all("Part"))
                .extracting(part -> part.requiredText("PartNumber"))
                .containsExactly("2", "3");
        assertThat(first.required("Part").requiredText("Size")).isEqualTo("2");
        assertThat(first.required("Part").requiredText("ChecksumCRC32C")).isEqualTo("AAAAAg==");

        XmlElement last = document(attributes("film")
                        .header(ATTRIBUTES, "ObjectParts")
                        .header("x-amz-part-number-marker", "3")
                        .send())
                .required("ObjectParts");
        assertThat(last.requiredText("IsTruncated")).isEqualTo("false");
        assertThat(last.requiredText("MaxParts")).isEqualTo("1000");
        assertThat(last.all("Part"))
                .extracting(part -> part.requiredText("PartNumber"))
                .containsExactly("4", "5");
    }

    private void publishParts(String key, int count) {
        Content.Parts content = new Content.Parts(UploadId.random(), count);
        pipeline.index()
                .setParts(
                        content,
                        IntStream.rangeClosed(1, count)
                                .mapToObj(number -> new StoredPart(
                                        BlobId.random(0),
                                        (number - 1) * 2L,
                                        2,
                                        new ETag("p" + number),
                                        List.of(crc(Checksum.Type.FULL_OBJECT, "AAAAAg=="))))
                                .toList());
        ObjectFacts facts =
                ObjectFacts.plain().withChecksums(List.of(crc(Checksum.Type.COMPOSITE, "AAAAAA==-" + count)));
        pipeline.index()
                .publish(
                        pipeline.bucket("photos"),
                        new NewVersion(
                                ObjectKey.of(key),
                                count * 2L,
                                new ETag("x-" + count),
                                TestPipeline.ALICE.account(),
                                content,
                                facts),
                        WriteCondition.NONE,
                        Changes.by(TestPipeline.ALICE.account()));
    }

    private static Checksum crc(Checksum.Type type, String value) {
        return new Checksum(ChecksumAlgorithm.CRC32C, type, value);
    }

    @Test
    void returnsTheAttributesOfTheNamedVersion() {
        pipeline.buckets().setVersioning(pipeline.bucket("photos"), Versioning.ENABLED);
        pipeline.bucket("photos");
        String old = pipeline.call("PUT", "/photos/bird").body("1").send().header("x-amz-version-id");
        pipeline.call("PUT", "/photos/bird").body("22").send();

        Reply reply = pipeline.call("GET", "/photos/bird?attributes&versionId=" + old)
                .header(ATTRIBUTES, "ObjectSize")
                .send();

        assertThat(document(reply).requiredText("ObjectSize")).isEqualTo("1");
        assertThat(reply.header("x-amz-version-id")).isEqualTo(old);
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-object-attributes, '', INVALID_REQUEST",
        "x-amz-object-attributes, 'ETag,Colour', INVALID_ARGUMENT",
        "x-amz-max-parts, -1, INVALID_ARGUMENT",
        "x-amz-part-number-marker, -1, INVALID_ARGUMENT"
    })
    void refusesHeadersThatHaveNoMeaning(String header, String value, S3Error error) {
        pipeline.call("PUT", "/photos/dog").body("woof").send();

        assertThat(attributes("dog")
                        .header(ATTRIBUTES, "ETag")
                        .header(header, value)
                        .refused()
                        .error())
                .isEqualTo(error);
    }

    @Test
    void refusesWhatIsNotThere() {
        assertThat(attributes("none").header(ATTRIBUTES, ALL).refused().error()).isEqualTo(S3Error.NO_SUCH_KEY);
    }
}
