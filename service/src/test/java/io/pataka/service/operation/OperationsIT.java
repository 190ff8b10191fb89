package io.pataka.service.operation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.protocol.PercentCoding;
import io.pataka.service.testing.NewBucket;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The operations over the wire, on a real database and real files. */
class OperationsIT {

    @RegisterExtension
    static final S3Server SERVER = S3Server.shared();

    private final S3Client s3;
    private final S3Connection wire;
    private final String bucket;

    OperationsIT(S3Client s3, S3Connection wire, @NewBucket String bucket) {
        this.s3 = s3;
        this.wire = wire;
        this.bucket = bucket;
    }

    private Reply put(String key, Map<String, String> headers, String body) throws IOException {
        return wire.call("PUT", "/" + bucket + "/" + key, headers, Body.of(body.getBytes(UTF_8)));
    }

    private Reply get(String key) throws IOException {
        return wire.call("GET", "/" + bucket + "/" + key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a//b",
                "//",
                "..",
                "a/../b",
                "./a",
                "%252F",
                "a%2Bb",
                "trailing%20",
                "%20",
                "%F0%9F%90%88",
                "%01",
                "a%0Ab",
                "a%3Fb%26c%3Dd",
                "%25",
                "%5C",
                "%22%3C%3E"
            })
    void keysComeBackAsTheyWereSent(String escaped) throws IOException {
        assertThat(put(escaped, Map.of(), escaped).status()).isEqualTo(200);

        assertThat(get(escaped).text()).isEqualTo(escaped);
        String listed = wire.call("GET", "/" + bucket + "?encoding-type=url").text();
        assertThat(listed).contains("<Key>" + PercentCoding.encodePath(PercentCoding.decodePath(escaped)) + "</Key>");
        assertThat(wire.call("DELETE", "/" + bucket + "/" + escaped).status()).isEqualTo(204);
        assertThat(wire.call("DELETE", "/" + bucket).status()).isEqualTo(204);
    }

