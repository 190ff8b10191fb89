package io.pataka.service.operation.encryption;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.protocol.form.FormBody;
import io.pataka.service.testing.NewBucket;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.PresignedGetObjectRequest;

/** SSE-C over the wire, with a real database and files. */
class CustomerKeyIT {

    private static final String ETAG = "etag";

    @RegisterExtension
    static final S3Server SERVER = S3Server.own();

    private final S3Connection wire;
    private final String bucket;

    CustomerKeyIT(S3Connection wire, @NewBucket String bucket) {
        this.wire = wire;
        this.bucket = bucket;
    }

    private Reply put(byte[] bytes) throws IOException {
        Reply reply = wire.call("PUT", target(), CustomerHeaders.FIRST.headers(), Body.of(bytes));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply;
    }

    private String target() {
        return "/" + bucket + "/key";
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static Map<String, String> with(CustomerHeaders key, String name, String value) {
        Map<String, String> headers = new TreeMap<>(key.headers());
        headers.put(name, value);
        return headers;
    }

    /** Blocks of ciphertext are 65,520 bytes of the object. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 13, 65_519, 65_520, 65_521, 131_040, 1_000_003})
    void whatIsWrittenIsReadWithTheSameKeyOnly(int length) throws Exception {
        byte[] bytes = bytes(length);
        Reply put = put(bytes);

        Reply get = wire.call("GET", target(), CustomerHeaders.FIRST.headers(), Body.NONE);
        assertThat(get.status()).isEqualTo(200);
        assertThat(get.body()).isEqualTo(bytes);
        assertThat(get.header(ETAG)).isEqualTo(put.header(ETAG));
        assertThat(get.header("x-amz-server-side-encryption-customer-key-MD5")).contains(CustomerHeaders.FIRST.md5());
        assertThat(get.head()).doesNotContain(CustomerHeaders.FIRST.key());

        Reply other = wire.call("GET", target(), CustomerHeaders.SECOND.headers(), Body.NONE);
        assertThat(other.status()).isEqualTo(400);
        assertThat(other.text()).contains("<Code>InvalidArgument</Code>");
        Reply none = wire.call("GET", target());
        assertThat(none.status()).isEqualTo(400);
        assertThat(none.text()).contains("<Code>InvalidRequest</Code>");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "65519, 65520", "65520, 65520", "1, 199998", "131039, 131041", "199999, 199999"})
    void aRangeIsReadWithTheSameKeyOnly(int first, int last) throws Exception {
        byte[] bytes = bytes(200_000);
        put(bytes);
        String range = "bytes=" + first + "-" + last;

        Reply get = wire.call("GET", target(), with(CustomerHeaders.FIRST, "Range", range), Body.NONE);
        assertThat(get.status()).isEqualTo(206);
        assertThat(get.body()).isEqualTo(Arrays.copyOfRange(bytes, first, last + 1));
        assertThat(wire.call("GET", target(), with(CustomerHeaders.SECOND, "Range", range), Body.NONE)
                        .status())
                .isEqualTo(400);
    }

    @Test
    void theFileDoesNotHaveWhatWasWritten() throws Exception {
        String text = "this text is written to the volume as ciphertext";
        Path file = SERVER.fileOf(() -> put(text.getBytes(UTF_8)));
        assertThat(new String(Files.readAllBytes(file), ISO_8859_1))
                .doesNotContain(text)
                .doesNotContain(CustomerHeaders.FIRST.key());
    }

    /** The MD5 in the entity tag would let everybody who reads the index recognise the content. */
    @Test
    void twoObjectsOfOneContentHaveTwoEntityTags() throws Exception {
        assertThat(put(bytes(100)).header(ETAG)).isNotEqualTo(put(bytes(100)).header(ETAG));
    }

    @Test
    void aWrongContentMd5IsFound() throws Exception {
        Reply refused = wire.call(
                "PUT",
                target(),
                with(CustomerHeaders.FIRST, "Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA=="),
                Body.of(bytes(10)));
        assertThat(refused.text()).contains("<Code>BadDigest</Code>");
        assertThat(wire.call("GET", target()).status()).isEqualTo(404);
    }

    private PresignedGetObjectRequest presigned() {
        try (S3Presigner presigner = S3Presigner.builder()
                .endpointOverride(URI.create(SERVER.endpoint()))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(S3Server.KEYS.access(), S3Server.KEYS.secret())))
                .serviceConfiguration(
                        S3Configuration.builder().pathStyleAccessEnabled(true).build())
                .build()) {
            return presigner.presignGetObject(url -> url.signatureDuration(Duration.ofMinutes(5))
                    .getObjectRequest(get -> get.bucket(bucket)
                            .key("key")
                            .sseCustomerAlgorithm("AES256")
                            .sseCustomerKey(CustomerHeaders.FIRST.key())
                            .sseCustomerKeyMD5(CustomerHeaders.FIRST.md5())));
        }
    }

    private static HttpResponse<String> get(URI uri, Map<String, String> headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        headers.forEach(request::header);
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aPresignedUrlSignsTheHeadersAndDoesNotHaveTheKey() throws Exception {
        put("meow".getBytes(UTF_8));
        URI url = presigned().url().toURI();
        assertThat(url.toString()).doesNotContain("customer-key=");

        HttpResponse<String> read = get(url, CustomerHeaders.FIRST.headers());
        assertThat(read.body()).isEqualTo("meow");
        assertThat(read.statusCode()).isEqualTo(200);
    }

    @Test
    void theErrorOfAWrongSignatureDoesNotHaveTheKey() throws Exception {
        put("meow".getBytes(UTF_8));
        HttpResponse<String> refused = get(presigned().url().toURI(), CustomerHeaders.SECOND.headers());
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body())
                .contains("<Code>SignatureDoesNotMatch</Code>")
                .contains("x-amz-server-side-encryption-customer-key:***")
                .doesNotContain(CustomerHeaders.SECOND.key())
                .doesNotContain(spacedHex(CustomerHeaders.SECOND.key()));
    }

    /** As the error shows the bytes of a signed text. */
    private static String spacedHex(String text) {
        return HexFormat.ofDelimiter(" ").formatHex(text.getBytes(UTF_8));
    }

    @Test
    void theFieldsOfAFormHaveTheKey() throws Exception {
        byte[] form = FormBody.of(Map.of("key", "key"))
                .field("X-Amz-Server-Side-Encryption-Customer-Algorithm", "AES256")
                .field("x-amz-server-side-encryption-customer-key", CustomerHeaders.FIRST.key())
                .field("x-amz-server-side-encryption-customer-key-MD5", CustomerHeaders.FIRST.md5())
                .file("f", "meow")
                .bytes();
        Map<String, String> headers =
                Map.of("Content-Type", FormBody.MEDIA_TYPE, "x-amz-content-sha256", DigestUtils.sha256Hex(form));

        Reply posted = wire.call("POST", "/" + bucket, headers, Body.of(form));

        assertThat(posted.status()).as(posted.text()).isEqualTo(204);
        assertThat(posted.header("x-amz-server-side-encryption-customer-algorithm"))
                .contains("AES256");
        assertThat(wire.call("GET", target(), CustomerHeaders.FIRST.headers(), Body.NONE)
                        .text())
                .isEqualTo("meow");
        assertThat(wire.call("GET", target()).status()).isEqualTo(400);
    }
}
