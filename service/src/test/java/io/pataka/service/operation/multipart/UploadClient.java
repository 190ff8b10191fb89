package io.pataka.service.operation.multipart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.content.checksum.RunningChecksum;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.Versions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;

/** Requests for uploads of the key {@code k} in one bucket. */
final class UploadClient {

    static final int MIN_PART = 5 << 20;

    private final S3Connection wire;
    private final String bucket;

    UploadClient(S3Connection wire, String bucket) {
        this.wire = wire;
        this.bucket = bucket;
    }

    String begin(String key, Map<String, String> headers) throws IOException {
        Reply begun = wire.call("POST", "/" + bucket + "/" + key + "?uploads=", headers, Body.NONE);
        assertThat(begun.status()).as(begun.text()).isEqualTo(200);
        String text = begun.text();
        return text.substring(text.indexOf("<UploadId>") + 10, text.indexOf("</UploadId>"));
    }

    String put(String key, String content) throws IOException {
        return wire.call("PUT", "/" + bucket + "/" + key, Map.of(), Body.of(content.getBytes(UTF_8)))
                .header("ETag")
                .orElseThrow();
    }

    Reply put(String key, String upload, String number, byte[] content, Map<String, String> headers)
            throws IOException {
        return wire.call(
                "PUT",
                "/" + bucket + "/" + key + "?partNumber=" + number + "&uploadId=" + upload,
                headers,
                Body.of(content));
    }

    String part(String upload, int number, byte[] content) throws IOException {
        return part("k", upload, number, content);
    }

    String part(String upload, int number, byte[] content, String crc32) throws IOException {
        Reply stored = put("k", upload, Integer.toString(number), content, Map.of("x-amz-checksum-crc32", crc32));
        assertThat(stored.status()).as(stored.text()).isEqualTo(200);
        return stored.header("ETag").orElseThrow().replace("\"", "");
    }

    String part(String key, String upload, int number, byte[] content) throws IOException {
        Map<String, String> headers = Map.of("x-amz-checksum-crc32", crc32(content));
        Reply stored = put(key, upload, Integer.toString(number), content, headers);
        assertThat(stored.status()).as(stored.text()).isEqualTo(200);
        return stored.header("ETag").orElseThrow().replace("\"", "");
    }

    Reply copy(String upload, int number, Map<String, String> headers) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("x-amz-copy-source", bucket + "/source");
        return wire.call("PUT", "/" + bucket + "/k?partNumber=" + number + "&uploadId=" + upload, all, Body.NONE);
    }

    Reply complete(String upload, String list, Map<String, String> headers) throws IOException {
        return wire.call("POST", "/" + bucket + "/k?uploadId=" + upload, headers, document(list));
    }

    void setVersioning(String status) throws IOException {
        if (!status.isEmpty()) {
            Versions.set(wire, bucket, status);
        }
    }

    void assertStillThere(String upload) throws IOException {
        assertThat(wire.call("GET", "/" + bucket + "/k?uploadId=" + upload).text())
                .contains("<Part>");
    }

    void assertNoParts(String upload) throws IOException {
        assertThat(wire.call("GET", "/" + bucket + "/k?uploadId=" + upload).text())
                .contains("<ListPartsResult")
                .doesNotContain("<Part>");
    }

    static Body document(String list) {
        return Body.of(("<CompleteMultipartUpload>" + list + "</CompleteMultipartUpload>").getBytes(UTF_8));
    }

    static String element(int number, String etag) {
        return "<Part><PartNumber>" + number + "</PartNumber><ETag>\"" + etag + "\"</ETag></Part>";
    }

    static String element(int number, String etag, String checksum, String value) {
        return "<Part><PartNumber>" + number + "</PartNumber><ETag>\"" + etag + "\"</ETag><" + checksum + ">" + value
                + "</" + checksum + "></Part>";
    }

    static void assertCode(String code, Reply reply) {
        assertThat(reply.text()).contains("<Code>" + code + "</Code>");
    }

    static byte[] bytes(int length, int seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static String crc32(byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        return Base64.getEncoder()
                .encodeToString(
                        ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    static String crc64(byte[] content) {
        RunningChecksum crc = RunningChecksum.of(ChecksumAlgorithm.CRC64NVME);
        crc.update(content, 0, content.length);
        return Base64.getEncoder().encodeToString(crc.value());
    }
}