    /** No SDK could name such a key again. */
    @ParameterizedTest
    @ValueSource(strings = {"caf%E9.txt", "%FF%FE", "%C3", "%ED%A0%80", "%C0%AF"})
    void aKeyThatIsNotUtf8IsNotWritten(String escaped) throws IOException {
        for (String method : new String[] {"PUT", "POST"}) {
            Reply refused = wire.call(
                    method,
                    "/" + bucket + "/" + escaped + (method.equals("POST") ? "?uploads" : ""),
                    Map.of(),
                    Body.NONE);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.text()).contains("<Code>InvalidURI</Code>");
        }
        assertThat(wire.call("PUT", "/" + bucket + "/" + escaped, Map.of("x-amz-copy-source", bucket + "/k"), Body.NONE)
                        .text())
                .contains("<Code>InvalidURI</Code>");
        assertThat(get(escaped).status()).isEqualTo(404);
        assertThat(wire.call("DELETE", "/" + bucket + "/" + escaped).status()).isEqualTo(204);
        assertThat(wire.call("DELETE", "/" + bucket).status()).isEqualTo(204);
    }

    @Test
    void keysHaveUpTo1024Bytes() throws IOException {
        assertThat(put("k".repeat(1024), Map.of(), "x").status()).isEqualTo(200);
        assertThat(get("k".repeat(1024)).text()).isEqualTo("x");

        Reply tooLong = put("k".repeat(1025), Map.of(), "x");
        assertThat(tooLong.status()).isEqualTo(400);
        assertThat(tooLong.text()).contains("<Code>KeyTooLongError</Code>");
    }

    @Test
    void metadataComesBackByteForByte() throws IOException {
        String utf8 = new String("Grüße ☃".getBytes(UTF_8), ISO_8859_1);
        put("k", Map.of("x-amz-meta-u", utf8, "x-amz-meta-l", "H\u00e9", "x-amz-meta-e", ""), "x");

        Reply head = wire.call("HEAD", "/" + bucket + "/k");

        assertThat(head.header("x-amz-meta-u")).contains(utf8);
        assertThat(head.header("x-amz-meta-l")).contains("H\u00e9");
        assertThat(head.header("x-amz-meta-e")).contains("");
    }

    @ParameterizedTest
    @EnumSource(
            value = ChecksumAlgorithm.class,
            names = {"CRC32", "SHA1", "SHA256"})
    void checksumsOfTheSdkAreVerifiedAndReturned(ChecksumAlgorithm algorithm) {
        s3.putObject(
                request -> request.bucket(bucket).key("k").checksumAlgorithm(algorithm),
                RequestBody.fromString("hello"));

        HeadObjectResponse head =
                s3.headObject(request -> request.bucket(bucket).key("k").checksumMode(ChecksumMode.ENABLED));

        List<String> checksums = new ArrayList<>();
        switch (algorithm) {
            case CRC32 -> checksums.add(head.checksumCRC32());
            case SHA1 -> checksums.add(head.checksumSHA1());
            default -> checksums.add(head.checksumSHA256());
        }
        assertThat(checksums).doesNotContainNull();
        assertThat(s3.getObjectAsBytes(request -> request.bucket(bucket).key("k"))
                        .asUtf8String())
                .isEqualTo("hello");
    }

    @Test
    void aBodyThatIsNotWhatWasAnnouncedLeavesNothing() throws IOException {
        String md5 = Base64.getEncoder().encodeToString(DigestUtils.md5("other"));
        Reply refused = put("k", Map.of("Content-MD5", md5), "hello");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("<Code>BadDigest</Code>");
        assertThat(get("k").status()).isEqualTo(404);
        assertThat(wire.call("DELETE", "/" + bucket).status()).isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource({
        "PUT,    '',                             x-amz-server-side-encryption-customer-algorithm, 400",
        "PUT,    '',                             x-amz-object-lock-mode,                          400",
        "PUT,    '',                             x-amz-object-lock-legal-hold,                    400",
        "PUT,    '?append=&position=0',          x-amz-object-lock-legal-hold,                    400",
        "PUT,    '?append=&position=0',          x-amz-server-side-encryption,                    400",
        "PUT,    '?renameObject=',               x-amz-server-side-encryption,                    400",
        "POST,   '?uploads=',                    x-amz-server-side-encryption,                    400",
        "POST,   '?uploads=',                    x-amz-object-lock-retain-until-date,             400",
        "PUT,    '?partNumber=1&uploadId=none',  x-amz-server-side-encryption-customer-algorithm, 404",
        "POST,   '?uploadId=none',               x-amz-server-side-encryption-customer-algorithm, 404",
        "GET,    '?uploadId=none',               x-amz-server-side-encryption-customer-algorithm, 404"
    })
    void protectionThatTheServerDoesNotHaveIsRefused(String method, String query, String header, int status)
            throws IOException {
        Map<String, String> headers = new HashMap<>(Map.of(header, protection(header)));
        if (query.contains("renameObject")) {
            headers.put("x-amz-rename-source", "/" + bucket + "/other");
        }

        Body body = method.startsWith("P") ? Body.of(new byte[0]) : Body.NONE;

        assertThat(wire.call(method, "/" + bucket + "/key" + query, headers, body)
                        .status())
                .isEqualTo(status);
        assertThat(get("key").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "'',                            x-amz-server-side-encryption,                                400",
        "'',                            x-amz-object-lock-mode,                                      400",
        "'',                            x-amz-copy-source-server-side-encryption-customer-algorithm, 400",
        "'?partNumber=1&uploadId=none', x-amz-copy-source-server-side-encryption-customer-key,       404"
    })
    void unsupportedProtectionOfACopyIsRefused(String query, String header, int status) throws IOException {
        put("source", Map.of(), "text");

        assertThat(wire.call(
                                "PUT",
                                "/" + bucket + "/key" + query,
                                Map.of("x-amz-copy-source", "/" + bucket + "/source", header, protection(header)),
                                Body.of(new byte[0]))
                        .status())
                .isEqualTo(status);
        assertThat(get("key").status()).isEqualTo(404);
    }

    /** A mode without a key manager, and the algorithm of a customer's key without the key. */
    private static String protection(String header) {
        return header.endsWith("-encryption") ? "aws:kms" : "AES256";
    }

    @Test
    void bypassingARetentionIsRefused() throws IOException {
        put("key", Map.of(), "text");

        Reply refused = wire.call(
                "DELETE", "/" + bucket + "/key", Map.of("x-amz-bypass-governance-retention", "true"), Body.NONE);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("<Code>InvalidArgument</Code>");
        assertThat(get("key").text()).isEqualTo("text");
    }

    @Test
    void ofManyWritersWhoWantNothingThereOneWins() throws Exception {
        int writers = 8;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            Callable<Integer> writer = () -> {
                try (S3Connection own = SERVER.connect()) {
                    return own.call(
                                    "PUT",
                                    "/" + bucket + "/k",
                                    Map.of("If-None-Match", "*"),
                                    Body.of("x".getBytes(UTF_8)))
                            .status();
                }
            };
            List<Integer> answers = new ArrayList<>();
            for (Future<Integer> answer : threads.invokeAll(
                    IntStream.range(0, writers).mapToObj(i -> writer).toList())) {
                answers.add(answer.get());
            }
            assertThat(answers).containsOnlyOnce(200);
            assertThat(answers).allMatch(status -> status == 200 || status == 412 || status == 409);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void rangesOfALargeObjectAreItsBytes() throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (int i = 0; content.size() < 3 << 20; i++) {
            content.write(Integer.toString(i).getBytes(UTF_8));
        }
        byte[] bytes = content.toByteArray();
        wire.call("PUT", "/" + bucket + "/big", Map.of(), Body.of(bytes));

        for (int[] range :
                new int[][] {{0, 0}, {65535, 65536}, {1 << 20, 2 << 20}, {bytes.length - 7, bytes.length - 1}}) {
            Reply reply = wire.call(
                    "GET", "/" + bucket + "/big", Map.of("Range", "bytes=" + range[0] + "-" + range[1]), Body.NONE);
            assertThat(reply.status()).isEqualTo(206);
            assertThat(reply.body()).isEqualTo(Arrays.copyOfRange(bytes, range[0], range[1] + 1));
            assertThat(reply.header("Content-Range"))
                    .contains("bytes " + range[0] + "-" + range[1] + "/" + bytes.length);
        }
        Reply behind = wire.call("GET", "/" + bucket + "/big", Map.of("Range", "bytes=99999999-"), Body.NONE);
        assertThat(behind.status()).isEqualTo(416);
        assertThat(behind.text()).contains("<ActualObjectSize>" + bytes.length + "</ActualObjectSize>");
    }

    @Test
    void conditionsAreAnsweredWithoutABody() throws IOException {
        String etag = put("k", Map.of(), "hello").header("ETag").orElseThrow();

        Reply notModified = wire.call("GET", "/" + bucket + "/k", Map.of("If-None-Match", etag), Body.NONE);
        assertThat(notModified.status()).isEqualTo(304);
        assertThat(notModified.header("ETag")).contains(etag);
        assertThat(wire.call("GET", "/" + bucket + "/k", Map.of("If-Match", "\"x\""), Body.NONE)
                        .text())
                .contains("<Code>PreconditionFailed</Code>", "<Condition>If-Match</Condition>");
        assertThat(get("k").text()).isEqualTo("hello");
    }

    @Test
    void headOfAMissingKeyHasNoBodyAndTheConnectionLives() throws IOException {
        assertThat(wire.call("HEAD", "/" + bucket + "/none").status()).isEqualTo(404);
        assertThat(get("none").text()).contains("<Code>NoSuchKey</Code>", "<Key>none</Key>");
    }

    @Test
    void manyKeysAreListedPageByPageAndDeletedAtOnce() throws IOException {
        for (int i = 0; i < 120; i++) {
            assertThat(put(String.format("f%02d/k%03d", i % 12, i), Map.of(), "x")
                            .status())
                    .isEqualTo(200);
        }
        List<String> listed =
                s3.listObjectsV2Paginator(request -> request.bucket(bucket).maxKeys(7)).contents().stream()
                        .map(S3Object::key)
                        .toList();
        List<String> folders = new ArrayList<>();
        for (ListObjectsV2Response page : s3.listObjectsV2Paginator(
                request -> request.bucket(bucket).delimiter("/").maxKeys(5))) {
            page.commonPrefixes().stream().map(CommonPrefix::prefix).forEach(folders::add);
            assertThat(page.contents()).isEmpty();
        }

        assertThat(listed).hasSize(120).isSorted().doesNotHaveDuplicates();
        assertThat(folders).hasSize(12).isSorted().doesNotHaveDuplicates();
        assertThat(s3.deleteObjects(request -> request.bucket(bucket)
                                .delete(all -> all.objects(listed.stream()
                                        .map(key -> ObjectIdentifier.builder()
                                                .key(key)
                                                .build())
                                        .toList())))
                        .deleted())
                .hasSize(120);
        assertThat(wire.call("DELETE", "/" + bucket).status()).isEqualTo(204);
    }

    @Test
    void aFullBucketStays() throws IOException {
        put("k", Map.of(), "x");

        Reply refused = wire.call("DELETE", "/" + bucket);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text()).contains("<Code>BucketNotEmpty</Code>");
        assertThat(get("k").text()).isEqualTo("x");
    }
}
