package io.pataka.service.operation.multipart;

import static io.pataka.service.operation.multipart.UploadClient.MIN_PART;
import static io.pataka.service.operation.multipart.UploadClient.assertCode;
import static io.pataka.service.operation.multipart.UploadClient.bytes;
import static io.pataka.service.operation.multipart.UploadClient.concat;
import static io.pataka.service.operation.multipart.UploadClient.crc32;
import static io.pataka.service.operation.multipart.UploadClient.document;
import static io.pataka.service.operation.multipart.UploadClient.element;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.http.RawConnection;
import io.pataka.service.testing.NewBucket;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import io.pataka.service.testing.Versions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads from their beginning to the object that they become, or to their abort. */
class MultipartUploadIT {

    @RegisterExtension
    static final S3Server SERVER = S3Server.shared();

    private final S3Connection wire;
    private final String bucket;
    private final UploadClient uploads;

    MultipartUploadIT(S3Connection wire, @NewBucket String bucket) {
        this.wire = wire;
        this.bucket = bucket;
        this.uploads = new UploadClient(wire, bucket);
    }

    @Test
    void anUploadBecomesAnObjectOfItsParts() throws IOException {
        String upload = uploads.begin("k", Map.of("Content-Type", "text/x-parts", "x-amz-meta-a", "1"));
        byte[] first = bytes(MIN_PART, 1);
        byte[] last = bytes(1000, 2);
        String list = element(1, uploads.part(upload, 1, first)) + element(7, uploads.part(upload, 7, last));

        Reply done = uploads.complete(upload, list, Map.of());

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
    void anonymousCallersDoNotSeeWhoUploads() throws IOException {
        String upload = uploads.begin("k", Map.of());
        String policy = """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*",
                 "Action": "s3:ListMultipartUploadParts", "Resource": "arn:aws:s3:::%s/*"}}""".formatted(bucket);
        assertThat(wire.call("PUT", "/" + bucket + "?policy=", Map.of(), Body.of(policy.getBytes(UTF_8)))
                        .status())
                .isEqualTo(204);
        String target = "/" + bucket + "/k?uploadId=" + upload;

        try (RawConnection unsigned = new RawConnection(SERVER.port())) {
            unsigned.send(("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").getBytes(UTF_8));
            assertThat(unsigned.reply().text())
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
        String upload = uploads.begin("k", Map.of());
        uploads.complete(
                upload,
                element(2, uploads.part(upload, 2, first)) + element(7, uploads.part(upload, 7, last)),
                Map.of());

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
        String upload = uploads.begin("k", Map.of());
        String list = element(1, uploads.part(upload, 1, bytes(MIN_PART, 1)))
                + element(2, uploads.part(upload, 2, bytes(10, 2)));
        Set<Path> before = SERVER.blobFiles();

        assertThat(uploads.complete(upload, list, Map.of()).status()).isEqualTo(200);

        assertThat(SERVER.blobFiles()).isEqualTo(before);
    }

    @Test
    void repeatingACompleteGivesTheSameAnswer() throws IOException {
        String upload = uploads.begin("k", Map.of("x-amz-checksum-algorithm", "CRC32"));
        byte[] content = bytes(10, 1);
        String list = element(1, uploads.part(upload, 1, content), "ChecksumCRC32", crc32(content));

        Reply first = uploads.complete(upload, list, Map.of());
        Reply second = uploads.complete(upload, list, Map.of());

        assertThat(first.status()).as(first.text()).isEqualTo(200);
        assertThat(second.status()).as(second.text()).isEqualTo(200);
        assertThat(second.text()).isEqualTo(first.text()).contains("<ChecksumCRC32>");
        assertCode("NoSuchUpload", uploads.complete(upload, element(1, "0".repeat(32)), Map.of()));
    }

    @Test
    void repeatingACompleteMakesNoOtherVersion() throws IOException {
        Versions.set(wire, bucket, "Enabled");
        String upload = uploads.begin("k", Map.of());
        String list = element(1, uploads.part(upload, 1, bytes(10, 1)));

        Reply first = uploads.complete(upload, list, Map.of());
        Reply second = uploads.complete(upload, list, Map.of());

        assertThat(first.header("x-amz-version-id")).isPresent().isEqualTo(second.header("x-amz-version-id"));
        assertThat(wire.call("GET", "/" + bucket + "?versions=").text().split("<Version>", -1))
                .hasSize(2);
    }

    @Test
    void ofTwoCompletesBothSeeOneOutcome() throws Exception {
        Versions.set(wire, bucket, "Enabled");
        for (int round = 0; round < 10; round++) {
            String upload = uploads.begin("k" + round, Map.of());
            String list = element(1, uploads.part("k" + round, upload, 1, bytes(10, round)));
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
            String upload = uploads.begin(key, Map.of());
            String list = element(1, uploads.part(key, upload, 1, bytes(10, round)));
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
        String upload = uploads.begin("k", Map.of());
        String etag = uploads.part(upload, 1, bytes(10, 1));
        String target = "/" + bucket + "/k?uploadId=" + upload;

        assertThat(wire.call("DELETE", target).status()).isEqualTo(204);

        assertCode("NoSuchUpload", wire.call("DELETE", target));
        assertCode("NoSuchUpload", wire.call("GET", target));
        assertCode("NoSuchUpload", uploads.complete(upload, element(1, etag), Map.of()));
        assertCode("NoSuchUpload", uploads.put("k", upload, "2", bytes(10, 1), Map.of()));
        assertThat(wire.call("GET", "/" + bucket + "/k").status()).isEqualTo(404);
    }

    @Test
    void anUploadIsFoundOnlyUnderItsBucketAndKey() throws IOException {
        String upload = uploads.begin("k", Map.of());
        String etag = uploads.part(upload, 1, bytes(10, 1));
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
        uploads.assertStillThere(upload);
        assertThat(uploads.complete(upload, element(1, etag), Map.of()).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Enabled", ""})
    void repeatingACompleteAnswersWhileTheObjectIsThere(String versioning) throws IOException {
        uploads.setVersioning(versioning);
        String upload = uploads.begin("k", Map.of());
        String list = element(1, uploads.part(upload, 1, bytes(10, 1)));
        String version = uploads.complete(upload, list, Map.of())
                .header("x-amz-version-id")
                .orElse("null");
        assertThat(uploads.complete(upload, list, Map.of()).text()).contains("<ChecksumCRC64NVME>");

        uploads.put("k", "another");
        if (versioning.isEmpty()) {
            assertCode("NoSuchUpload", uploads.complete(upload, list, Map.of()));
        } else {
            assertThat(uploads.complete(upload, list, Map.of()).status()).isEqualTo(200);
        }
        wire.call("DELETE", "/" + bucket + "/k?versionId=" + version);

        Reply gone = uploads.complete(upload, list, Map.of());
        assertCode("NoSuchUpload", gone);
        assertThat(gone.text()).contains("<UploadId>" + upload + "</UploadId>");
    }

    @Test
    void aSlashInTheKeyIsEncodedInTheLocation() throws IOException {
        String upload = uploads.begin("a/b%20c", Map.of());
        String list = element(1, uploads.part("a/b%20c", upload, 1, bytes(10, 1)));

        Reply done = wire.call("POST", "/" + bucket + "/a/b%20c?uploadId=" + upload, Map.of(), document(list));

        assertThat(done.text())
                .contains(
                        "<Location>" + SERVER.endpoint() + "/" + bucket + "/a%2Fb%20c</Location>", "<Key>a/b c</Key>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "..%2F..", "00000000-0000-0000-0000-000000000000", "%00"})
    void anUnknownIdIsOfNoUpload(String id) throws IOException {
        Reply refused = wire.call("GET", "/" + bucket + "/k?uploadId=" + id);

        assertCode("NoSuchUpload", refused);
        assertThat(refused.status()).isEqualTo(404);
    }

    @Test
    void partsAreListedPageByPage() throws IOException {
        String upload = uploads.begin("k", Map.of());
        for (int number : new int[] {1, 2, 5, 10_000}) {
            uploads.part(upload, number, bytes(number % 100, number));
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

    @ParameterizedTest
    @ValueSource(strings = {"0", "10001", "-1", "x", "99999999999", ""})
    void partNumbersAreWithinTenThousand(String number) throws IOException {
        String upload = uploads.begin("k", Map.of());

        assertCode("InvalidArgument", uploads.put("k", upload, number, bytes(10, 1), Map.of()));
        uploads.assertNoParts(upload);
    }
}
