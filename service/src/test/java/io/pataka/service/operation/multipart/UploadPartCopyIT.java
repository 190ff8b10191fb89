package io.pataka.service.operation.multipart;

import static io.pataka.service.operation.multipart.UploadClient.MIN_PART;
import static io.pataka.service.operation.multipart.UploadClient.assertCode;
import static io.pataka.service.operation.multipart.UploadClient.bytes;
import static io.pataka.service.operation.multipart.UploadClient.concat;
import static io.pataka.service.operation.multipart.UploadClient.element;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.testing.NewBucket;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parts that are copied from objects. */
class UploadPartCopyIT {

    @RegisterExtension
    static final S3Server SERVER = S3Server.shared();

    private final S3Connection wire;
    private final String bucket;
    private final UploadClient uploads;

    UploadPartCopyIT(S3Connection wire, @NewBucket String bucket) {
        this.wire = wire;
        this.bucket = bucket;
        this.uploads = new UploadClient(wire, bucket);
    }

    @Test
    void aPartCopiedFromAnObjectHasItsBytes() throws IOException {
        byte[] source = bytes(MIN_PART + 100, 1);
        wire.call("PUT", "/" + bucket + "/source", Map.of(), Body.of(source));
        String upload = uploads.begin("k", Map.of());

        Reply first = uploads.copy(upload, 1, Map.of());
        Reply second = uploads.copy(upload, 2, Map.of("x-amz-copy-source-range", "bytes=10-19"));

        assertThat(first.text()).contains("<ETag>&quot;" + DigestUtils.md5Hex(source) + "&quot;</ETag>");
        String list = element(1, DigestUtils.md5Hex(source))
                + element(2, DigestUtils.md5Hex(Arrays.copyOfRange(source, 10, 20)));
        assertThat(second.status()).isEqualTo(200);
        assertThat(uploads.complete(upload, list, Map.of()).status()).isEqualTo(200);
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
        String upload = uploads.begin("k", Map.of());

        Reply refused = uploads.copy(upload, 1, Map.of("x-amz-copy-source-range", range));
        assertCode(code, refused);
        assertThat(refused.status()).isEqualTo(400);
        uploads.assertNoParts(upload);
    }

    @Test
    void aCopiedPartIsUnderTheConditionsOnItsSource() throws IOException {
        wire.call("PUT", "/" + bucket + "/source", Map.of(), Body.of(bytes(100, 1)));
        String upload = uploads.begin("k", Map.of());

        assertCode("PreconditionFailed", uploads.copy(upload, 1, Map.of("x-amz-copy-source-if-match", "\"x\"")));
        assertCode(
                "PreconditionFailed",
                uploads.copy(
                        upload,
                        1,
                        Map.of("x-amz-copy-source-if-none-match", '"' + DigestUtils.md5Hex(bytes(100, 1)) + '"')));
        assertCode("NoSuchUpload", uploads.copy("0".repeat(32), 1, Map.of()));
        uploads.assertNoParts(upload);
    }
}
