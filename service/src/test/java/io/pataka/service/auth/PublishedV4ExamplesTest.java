package io.pataka.service.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pataka.service.model.Caller;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * The examples of AWS's pages on Signature Version 4 for S3: header, query, chunks, trailer.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html">header examples</a>
 */
class PublishedV4ExamplesTest {

    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final String CREDENTIAL = "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request";

    private final Authenticator authenticator = new Authenticator(
            FixedCredentials.V4,
            SignatureRules.standard(),
            Clock.fixed(Instant.parse("2013-05-24T00:00:00Z"), ZoneOffset.UTC));

    @Test
    void acceptsGetObject() {
        accepts(virtual("GET", "/test.txt")
                .header("Range", "bytes=0-9")
                .header("x-amz-content-sha256", EMPTY)
                .header("x-amz-date", "20130524T000000Z")
                .header(
                        "Authorization",
                        authorization(
                                "host;range;x-amz-content-sha256;x-amz-date",
                                "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")));
    }

    @Test
    void acceptsPutObjectSignedWithTheDateHeader() throws IOException {
        Authenticated put = accepts(virtual("PUT", "/test%24file.text")
                .header("Date", "Fri, 24 May 2013 00:00:00 GMT")
                .header("x-amz-date", "20130524T000000Z")
                .header("x-amz-storage-class", "REDUCED_REDUNDANCY")
                .header("x-amz-content-sha256", "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072")
                .header(
                        "Authorization",
                        authorization(
                                "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
                                "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"))
                .body("Welcome to Amazon S3.".getBytes(US_ASCII)));

        assertThat(put.request().body().open().readAllBytes()).asString().isEqualTo("Welcome to Amazon S3.");
    }

    @Test
    void acceptsGetBucketLifecycle() {
        accepts(virtual("GET", "/?lifecycle")
                .header("x-amz-date", "20130524T000000Z")
                .header("x-amz-content-sha256", EMPTY)
                .header(
                        "Authorization",
                        authorization(
                                "host;x-amz-content-sha256;x-amz-date",
                                "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")));
    }

    @Test
    void acceptsListObjects() {
        accepts(virtual("GET", "/?max-keys=2&prefix=J")
                .header("x-amz-date", "20130524T000000Z")
                .header("x-amz-content-sha256", EMPTY)
                .header(
                        "Authorization",
                        authorization(
                                "host;x-amz-content-sha256;x-amz-date",
                                "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")));
    }

    @Test
    void acceptsPresignedGetObject() {
        accepts(virtual(
                "GET",
                "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
                        + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                        + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                        + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"));
    }

    @Test
    void acceptsChunkedUpload() throws IOException {
        byte[] wire = chunks(
                "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
                "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
                "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
                "\r\n");
        Authenticated put = accepts(chunkedUpload(wire));

        assertThat(put.request().body().length()).hasValue(66_560);
        assertThat(put.request().body().open().readAllBytes()).isEqualTo(filled());
    }

    @Test
    void refusesChunkedUploadWithOneOtherByte() throws IOException {
        byte[] wire = chunks(
                "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
                "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
                "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
                "\r\n");
        wire[40_000] ^= 1;
        Authenticated put = accepts(chunkedUpload(wire));

        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(() -> put.request().body().open().readAllBytes())
                .returns(S3Error.SIGNATURE_DOES_NOT_MATCH, S3Exception::error);
    }

    @Test
    void acceptsChunkedUploadWithTrailer() throws IOException {
        byte[] wire = chunks(
                "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
                "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
                "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
                "x-amz-checksum-crc32c:sOO8/Q==\r\n"
                        + "x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n");
        Authenticated put = accepts(Requests.of("PUT", "/examplebucket/chunkObject.txt")
                .header("Host", "s3.amazonaws.com")
                .header("x-amz-date", "20130524T000000Z")
                .header("x-amz-storage-class", "REDUCED_REDUNDANCY")
                .header("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER")
                .header("Content-Encoding", "aws-chunked")
                .header("x-amz-decoded-content-length", "66560")
                .header("x-amz-trailer", "x-amz-checksum-crc32c")
                .header("Content-Length", Integer.toString(wire.length))
                .header(
                        "Authorization",
                        authorization(
                                "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;"
                                        + "x-amz-storage-class;x-amz-trailer",
                                "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"))
                .body(wire));

        assertThat(put.request().body().open().readAllBytes()).isEqualTo(filled());
        assertThat(put.request().body().trailers().first("x-amz-checksum-crc32c"))
                .contains("sOO8/Q==");
        assertThat(put.request().body().trailers().names()).containsExactly("x-amz-checksum-crc32c");
    }

    private Authenticated accepts(Requests request) {
        S3Request built = request.build();
        Authenticated authenticated = authenticator.authenticate(built);
        Caller caller = authenticated.caller();
        assertThat(caller.accessKey()).contains("AKIAIOSFODNN7EXAMPLE");
        assertThat(caller.account().id()).isEqualTo("project-id");
        assertThat(caller.user().displayName()).isEqualTo("alice");
        assertThat(caller.roles()).containsExactly("member");
        return authenticated;
    }

    private static Requests virtual(String method, String target) {
        return Requests.of(method, target).onHostOf("examplebucket").header("Host", "examplebucket.s3.amazonaws.com");
    }

    private static Requests chunkedUpload(byte[] wire) {
        return Requests.of("PUT", "/examplebucket/chunkObject.txt")
                .header("Host", "s3.amazonaws.com")
                .header("x-amz-date", "20130524T000000Z")
                .header("x-amz-storage-class", "REDUCED_REDUNDANCY")
                .header("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
                .header("Content-Encoding", "aws-chunked")
                .header("x-amz-decoded-content-length", "66560")
                .header("Content-Length", "66824")
                .header(
                        "Authorization",
                        authorization(
                                "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;"
                                        + "x-amz-decoded-content-length;x-amz-storage-class",
                                "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"))
                .body(wire);
    }

    private static String authorization(String signedHeaders, String signature) {
        return "AWS4-HMAC-SHA256 Credential=" + CREDENTIAL + ",SignedHeaders=" + signedHeaders + ",Signature="
                + signature;
    }

    private static byte[] chunks(String first, String second, String last, String end) throws IOException {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        wire.write(("10000;chunk-signature=" + first + "\r\n").getBytes(US_ASCII));
        wire.write(filled(), 0, 65_536);
        wire.write(("\r\n400;chunk-signature=" + second + "\r\n").getBytes(US_ASCII));
        wire.write(filled(), 0, 1_024);
        wire.write(("\r\n0;chunk-signature=" + last + "\r\n" + end).getBytes(US_ASCII));
        return wire.toByteArray();
    }

    private static byte[] filled() {
        byte[] bytes = new byte[66_560];
        Arrays.fill(bytes, (byte) 'a');
        return bytes;
    }
}
