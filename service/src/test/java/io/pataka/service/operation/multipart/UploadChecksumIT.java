package io.pataka.service.operation.multipart;

import static io.pataka.service.operation.multipart.UploadClient.MIN_PART;
import static io.pataka.service.operation.multipart.UploadClient.assertCode;
import static io.pataka.service.operation.multipart.UploadClient.bytes;
import static io.pataka.service.operation.multipart.UploadClient.concat;
import static io.pataka.service.operation.multipart.UploadClient.crc32;
import static io.pataka.service.operation.multipart.UploadClient.crc64;
import static io.pataka.service.operation.multipart.UploadClient.element;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.testing.NewBucket;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checksums of parts and of the objects that they become. */
class UploadChecksumIT {

    @RegisterExtension
    static final S3Server SERVER = S3Server.shared();

    private final S3Connection wire;
    private final String bucket;
    private final UploadClient uploads;

    UploadChecksumIT(S3Connection wire, @NewBucket String bucket) {
        this.wire = wire;
        this.bucket = bucket;
        this.uploads = new UploadClient(wire, bucket);
    }

    @Test
    void aCompositeUploadNeedsTheChecksumOfEachPart() throws IOException {
        String upload = uploads.begin("k", Map.of("x-amz-checksum-algorithm", "CRC32"));
        byte[] first = bytes(MIN_PART, 2);
        byte[] content = bytes(10, 1);
        String etag = uploads.part(upload, 1, first, crc32(first));
        String last = uploads.part(upload, 2, content, crc32(content));

        String some = element(1, etag) + element(2, last, "ChecksumCRC32", crc32(content));
        Reply missing = uploads.complete(upload, some, Map.of());
        assertCode("InvalidRequest", missing);
        assertThat(missing.text())
                .contains(
                        "The upload was created using a crc32 checksum. The complete request must include the checksum"
                                + " for each part. It was missing for part 1 in the request.");
        Reply another = uploads.complete(upload, element(1, etag, "ChecksumSHA256", "AAAAAA=="), Map.of());
        assertCode("BadDigest", another);
        assertThat(another.text()).contains("The sha256 you specified for part 1 did not match what we received.");
        uploads.assertStillThere(upload);
    }

    /** As the tests of Ceph Gateway want it; Amazon refuses it with InvalidRequest. */
    @Test
    void aCompositeUploadCompletesWithoutTheChecksumOfAnyPart() throws IOException {
        String upload = uploads.begin("k", Map.of("x-amz-checksum-algorithm", "CRC32"));
        byte[] content = bytes(10, 1);
        String etag = uploads.part(upload, 1, content, crc32(content));

        Reply done = uploads.complete(upload, element(1, etag), Map.of());

        String composite = crc32(Base64.getDecoder().decode(crc32(content))) + "-1";
        assertThat(done.text()).contains("<ChecksumCRC32>" + composite + "</ChecksumCRC32>");
    }

    @Test
    void aFullUploadNeedsNoChecksumOfAPartButTakesNoOther() throws IOException {
        Map<String, String> full = Map.of("x-amz-checksum-algorithm", "CRC32", "x-amz-checksum-type", "FULL_OBJECT");
        String upload = uploads.begin("k", full);
        byte[] content = bytes(10, 1);
        String etag = uploads.part(upload, 1, content, crc32(content));

        assertCode("InvalidPart", uploads.complete(upload, element(1, etag, "ChecksumCRC32", "AAAAAA=="), Map.of()));
        assertCode("BadDigest", uploads.complete(upload, element(1, etag, "ChecksumCRC32C", "AAAAAA=="), Map.of()));
        uploads.assertStillThere(upload);
        assertThat(uploads.complete(upload, element(1, etag), Map.of()).status())
                .isEqualTo(200);
    }

