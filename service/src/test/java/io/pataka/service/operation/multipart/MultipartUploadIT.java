package io.pataka.service.operation.multipart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.content.checksum.RunningChecksum;
import io.pataka.service.http.RawConnection;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.testing.NewBucket;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import io.pataka.service.testing.Versions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartUploadIT {

    private static final int MIN_PART = 5 << 20;

    @RegisterExtension
    static final S3Server SERVER = S3Server.shared();

    private final S3Connection wire;
    private final String bucket;

    MultipartUploadIT(S3Connection wire, @NewBucket String bucket) {
        this.wire = wire;
        this.bucket = bucket;
    }

    @Test
    void anUploadBecomesAnObjectOfItsParts() throws IOException {
        String upload = begin("k", Map.of("Content-Type", "text/x-parts", "x-amz-meta-a", "1"));
        byte[] first = bytes(MIN_PART, 1);
        byte[] last = bytes(1000, 2);
        String list = element(1, part(upload, 1, first)) + element(7, part(upload, 7, last));

        Reply done = complete(upload, list, Map.of());

        assertThat(done.status()).as(done.text()).isEqualTo(200);
        String etag = DigestUtils.md5Hex(concat(DigestUtils.md5(first), DigestUtils.md5(last))) + "-2";
        assertThat(done.text())
                .contains("<ETag>&quot;" + etag + "&quot;</ETag>", "<Key>k</Key>")
                .contains("<Location>" + SERVER.endpoint() + "/" + bucket + "/k</Location>");
        Reply whole = wire.call("GET", "/" + bucket + "/k");
        assertThat(whole.body()).isEqualTo(concat(first, last));
        assertThat(whole.header("ETag")).contains('"' + etag + '"');
        assertThat(whole.header("Content-Type")).contains("text/x-parts");
        assertThat(whole.header("x-amz-meta-a")).contains("1");
        assertThat(wire.call("GET", "/" + bucket + "/k?uploadId=" + upload).text())
                .contains("<Code>NoSuchUpload</Code>");
    }

    @Test
    void strangersAreNotToldWhoUploads() throws IOException {
        String upload = begin("k", Map.of());
        String policy = """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*",
                 "Action": "s3:ListMultipartUploadParts", "Resource": "arn:aws:s3:::%s/*"}}""".formatted(bucket);
        assertThat(wire.call("PUT", "/" + bucket + "?policy=", Map.of(), Body.of(policy.getBytes(UTF_8)))
                        .status())
                .isEqualTo(204);
        String target = "/" + bucket + "/k?uploadId=" + upload;

        try (RawConnection stranger = new RawConnection(SERVER.port())) {
            stranger.send(("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").getBytes(UTF_8));
            assertThat(stranger.reply().text())
                    .contains("<Key>k</Key>")
                    .doesNotContain("Owner")
                    .doesNotContain("Initiator");
        }
        assertThat(wire.call("GET", target).text()).contains("<Initiator><ID>", "<Owner><ID>");
    }

    @Test
    void partsAreNumberedByTheirPlaceInTheObject() throws IOException {
        byte[] first = bytes(MIN_PART, 1);
        byte[] last = bytes(1000, 2);
        String upload = begin("k", Map.of());
        complete(upload, element(2, part(upload, 2, first)) + element(7, part(upload, 7, last)), Map.of());

        Reply second = wire.call("GET", "/" + bucket + "/k?partNumber=2");

        assertThat(second.status()).isEqualTo(206);
        assertThat(second.body()).isEqualTo(last);
        assertThat(second.header("x-amz-mp-parts-count")).contains("2");
        assertThat(second.header("Content-Range"))
                .contains("bytes " + MIN_PART + "-" + (MIN_PART + 999) + "/" + (MIN_PART + 1000));
        assertThat(wire.call("HEAD", "/" + bucket + "/k?partNumber=1").header("Content-Length"))
                .contains(Integer.toString(MIN_PART));
        assertCode("InvalidPart", wire.call("GET", "/" + bucket + "/k?partNumber=3"));
        assertCode("InvalidPart", wire.call("GET", "/" + bucket + "/k?partNumber=7"));
        assertThat(wire.call(
                                "GET",
                                "/" + bucket + "/k?attributes=",
                                Map.of("x-amz-object-attributes", "ObjectParts", "x-amz-part-number-marker", "1"),
                                Body.NONE)
                        .text())
                .contains("<PartNumber>2</PartNumber><Size>1000</Size>", "<NextPartNumberMarker>2<")
                .doesNotContain("<PartNumber>1</PartNumber>", "<PartNumber>7</PartNumber>");
        for (String number : List.of("1", "0")) {
            assertCode(
                    "InvalidRequest",
                    wire.call(
                            "GET", "/" + bucket + "/k?partNumber=" + number, Map.of("Range", "bytes=0-1"), Body.NONE));
        }
    }

    @Test
    void completingCopiesNoBytes() throws IOException {
        String upload = begin("k", Map.of());
        String list = element(1, part(upload, 1, bytes(MIN_PART, 1))) + element(2, part(upload, 2, bytes(10, 2)));
        Set<Path> before = SERVER.blobFiles();

        assertThat(complete(upload, list, Map.of()).status()).isEqualTo(200);

        assertThat(SERVER.blobFiles()).isEqualTo(before);
    }

    @Test
    void repeatingACompleteGivesTheSameAnswer() throws IOException {
        String upload = begin("k", Map.of("x-amz-checksum-algorithm", "CRC32"));
        byte[] content = bytes(10, 1);
        String list = element(1, part(upload, 1, content), "ChecksumCRC32", crc32(content));

        Reply first = complete(upload, list, Map.of());
        Reply second = complete(upload, list, Map.of());

        assertThat(first.status()).as(first.text()).isEqualTo(200);
        assertThat(second.status()).as(second.text()).isEqualTo(200);
        assertThat(second.text()).isEqualTo(first.text()).contains("<ChecksumCRC32>");
        assertCode("NoSuchUpload", complete(upload, element(1, "0".repeat(32)), Map.of()));
    }

    @Test
    void repeatingACompleteMakesNoOtherVersion() throws IOException {
        Versions.set(wire, bucket, "Enabled");
        String upload = begin("k", Map.of());
        String list = element(1, part(upload, 1, bytes(10, 1)));

        Reply first = complete(upload, list, Map.of());
        Reply second = complete(upload, list, Map.of());

        assertThat(first.header("x-amz-version-id")).isPresent().isEqualTo(second.header("x-amz-version-id"));
        assertThat(wire.call("GET", "/" + bucket + "?versions=").text().split("<Version>", -1))
                .hasSize(2);
    }

    @Test
    void ofTwoCompletesBothSeeOneOutcome() throws Exception {
        Versions.set(wire, bucket, "Enabled");
        for (int round = 0; round < 10; round++) {
            String upload = begin("k" + round, Map.of());
            String list = element(1, part("k" + round, upload, 1, bytes(10, round)));
            String target = "/" + bucket + "/k" + round + "?uploadId=" + upload;

            List<Reply> answers = together(
                    own -> own.call("POST", target, Map.of(), document(list)),
                    own -> own.call("POST", target, Map.of(), document(list)));

            assertThat(answers).extracting(Reply::status).containsOnly(200);
            assertThat(answers.get(0).header("x-amz-version-id"))
                    .isPresent()
                    .isEqualTo(answers.get(1).header("x-amz-version-id"));
        }
        assertThat(wire.call("GET", "/" + bucket + "?versions=").text().split("<Version>", -1))
                .hasSize(11);
    }

    @Test
    void ofACompleteAndAnAbortOneWins() throws Exception {
        for (int round = 0; round < 10; round++) {
            String key = "k" + round;
            String upload = begin(key, Map.of());
            String list = element(1, part(key, upload, 1, bytes(10, round)));
            String target = "/" + bucket + "/" + key + "?uploadId=" + upload;

            List<Reply> answers = together(
                    own -> own.call("POST", target, Map.of(), document(list)), own -> own.call("DELETE", target));

            boolean completed = answers.get(0).status() == 200;
            assertThat(answers.get(0).status()).isEqualTo(completed ? 200 : 404);
            assertThat(answers.get(1).status()).isEqualTo(completed ? 404 : 204);
            assertThat(wire.call("GET", "/" + bucket + "/" + key).status()).isEqualTo(completed ? 200 : 404);
        }
    }

    @Test
    void anAbortedUploadIsGone() throws IOException {
        String upload = begin("k", Map.of());
        String etag = part(upload, 1, bytes(10, 1));
        String target = "/" + bucket + "/k?uploadId=" + upload;

        assertThat(wire.call("DELETE", target).status()).isEqualTo(204);

        assertCode("NoSuchUpload", wire.call("DELETE", target));
        assertCode("NoSuchUpload", wire.call("GET", target));
        assertCode("NoSuchUpload", complete(upload, element(1, etag), Map.of()));
        assertCode("NoSuchUpload", put("k", upload, "2", bytes(10, 1), Map.of()));
        assertThat(wire.call("GET", "/" + bucket + "/k").status()).isEqualTo(404);
    }

    @Test
    void looksAnUploadUpBeforeItReadsTheDocument() throws IOException {
        Body noDocument = Body.of("no XML".getBytes(UTF_8));
        assertCode(
                "NoSuchUpload",
                wire.call("POST", "/" + bucket + "/k?uploadId=" + "0".repeat(32), Map.of(), noDocument));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "10001", "-1", "x", "99999999999", ""})
    void partNumbersAreWithinTenThousand(String number) throws IOException {
        String upload = begin("k", Map.of());

        assertCode("InvalidArgument", put("k", upload, number, bytes(10, 1), Map.of()));
        assertNoParts(upload);
    }

    @Test
    void aCompleteWithMoreThanTenThousandPartsIsMalformed() throws IOException {
        String upload = begin("k", Map.of());
        StringBuilder list = new StringBuilder();
        for (int i = 1; i <= 10_001; i++) {
            list.append(element(i, "e"));
        }

        assertCode("MalformedXML", complete(upload, list.toString(), Map.of()));
    }

    @Test
    void whatIsNoListOfPartsCompletesNothing() throws IOException {
        String upload = begin("k", Map.of());
        part(upload, 1, bytes(10, 1));

        Reply empty = complete(upload, "", Map.of());
        assertCode("InvalidRequest", empty);
        assertThat(empty.text()).contains("<Message>You must specify at least one part</Message>");
        assertCode("MalformedXML", wire.call("POST", "/" + bucket + "/k?uploadId=" + upload));
        assertStillThere(upload);
    }

    @Test
    void anETagOfAnotherPartCompletesNothing() throws IOException {
        String upload = begin("k", Map.of());
        part(upload, 1, bytes(MIN_PART, 1));
        String second = part(upload, 2, bytes(10, 2));

        assertCode("InvalidPart", complete(upload, element(1, second) + element(2, second), Map.of()));
        assertCode("InvalidPart", complete(upload, element(3, second), Map.of()));
        assertCode("InvalidPart", complete(upload, element(2, "not-a-tag"), Map.of()));
        assertStillThere(upload);
    }

    @Test
    void anETagOfAReplacedPartCompletesNothing() throws IOException {
        String upload = begin("k", Map.of());
        String old = part(upload, 1, bytes(10, 1));
        String replaced = part(upload, 1, bytes(10, 2));

        assertCode("InvalidPart", complete(upload, element(1, old), Map.of()));
        assertThat(complete(upload, element(1, replaced), Map.of()).status()).isEqualTo(200);
        assertThat(wire.call("GET", "/" + bucket + "/k").body()).isEqualTo(bytes(10, 2));
    }

    @Test
    void partsOutOfOrderCompleteNothing() throws IOException {
        String upload = begin("k", Map.of());
        String first = part(upload, 1, bytes(MIN_PART, 1));
        String second = part(upload, 2, bytes(MIN_PART, 2));

        Reply refused = complete(upload, element(2, second) + element(1, first), Map.of());
        assertCode("InvalidPartOrder", refused);
        assertThat(refused.text()).contains("<UploadId>" + upload + "</UploadId>");
        assertStillThere(upload);
    }

    @Test
    void aSmallPartIsTheLast() throws IOException {
        String upload = begin("k", Map.of());
        String first = part(upload, 1, bytes(MIN_PART - 1, 1));
        String second = part(upload, 2, bytes(10, 2));

        Reply refused = complete(upload, element(1, first) + element(2, second), Map.of());

        assertCode("EntityTooSmall", refused);
        assertThat(refused.text()).contains("<MinSizeAllowed>" + MIN_PART + "</MinSizeAllowed>");
        assertStillThere(upload);
        assertThat(complete(upload, element(2, second), Map.of()).status()).isEqualTo(200);
        assertThat(wire.call("GET", "/" + bucket + "/k").body()).isEqualTo(bytes(10, 2));
    }

    @Test
    void anUploadIsOfItsBucketAndKeyOnly() throws IOException {
        String upload = begin("k", Map.of());
        String etag = part(upload, 1, bytes(10, 1));
        String other = "other-" + bucket;
        wire.call("PUT", "/" + other);

        for (String place : List.of(other + "/k", bucket + "/other")) {
            String target = "/" + place + "?uploadId=" + upload;
            assertCode("NoSuchUpload", wire.call("GET", target));
            assertCode("NoSuchUpload", wire.call("DELETE", target));
            assertCode("NoSuchUpload", wire.call("POST", target, Map.of(), document(element(1, etag))));
            assertCode(
                    "NoSuchUpload",
                    wire.call(
                            "PUT", "/" + place + "?partNumber=1&uploadId=" + upload, Map.of(), Body.of(bytes(10, 2))));
        }
        assertStillThere(upload);
        assertThat(complete(upload, element(1, etag), Map.of()).status()).isEqualTo(200);
    }

    @Test
    void aCompositeUploadNeedsTheChecksumOfEachPart() throws IOException {
        String upload = begin("k", Map.of("x-amz-checksum-algorithm", "CRC32"));
        byte[] first = bytes(MIN_PART, 2);
        byte[] content = bytes(10, 1);
        String etag = part(upload, 1, first, crc32(first));
        String last = part(upload, 2, content, crc32(content));

        String some = element(1, etag) + element(2, last, "ChecksumCRC32", crc32(content));
        Reply missing = complete(upload, some, Map.of());
        assertCode("InvalidRequest", missing);
        assertThat(missing.text())
                .contains(
                        "The upload was created using a crc32 checksum. The complete request must include the checksum"
                                + " for each part. It was missing for part 1 in the request.");
        Reply another = complete(upload, element(1, etag, "ChecksumSHA256", "AAAAAA=="), Map.of());
        assertCode("BadDigest", another);
        assertThat(another.text()).contains("The sha256 you specified for part 1 did not match what we received.");
        assertStillThere(upload);
    }

    /** As the tests of Ceph Gateway want it; Amazon refuses it with InvalidRequest. */
    @Test
    void aCompositeUploadCompletesWithoutTheChecksumOfAnyPart() throws IOException {
        String upload = begin("k", Map.of("x-amz-checksum-algorithm", "CRC32"));
        byte[] content = bytes(10, 1);
        String etag = part(upload, 1, content, crc32(content));

        Reply done = complete(upload, element(1, etag), Map.of());

        String composite = crc32(Base64.getDecoder().decode(crc32(content))) + "-1";
        assertThat(done.text()).contains("<ChecksumCRC32>" + composite + "</ChecksumCRC32>");
    }

    @Test
    void aFullUploadNeedsNoChecksumOfAPartButTakesNoOther() throws IOException {
        Map<String, String> full = Map.of("x-amz-checksum-algorithm", "CRC32", "x-amz-checksum-type", "FULL_OBJECT");
        String upload = begin("k", full);
        byte[] content = bytes(10, 1);
        String etag = part(upload, 1, content, crc32(content));

        assertCode("InvalidPart", complete(upload, element(1, etag, "ChecksumCRC32", "AAAAAA=="), Map.of()));
        assertCode("BadDigest", complete(upload, element(1, etag, "ChecksumCRC32C", "AAAAAA=="), Map.of()));
        assertStillThere(upload);
        assertThat(complete(upload, element(1, etag), Map.of()).status()).isEqualTo(200);
    }

    @Test
    void anUploadWithoutAnAlgorithmKnowsNoChecksumOfAPart() throws IOException {
        String upload = begin("k", Map.of());
        byte[] content = bytes(10, 1);
        String etag = part(upload, 1, content);

        Reply refused = complete(upload, element(1, etag, "ChecksumCRC32", crc32(content)), Map.of());
        assertCode("InvalidPart", refused);
        assertThat(refused.text())
                .contains(
                        "<UploadId>" + upload + "</UploadId>",
                        "<PartNumber>1</PartNumber>",
                        "<ETag>" + etag + "</ETag>");
        assertCode("InvalidPart", complete(upload, element(1, etag, "ChecksumSHA1", "x"), Map.of()));
        for (String type : List.of("FULL_OBJECT", "COMPOSITE")) {
            Reply mode = complete(upload, element(1, etag), Map.of("x-amz-checksum-type", type));
            assertCode("InvalidRequest", mode);
            assertThat(mode.text()).contains("The upload was created using the null checksum mode.");
        }
        assertStillThere(upload);
        assertThat(complete(upload, element(1, etag), Map.of()).status()).isEqualTo(200);
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
        String upload = begin("k", Map.of("x-amz-checksum-algorithm", "CRC32"));
        byte[] content = bytes(10, 1);
        String list = element(1, part(upload, 1, content, crc32(content)), "ChecksumCRC32", crc32(content));
        String composite = crc32(Base64.getDecoder().decode(crc32(content)));

        assertCode(code, complete(upload, list, Map.of(header, value.replace("RIGHT", composite))));
        assertStillThere(upload);
        assertThat(complete(upload, list, Map.of("x-amz-checksum-crc32", composite + "-1"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void anUploadWithoutAnAlgorithmGetsTheDefaultChecksumOfTheWhole() throws IOException {
        byte[] first = bytes(MIN_PART, 1);
        byte[] last = bytes(1000, 2);
        String upload = begin("k", Map.of());
        String list = element(2, part(upload, 2, first));
        Reply unsummed = put("k", upload, "5", last, Map.of());
        assertThat(unsummed.headersOf("x-amz-checksum-")).isEmpty();
        wire.call("PUT", "/" + bucket + "/source", Map.of(), Body.of(last));
        Reply copied = copy(upload, 6, Map.of());
        assertThat(copied.text()).contains("<CopyPartResult").doesNotContain("Checksum");
        assertThat(wire.call("GET", "/" + bucket + "/k?uploadId=" + upload).text())
                .contains("<PartNumber>5</PartNumber>")
                .doesNotContain("Checksum");
        byte[] bytes = concat(first, last);
        String whole = crc64(bytes);
        list += element(5, DigestUtils.md5Hex(last));
        assertCode("BadDigest", complete(upload, list, Map.of("x-amz-checksum-crc64nvme", "AAAAAAAAAAA=")));

        // Amazon passes over a checksum that it did not compute.
        Reply done = complete(upload, list, Map.of("x-amz-checksum-crc32c", "AAAAAA==-2"));

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
        String upload = begin("k", Map.of());
        complete(upload, element(3, part(upload, 3, content)), Map.of());

        Reply part =
                wire.call("GET", "/" + bucket + "/k?partNumber=1", Map.of("x-amz-checksum-mode", "ENABLED"), Body.NONE);

        assertThat(part.status()).isEqualTo(206);
        assertThat(part.header("x-amz-checksum-crc64nvme")).contains(crc64(content));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Enabled", ""})
    void whatACompletedUploadBecameIsToldWhileItIsThere(String versioning) throws IOException {
        setVersioning(versioning);
        String upload = begin("k", Map.of());
        String list = element(1, part(upload, 1, bytes(10, 1)));
        String version =
                complete(upload, list, Map.of()).header("x-amz-version-id").orElse("null");
        assertThat(complete(upload, list, Map.of()).text()).contains("<ChecksumCRC64NVME>");

        put("k", "another");
        if (versioning.isEmpty()) {
            assertCode("NoSuchUpload", complete(upload, list, Map.of()));
        } else {
            assertThat(complete(upload, list, Map.of()).status()).isEqualTo(200);
        }
        wire.call("DELETE", "/" + bucket + "/k?versionId=" + version);

        Reply gone = complete(upload, list, Map.of());
        assertCode("NoSuchUpload", gone);
        assertThat(gone.text()).contains("<UploadId>" + upload + "</UploadId>");
    }

    @Test
    void aSlashInTheKeyIsEncodedInTheLocation() throws IOException {
        String upload = begin("a/b%20c", Map.of());
        String list = element(1, part("a/b%20c", upload, 1, bytes(10, 1)));

        Reply done = wire.call("POST", "/" + bucket + "/a/b%20c?uploadId=" + upload, Map.of(), document(list));

        assertThat(done.text())
                .contains(
                        "<Location>" + SERVER.endpoint() + "/" + bucket + "/a%2Fb%20c</Location>", "<Key>a/b c</Key>");
    }

    private static String crc64(byte[] content) {
        RunningChecksum crc = RunningChecksum.of(ChecksumAlgorithm.CRC64NVME);
        crc.update(content, 0, content.length);
        return Base64.getEncoder().encodeToString(crc.value());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "..%2F..", "00000000-0000-0000-0000-000000000000", "%00"})
    void anIdThatIsNoneIsOfNoUpload(String id) throws IOException {
        Reply refused = wire.call("GET", "/" + bucket + "/k?uploadId=" + id);

        assertCode("NoSuchUpload", refused);
        assertThat(refused.status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({"1010, 200", "1011, 400", "0, 400", "x, 400"})
    void theDeclaredSizeIsHeldAgainstTheParts(String declared, int status) throws IOException {
        String upload = begin("k", Map.of());
        String etag = part(upload, 1, bytes(1010, 1));

        Reply answer = complete(upload, element(1, etag), Map.of("x-amz-mp-object-size", declared));

        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(wire.call("GET", "/" + bucket + "/k").status()).isEqualTo(status == 200 ? 200 : 404);
    }

    @Test
    void aFullChecksumIsThatOfTheBytes() throws IOException {
        String upload = begin("k", Map.of("x-amz-checksum-algorithm", "CRC32", "x-amz-checksum-type", "FULL_OBJECT"));
        byte[] first = bytes(MIN_PART, 1);
        byte[] last = bytes(12345, 2);
        String list = element(1, part(upload, 1, first, crc32(first))) + element(2, part(upload, 2, last, crc32(last)));
        String whole = crc32(concat(first, last));

        assertCode("BadDigest", complete(upload, list, Map.of("x-amz-checksum-crc32", crc32(first))));
        Reply done = complete(upload, list, Map.of("x-amz-checksum-crc32", whole));

        assertThat(done.text())
                .contains("<ChecksumCRC32>" + whole + "</ChecksumCRC32>", "<ChecksumType>FULL_OBJECT</ChecksumType>");
        Reply head = wire.call("HEAD", "/" + bucket + "/k", Map.of("x-amz-checksum-mode", "ENABLED"), Body.NONE);
        assertThat(head.header("x-amz-checksum-crc32")).contains(whole);
        assertThat(head.header("x-amz-checksum-type")).contains("FULL_OBJECT");
    }

    @Test
    void aCompositeChecksumIsThatOfThePartsChecksums() throws IOException {
        String upload = begin("k", Map.of("x-amz-checksum-algorithm", "CRC32"));
        byte[] first = bytes(MIN_PART, 1);
        byte[] last = bytes(12345, 2);
        String list = element(1, part(upload, 1, first, crc32(first)), "ChecksumCRC32", crc32(first))
                + element(2, part(upload, 2, last, crc32(last)), "ChecksumCRC32", crc32(last));
        String composite = crc32(concat(
                        Base64.getDecoder().decode(crc32(first)),
                        Base64.getDecoder().decode(crc32(last))))
                + "-2";

        Reply done = complete(upload, list, Map.of("x-amz-checksum-crc32", composite));

        assertThat(done.text())
                .contains("<ChecksumCRC32>" + composite + "</ChecksumCRC32>", "<ChecksumType>COMPOSITE</ChecksumType>");
    }

    @Test
    void aChecksumOfAnotherPartCompletesNothing() throws IOException {
        String upload = begin("k", Map.of("x-amz-checksum-algorithm", "CRC32"));
        byte[] content = bytes(10, 1);
        String etag = part(upload, 1, content, crc32(content));

        assertCode("InvalidPart", complete(upload, element(1, etag, "ChecksumCRC32", "AAAAAA=="), Map.of()));
        assertStillThere(upload);
        assertThat(complete(upload, element(1, etag, "ChecksumCRC32", crc32(content)), Map.of())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aPartHasTheAlgorithmOfItsUpload() throws IOException {
        String upload = begin("k", Map.of("x-amz-checksum-algorithm", "SHA256"));

        assertCode("InvalidRequest", put("k", upload, "1", bytes(10, 1), Map.of()));
        assertCode(
                "InvalidRequest",
                put("k", upload, "1", bytes(10, 1), Map.of("x-amz-checksum-crc32", crc32(bytes(10, 1)))));
        assertNoParts(upload);
    }

    @Test
    void aPartThatIsNotWhatWasAnnouncedIsNotKept() throws IOException {
        String upload = begin("k", Map.of());
        String md5 = Base64.getEncoder().encodeToString(DigestUtils.md5("other"));

        Reply refused = put("k", upload, "1", bytes(10, 1), Map.of("Content-MD5", md5));
        assertCode("BadDigest", refused);
        assertThat(refused.text())
                .contains(
                        "<ExpectedDigest>" + md5 + "</ExpectedDigest>",
                        "<CalculatedDigest>"
                                + Base64.getEncoder().encodeToString(DigestUtils.md5(bytes(10, 1)))
                                + "</CalculatedDigest>");
        assertNoParts(upload);
    }

    @Test
    void conditionsAreJudgedWhenTheUploadCompletes() throws IOException {
        String upload = begin("k", Map.of());
        String list = element(1, part(upload, 1, bytes(10, 1)));
        wire.call("PUT", "/" + bucket + "/k", Map.of(), Body.of(bytes(3, 3)));

        assertCode("PreconditionFailed", complete(upload, list, Map.of("If-None-Match", "*")));
        assertCode("PreconditionFailed", complete(upload, list, Map.of("If-Match", "\"other\"")));
        assertStillThere(upload);
        assertThat(complete(upload, list, Map.of()).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Suspended", "Enabled", ""})
    void aConditionDoesNotHoldOfAVersionThatCameAfterTheUploadBegan(String versioning) throws IOException {
        setVersioning(versioning);
        put("k", "one");
        String upload = begin("k", Map.of());
        String list = element(1, part(upload, 1, bytes(10, 1)));
        String etag = put("k", "one");

        Reply conflict = complete(upload, list, Map.of("If-Match", etag));

        assertThat(conflict.status()).isEqualTo(409);
        assertThat(conflict.text())
                .contains("<Code>ConditionalRequestConflict</Code>", "<Condition>If-Match</Condition>", "<Key>k</Key>");
        assertCode("PreconditionFailed", complete(upload, list, Map.of("If-Match", "\"other\"")));
        assertCode("ConditionalRequestConflict", complete(upload, list, Map.of("If-Match", "*")));
        assertCode("ConditionalRequestConflict", complete(upload, list, Map.of("If-None-Match", "\"other\"")));
        assertStillThere(upload);
        String again = begin("k", Map.of());
        assertThat(complete(again, element(1, part(again, 1, bytes(10, 1))), Map.of("If-Match", etag))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Suspended", "Enabled", ""})
    void aConditionDoesNotHoldOfADeletionThatCameAfterTheUploadBegan(String versioning) throws IOException {
        setVersioning(versioning);
        String etag = put("k", "one");
        String upload = begin("k", Map.of());
        String list = element(1, part(upload, 1, bytes(10, 1)));
        assertCode("PreconditionFailed", complete(upload, list, Map.of("If-None-Match", "*")));
        wire.call("DELETE", "/" + bucket + "/k");

        Reply conflict = complete(upload, list, Map.of("If-None-Match", "*"));

        assertThat(conflict.status()).isEqualTo(409);
        assertThat(conflict.text())
                .contains("<Code>ConditionalRequestConflict</Code>", "<Condition>If-None-Match</Condition>");
        assertCode("NoSuchKey", complete(upload, list, Map.of("If-Match", etag)));
        assertThat(wire.call("GET", "/" + bucket + "/k").status()).isEqualTo(404);
        String again = begin("k", Map.of());
        assertThat(complete(again, element(1, part(again, 1, bytes(10, 1))), Map.of("If-None-Match", "*"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void whatDoesNotChangeTheVersionIsNoConflict() throws IOException {
        String etag = put("k", "one");
        String upload = begin("k", Map.of());
        String list = element(1, part(upload, 1, bytes(10, 1)));
        put("other", "two");
        String tags = "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>";
        assertThat(wire.call("PUT", "/" + bucket + "/k?tagging=", Map.of(), Body.of(tags.getBytes(UTF_8)))
                        .status())
                .isEqualTo(200);

        assertThat(complete(upload, list, Map.of("If-Match", etag)).status()).isEqualTo(200);
    }

    private String put(String key, String content) throws IOException {
        return wire.call("PUT", "/" + bucket + "/" + key, Map.of(), Body.of(content.getBytes(UTF_8)))
                .header("ETag")
                .orElseThrow();
    }

    private void setVersioning(String status) throws IOException {
        if (!status.isEmpty()) {
            Versions.set(wire, bucket, status);
        }
    }

    @Test
    void partsAreListedPageByPage() throws IOException {
        String upload = begin("k", Map.of());
        for (int number : new int[] {1, 2, 5, 10_000}) {
            part(upload, number, bytes(number % 100, number));
        }
        String target = "/" + bucket + "/k?";

        Reply first = wire.call("GET", target + "max-parts=3&uploadId=" + upload);
        Reply second = wire.call("GET", target + "max-parts=3&part-number-marker=5&uploadId=" + upload);

        assertThat(first.text())
                .contains("<IsTruncated>true</IsTruncated>", "<NextPartNumberMarker>5</NextPartNumberMarker>")
                .contains("<PartNumber>1</PartNumber>", "<PartNumber>5</PartNumber>")
                .doesNotContain("<PartNumber>10000</PartNumber>");
        assertThat(second.text())
                .contains("<IsTruncated>false</IsTruncated>", "<PartNumber>10000</PartNumber>")
                .doesNotContain("<PartNumber>5</PartNumber>");
        assertThat(wire.call("GET", target + "part-number-marker=10000&uploadId=" + upload)
                        .text())
                .contains(
                        "<PartNumberMarker>10000</PartNumberMarker>", "<NextPartNumberMarker>0</NextPartNumberMarker>")
                .doesNotContain("<Part>");
        assertCode("InvalidArgument", wire.call("GET", target + "max-parts=-1&uploadId=" + upload));
        assertCode("InvalidArgument", wire.call("GET", target + "part-number-marker=x&uploadId=" + upload));
    }

    @Test
    void aPartCopiedFromAnObjectHasItsBytes() throws IOException {
        byte[] source = bytes(MIN_PART + 100, 1);
        wire.call("PUT", "/" + bucket + "/source", Map.of(), Body.of(source));
        String upload = begin("k", Map.of());

        Reply first = copy(upload, 1, Map.of());
        Reply second = copy(upload, 2, Map.of("x-amz-copy-source-range", "bytes=10-19"));

        assertThat(first.text()).contains("<ETag>&quot;" + DigestUtils.md5Hex(source) + "&quot;</ETag>");
        String list = element(1, DigestUtils.md5Hex(source))
                + element(2, DigestUtils.md5Hex(Arrays.copyOfRange(source, 10, 20)));
        assertThat(second.status()).isEqualTo(200);
        assertThat(complete(upload, list, Map.of()).status()).isEqualTo(200);
        assertThat(wire.call("GET", "/" + bucket + "/k").body())
                .isEqualTo(concat(source, Arrays.copyOfRange(source, 10, 20)));
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-100, InvalidRange",
        "bytes=200-300, InvalidRange",
        "bytes=5-4, InvalidArgument",
        "bytes=0-, InvalidArgument",
        "bytes=-5, InvalidArgument",
        "0-5, InvalidArgument",
        "'bytes=0-1,3-4', InvalidArgument",
        "bytes=hello-world, InvalidArgument",
        "bytes=0-99999999999999999999, InvalidArgument"
    })
    void aRangeThatIsNotInTheSourceCopiesNothing(String range, String code) throws IOException {
        wire.call("PUT", "/" + bucket + "/source", Map.of(), Body.of(bytes(100, 1)));
        String upload = begin("k", Map.of());

        Reply refused = copy(upload, 1, Map.of("x-amz-copy-source-range", range));
        assertCode(code, refused);
        assertThat(refused.status()).isEqualTo(400);
        assertNoParts(upload);
    }

    @Test
    void aCopiedPartIsUnderTheConditionsOnItsSource() throws IOException {
        wire.call("PUT", "/" + bucket + "/source", Map.of(), Body.of(bytes(100, 1)));
        String upload = begin("k", Map.of());

        assertCode("PreconditionFailed", copy(upload, 1, Map.of("x-amz-copy-source-if-match", "\"x\"")));
        assertCode(
                "PreconditionFailed",
                copy(
                        upload,
                        1,
                        Map.of("x-amz-copy-source-if-none-match", '"' + DigestUtils.md5Hex(bytes(100, 1)) + '"')));
        assertCode("NoSuchUpload", copy("0".repeat(32), 1, Map.of()));
        assertNoParts(upload);
    }

    private String begin(String key, Map<String, String> headers) throws IOException {
        Reply begun = wire.call("POST", "/" + bucket + "/" + key + "?uploads=", headers, Body.NONE);
        assertThat(begun.status()).as(begun.text()).isEqualTo(200);
        String text = begun.text();
        return text.substring(text.indexOf("<UploadId>") + 10, text.indexOf("</UploadId>"));
    }

    private Reply put(String key, String upload, String number, byte[] content, Map<String, String> headers)
            throws IOException {
        return wire.call(
                "PUT",
                "/" + bucket + "/" + key + "?partNumber=" + number + "&uploadId=" + upload,
                headers,
                Body.of(content));
    }

    private String part(String upload, int number, byte[] content) throws IOException {
        return part("k", upload, number, content);
    }

    private String part(String upload, int number, byte[] content, String crc32) throws IOException {
        Reply stored = put("k", upload, Integer.toString(number), content, Map.of("x-amz-checksum-crc32", crc32));
        assertThat(stored.status()).as(stored.text()).isEqualTo(200);
        return stored.header("ETag").orElseThrow().replace("\"", "");
    }

    private String part(String key, String upload, int number, byte[] content) throws IOException {
        Map<String, String> headers = Map.of("x-amz-checksum-crc32", crc32(content));
        Reply stored = put(key, upload, Integer.toString(number), content, headers);
        assertThat(stored.status()).as(stored.text()).isEqualTo(200);
        return stored.header("ETag").orElseThrow().replace("\"", "");
    }

    private Reply copy(String upload, int number, Map<String, String> headers) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("x-amz-copy-source", bucket + "/source");
        return wire.call("PUT", "/" + bucket + "/k?partNumber=" + number + "&uploadId=" + upload, all, Body.NONE);
    }

    private Reply complete(String upload, String list, Map<String, String> headers) throws IOException {
        return wire.call("POST", "/" + bucket + "/k?uploadId=" + upload, headers, document(list));
    }

    private static Body document(String list) {
        return Body.of(("<CompleteMultipartUpload>" + list + "</CompleteMultipartUpload>").getBytes(UTF_8));
    }

    private static String element(int number, String etag) {
        return "<Part><PartNumber>" + number + "</PartNumber><ETag>\"" + etag + "\"</ETag></Part>";
    }

    private static String element(int number, String etag, String checksum, String value) {
        return "<Part><PartNumber>" + number + "</PartNumber><ETag>\"" + etag + "\"</ETag><" + checksum + ">" + value
                + "</" + checksum + "></Part>";
    }

    private void assertStillThere(String upload) throws IOException {
        assertThat(wire.call("GET", "/" + bucket + "/k?uploadId=" + upload).text())
                .contains("<Part>");
    }

    private void assertNoParts(String upload) throws IOException {
        assertThat(wire.call("GET", "/" + bucket + "/k?uploadId=" + upload).text())
                .contains("<ListPartsResult")
                .doesNotContain("<Part>");
    }

    private static void assertCode(String code, Reply reply) {
        assertThat(reply.text()).contains("<Code>" + code + "</Code>");
    }

    private interface Act {
        Reply by(S3Connection own) throws IOException;
    }

    /** Both at once, each on a connection of its own. */
    private static List<Reply> together(Act... acts) throws Exception {
        CyclicBarrier start = new CyclicBarrier(acts.length);
        ExecutorService threads = Executors.newFixedThreadPool(acts.length);
        try {
            List<Callable<Reply>> calls = new ArrayList<>();
            for (Act act : acts) {
                calls.add(() -> {
                    try (S3Connection own = SERVER.connect()) {
                        start.await();
                        return act.by(own);
                    }
                });
            }
            List<Reply> replies = new ArrayList<>();
            for (Future<Reply> reply : threads.invokeAll(calls)) {
                replies.add(reply.get());
            }
            return replies;
        } finally {
            threads.shutdownNow();
        }
    }

    private static byte[] bytes(int length, int seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static String crc32(byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        return Base64.getEncoder()
                .encodeToString(
                        ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
