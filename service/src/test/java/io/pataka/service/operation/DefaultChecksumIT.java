package io.pataka.service.operation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.testing.NewBucket;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The checksum of content whose sender names none, and the replies that have it. */
class DefaultChecksumIT {

    private static final String CONTENT = "123456789";
    private static final String VALUE = "rosUhgp5mIg=";
    private static final Map<String, String> CHECKSUM =
            Map.of("x-amz-checksum-crc64nvme", VALUE, "x-amz-checksum-type", "FULL_OBJECT");
    private static final Map<String, String> ASKED = Map.of("x-amz-checksum-mode", "ENABLED");

    @RegisterExtension
    static final S3Server SERVER = S3Server.shared();

    private final S3Connection wire;
    private final String bucket;

    DefaultChecksumIT(S3Connection wire, @NewBucket String bucket) {
        this.wire = wire;
        this.bucket = bucket;
    }

    @Test
    void isInTheReplyToPutAndWhereItIsRequested() throws IOException {
        Reply stored = put("k", CONTENT, Map.of());

        assertThat(stored.headersOf("x-amz-checksum-")).isEqualTo(CHECKSUM);
        assertThat(get("HEAD", "k", Map.of()).headersOf("x-amz-checksum-")).isEmpty();
        assertThat(get("HEAD", "k", ASKED).headersOf("x-amz-checksum-")).isEqualTo(CHECKSUM);
        Reply got = get("GET", "k", ASKED);
        assertThat(got.text()).isEqualTo(CONTENT);
        assertThat(got.headersOf("x-amz-checksum-")).isEqualTo(CHECKSUM);
        assertThat(get("GET", "k?partNumber=1", ASKED).headersOf("x-amz-checksum-"))
                .isEqualTo(CHECKSUM);
        assertThat(get("GET", "k?attributes=", Map.of("x-amz-object-attributes", "Checksum"))
                        .text())
                .contains("<Checksum><ChecksumCRC64NVME>" + VALUE + "</ChecksumCRC64NVME><ChecksumType>FULL_OBJECT<");
        for (String listing : new String[] {"", "?list-type=2", "?versions="}) {
            assertThat(wire.call("GET", "/" + bucket + listing).text())
                    .contains(
                            "<ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm>",
                            "<ChecksumType>FULL_OBJECT</ChecksumType>");
        }
    }

    @Test
    void theChecksumOfAnEmptyObjectIsReturned() throws IOException {
        assertThat(put("k", "", Map.of()).header("x-amz-checksum-crc64nvme")).contains("AAAAAAAAAAA=");
    }

    @Test
    void isNotComputedWhereAnotherIsSent() throws IOException {
        Map<String, String> sha1 = Map.of("x-amz-checksum-sha1", "98O8HYCOBHMq32eZZczDTKeuNEE=");
        Map<String, String> expected = new LinkedHashMap<>(sha1);
        expected.put("x-amz-checksum-type", "FULL_OBJECT");

        assertThat(put("k", CONTENT, sha1).headersOf("x-amz-checksum-")).isEqualTo(expected);
        assertThat(get("HEAD", "k", ASKED).headersOf("x-amz-checksum-")).isEqualTo(expected);
    }

    /** Amazon ignores an algorithm without a value. */
    @Test
    void isComputedWhereAnAlgorithmIsNamedWithoutAValue() throws IOException {
        assertThat(put("k", CONTENT, Map.of("x-amz-checksum-algorithm", "SHA256"))
                        .headersOf("x-amz-checksum-"))
                .isEqualTo(CHECKSUM);
    }

    @ParameterizedTest
    @CsvSource({"bytes=0-8, true", "bytes=0-, true", "bytes=-9, true", "bytes=-100, true", "bytes=0-7, false"})
    void isReturnedForARangeThatIsTheWholeObject(String range, boolean whole) throws IOException {
        put("k", CONTENT, Map.of());

        Map<String, String> headers = new LinkedHashMap<>(ASKED);
        headers.put("Range", range);
        Reply got = get("GET", "k", headers);

        assertThat(got.status()).isEqualTo(206);
        assertThat(got.headersOf("x-amz-checksum-")).isEqualTo(whole ? CHECKSUM : Map.of());
    }

    @ParameterizedTest
    @CsvSource({"x-amz-meta-a, b", "x-amz-storage-class, STANDARD_IA"})
    void isKeptByCopies(String header, String value) throws IOException {
        put("k", CONTENT, Map.of());

        Reply copied = copy(Map.of(header, value));

        assertThat(copied.text())
                .contains(
                        "<ChecksumCRC64NVME>" + VALUE + "</ChecksumCRC64NVME>",
                        "<ChecksumType>FULL_OBJECT</ChecksumType>");
        assertThat(get("HEAD", "copy", ASKED).headersOf("x-amz-checksum-")).isEqualTo(CHECKSUM);
    }

    @Test
    void isReplacedByAChecksumThatACopyAsksFor() throws IOException {
        put("k", CONTENT, Map.of());

        assertThat(copy(Map.of("x-amz-checksum-algorithm", "CRC32")).text())
                .contains("<ChecksumCRC32>y/Q5Jg==</ChecksumCRC32>")
                .doesNotContain("CRC64NVME");
    }

    private Reply put(String key, String content, Map<String, String> headers) throws IOException {
        Reply stored = wire.call("PUT", "/" + bucket + "/" + key, headers, Body.of(content.getBytes(UTF_8)));
        assertThat(stored.status()).as(stored.text()).isEqualTo(200);
        return stored;
    }

    private Reply get(String method, String key, Map<String, String> headers) throws IOException {
        return wire.call(method, "/" + bucket + "/" + key, headers, Body.NONE);
    }

    private Reply copy(Map<String, String> headers) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("x-amz-copy-source", bucket + "/k");
        return wire.call("PUT", "/" + bucket + "/copy", all, Body.NONE);
    }
}