    @Test
    void anUploadWithoutAnAlgorithmKnowsNoChecksumOfAPart() throws IOException {
        String upload = uploads.begin("k", Map.of());
        byte[] content = bytes(10, 1);
        String etag = uploads.part(upload, 1, content);

        Reply refused = uploads.complete(upload, element(1, etag, "ChecksumCRC32", crc32(content)), Map.of());
        assertCode("InvalidPart", refused);
        assertThat(refused.text())
                .contains(
                        "<UploadId>" + upload + "</UploadId>",
                        "<PartNumber>1</PartNumber>",
                        "<ETag>" + etag + "</ETag>");
        assertCode("InvalidPart", uploads.complete(upload, element(1, etag, "ChecksumSHA1", "x"), Map.of()));
        for (String type : List.of("FULL_OBJECT", "COMPOSITE")) {
            Reply mode = uploads.complete(upload, element(1, etag), Map.of("x-amz-checksum-type", type));
            assertCode("InvalidRequest", mode);
            assertThat(mode.text()).contains("The upload was created using the null checksum mode.");
        }
        uploads.assertStillThere(upload);
        assertThat(uploads.complete(upload, element(1, etag), Map.of()).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-checksum-crc32, AAAAAA==, BadDigest",
        "x-amz-checksum-crc32, AAAAAA==-1, BadDigest",
        "x-amz-checksum-crc32c, RIGHT, BadDigest",
        "x-amz-checksum-crc64nvme, AAAAAAAAAAA=, BadDigest",
        "x-amz-checksum-crc32, AAAA, InvalidRequest",
        "x-amz-checksum-crc32, ^^^^^^==, InvalidRequest",
        "x-amz-checksum-crc32, RIGHT-x, InvalidRequest",
        "x-amz-checksum-crc32, bad, BadDigest",
        "x-amz-checksum-crc7, AAAA, InvalidRequest",
        "x-amz-checksum-type, FULL_OBJECT, InvalidRequest"
    })
    void aWrongChecksumOfTheObjectCompletesNothing(String header, String value, String code) throws IOException {
        String upload = uploads.begin("k", Map.of("x-amz-checksum-algorithm", "CRC32"));
        byte[] content = bytes(10, 1);
        String list = element(1, uploads.part(upload, 1, content, crc32(content)), "ChecksumCRC32", crc32(content));
        String composite = crc32(Base64.getDecoder().decode(crc32(content)));

        assertCode(code, uploads.complete(upload, list, Map.of(header, value.replace("RIGHT", composite))));
        uploads.assertStillThere(upload);
        assertThat(uploads.complete(upload, list, Map.of("x-amz-checksum-crc32", composite + "-1"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void anUploadWithoutAnAlgorithmGetsTheDefaultChecksumOfTheWhole() throws IOException {
        byte[] first = bytes(MIN_PART, 1);
        byte[] last = bytes(1000, 2);
        String upload = uploads.begin("k", Map.of());
        String list = element(2, uploads.part(upload, 2, first));
        Reply unsummed = uploads.put("k", upload, "5", last, Map.of());
        assertThat(unsummed.headersOf("x-amz-checksum-")).isEmpty();
        wire.call("PUT", "/" + bucket + "/source", Map.of(), Body.of(last));
        Reply copied = uploads.copy(upload, 6, Map.of());
        assertThat(copied.text()).contains("<CopyPartResult").doesNotContain("Checksum");
        assertThat(wire.call("GET", "/" + bucket + "/k?uploadId=" + upload).text())
                .contains("<PartNumber>5</PartNumber>")
                .doesNotContain("Checksum");
        byte[] bytes = concat(first, last);
        String whole = crc64(bytes);
        list += element(5, DigestUtils.md5Hex(last));
        assertCode("BadDigest", uploads.complete(upload, list, Map.of("x-amz-checksum-crc64nvme", "AAAAAAAAAAA=")));

        // Amazon ignores a checksum that it did not compute.
        Reply done = uploads.complete(upload, list, Map.of("x-amz-checksum-crc32c", "AAAAAA==-2"));

        assertThat(done.text())
                .contains(
                        "<ChecksumCRC64NVME>" + whole + "</ChecksumCRC64NVME>",
                        "<ChecksumType>FULL_OBJECT</ChecksumType>");
        Map<String, String> mode = Map.of("x-amz-checksum-mode", "ENABLED");
        Reply got = wire.call("GET", "/" + bucket + "/k", mode, Body.NONE);
        assertThat(got.body()).isEqualTo(bytes);
        assertThat(got.header("x-amz-checksum-crc64nvme")).contains(whole);
        assertThat(got.header("x-amz-checksum-type")).contains("FULL_OBJECT");
        Reply part = wire.call("GET", "/" + bucket + "/k?partNumber=2", mode, Body.NONE);
        assertThat(part.body()).isEqualTo(last);
        assertThat(part.headersOf("x-amz-checksum-")).isEmpty();
        assertThat(wire.call(
                                "GET",
                                "/" + bucket + "/k?attributes=",
                                Map.of("x-amz-object-attributes", "Checksum,ObjectParts"),
                                Body.NONE)
                        .text())
                .contains("<Checksum><ChecksumCRC64NVME>" + whole, "<Part><PartNumber>1</PartNumber><Size>")
                .doesNotContain("ChecksumCRC32");
    }

    @Test
    void theOnlyPartHasTheChecksumOfTheWhole() throws IOException {
        byte[] content = bytes(10, 1);
        String upload = uploads.begin("k", Map.of());
        uploads.complete(upload, element(3, uploads.part(upload, 3, content)), Map.of());

        Reply part =
                wire.call("GET", "/" + bucket + "/k?partNumber=1", Map.of("x-amz-checksum-mode", "ENABLED"), Body.NONE);

        assertThat(part.status()).isEqualTo(206);
        assertThat(part.header("x-amz-checksum-crc64nvme")).contains(crc64(content));
    }

    @Test
    void aFullChecksumIsThatOfTheBytes() throws IOException {
        String upload =
                uploads.begin("k", Map.of("x-amz-checksum-algorithm", "CRC32", "x-amz-checksum-type", "FULL_OBJECT"));
        byte[] first = bytes(MIN_PART, 1);
        byte[] last = bytes(12345, 2);
        String list = element(1, uploads.part(upload, 1, first, crc32(first)))
                + element(2, uploads.part(upload, 2, last, crc32(last)));
        String whole = crc32(concat(first, last));

        assertCode("BadDigest", uploads.complete(upload, list, Map.of("x-amz-checksum-crc32", crc32(first))));
        Reply done = uploads.complete(upload, list, Map.of("x-amz-checksum-crc32", whole));

        assertThat(done.text())
                .contains("<ChecksumCRC32>" + whole + "</ChecksumCRC32>", "<ChecksumType>FULL_OBJECT</ChecksumType>");
        Reply head = wire.call("HEAD", "/" + bucket + "/k", Map.of("x-amz-checksum-mode", "ENABLED"), Body.NONE);
        assertThat(head.header("x-amz-checksum-crc32")).contains(whole);
        assertThat(head.header("x-amz-checksum-type")).contains("FULL_OBJECT");
    }

    @Test
    void aCompositeChecksumIsThatOfThePartsChecksums() throws IOException {
        String upload = uploads.begin("k", Map.of("x-amz-checksum-algorithm", "CRC32"));
        byte[] first = bytes(MIN_PART, 1);
        byte[] last = bytes(12345, 2);
        String list = element(1, uploads.part(upload, 1, first, crc32(first)), "ChecksumCRC32", crc32(first))
                + element(2, uploads.part(upload, 2, last, crc32(last)), "ChecksumCRC32", crc32(last));
        String composite = crc32(concat(
                        Base64.getDecoder().decode(crc32(first)),
                        Base64.getDecoder().decode(crc32(last))))
                + "-2";

        Reply done = uploads.complete(upload, list, Map.of("x-amz-checksum-crc32", composite));

        assertThat(done.text())
                .contains("<ChecksumCRC32>" + composite + "</ChecksumCRC32>", "<ChecksumType>COMPOSITE</ChecksumType>");
    }

    @Test
    void aChecksumOfAnotherPartCompletesNothing() throws IOException {
        String upload = uploads.begin("k", Map.of("x-amz-checksum-algorithm", "CRC32"));
        byte[] content = bytes(10, 1);
        String etag = uploads.part(upload, 1, content, crc32(content));

        assertCode("InvalidPart", uploads.complete(upload, element(1, etag, "ChecksumCRC32", "AAAAAA=="), Map.of()));
        uploads.assertStillThere(upload);
        assertThat(uploads.complete(upload, element(1, etag, "ChecksumCRC32", crc32(content)), Map.of())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aPartHasTheAlgorithmOfItsUpload() throws IOException {
        String upload = uploads.begin("k", Map.of("x-amz-checksum-algorithm", "SHA256"));

        assertCode("InvalidRequest", uploads.put("k", upload, "1", bytes(10, 1), Map.of()));
        assertCode(
                "InvalidRequest",
                uploads.put("k", upload, "1", bytes(10, 1), Map.of("x-amz-checksum-crc32", crc32(bytes(10, 1)))));
        uploads.assertNoParts(upload);
    }

    @Test
    void aPartWithAnotherDigestIsNotStored() throws IOException {
        String upload = uploads.begin("k", Map.of());
        String md5 = Base64.getEncoder().encodeToString(DigestUtils.md5("other"));

        Reply refused = uploads.put("k", upload, "1", bytes(10, 1), Map.of("Content-MD5", md5));
        assertCode("BadDigest", refused);
        assertThat(refused.text())
                .contains(
                        "<ExpectedDigest>" + md5 + "</ExpectedDigest>",
                        "<CalculatedDigest>"
                                + Base64.getEncoder().encodeToString(DigestUtils.md5(bytes(10, 1)))
                                + "</CalculatedDigest>");
        uploads.assertNoParts(upload);
    }
}
