package io.pataka.service.operation.form;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.protocol.form.FormBody;
import io.pataka.service.testing.AccessKeys;
import io.pataka.service.testing.NewBucket;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import io.pataka.service.testing.Versions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Forms as browsers send them, signed as AWS's pages say and not by the server's own code. */
class PostObjectIT {

    private static final HttpClient BROWSER = HttpClient.newHttpClient();

    @RegisterExtension
    static final S3Server SERVER = S3Server.shared();

    private final S3Connection wire;
    private final String bucket;

    PostObjectIT(S3Connection wire, @NewBucket String bucket) {
        this.wire = wire;
        this.bucket = bucket;
    }

    @ParameterizedTest
    @CsvSource({"2", "4"})
    void aSignedFormStoresItsFile(int version) throws Exception {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("key", "user/${filename}");
        fields.put("acl", "bucket-owner-full-control");
        fields.put("Content-Type", "text/plain; charset=utf-8");
        fields.put("Cache-Control", "no-cache");
        fields.put("x-amz-meta-a", "Grüße");
        fields.put("tagging", "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>");

        HttpResponse<String> answer = post(FormBody.of(signed(version, fields)).file("C:\\x\\f.txt", "hello"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        Reply stored = wire.call("GET", "/" + bucket + "/user/f.txt");
        assertThat(stored.text()).isEqualTo("hello");
        assertThat(answer.headers().firstValue("ETag")).isEqualTo(stored.header("ETag"));
        assertThat(answer.headers().firstValue("Location"))
                .contains(SERVER.endpoint() + "/" + bucket + "/user%2Ff.txt");
        assertThat(stored.header("Content-Type")).contains("text/plain; charset=utf-8");
        assertThat(stored.header("Cache-Control")).contains("no-cache");
        assertThat(stored.header("x-amz-tagging-count")).contains("1");
        assertThat(stored.headersOf("x-amz-meta-")).containsOnlyKeys("x-amz-meta-a");
    }

    /** As Amazon does it: the server checks who signed before it checks what was signed. */
    @Test
    void aPolicyThatIsNoneIsTakenForAWrongSignature() throws Exception {
        Map<String, String> fields = signed(4, Map.of("key", "k"));
        fields.put("policy", "invalid");

        HttpResponse<String> answer = post(FormBody.of(fields).file("f", "hello"));

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("<Code>SignatureDoesNotMatch</Code>");
    }

    @Test
    void aFileWithoutANameLeavesItsVariableAsItIs() throws Exception {
        HttpResponse<String> answer = post(FormBody.of(signed(4, Map.of("key", "a-${filename}")))
                .part("Content-Disposition: form-data; name=\"file\"", "hello".getBytes(UTF_8)));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        assertThat(wire.call("GET", "/" + bucket + "/a-%24%7Bfilename%7D").text())
                .isEqualTo("hello");
    }

    @Test
    void tagsUnderAnotherRootAreNone() throws Exception {
        HttpResponse<String> answer =
                post(FormBody.of(signed(4, Map.of("key", "k", "tagging", "<InvalidXmlTagging></InvalidXmlTagging>")))
                        .file("f", "hello"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        assertThat(wire.call("GET", "/" + bucket + "/k").header("x-amz-tagging-count"))
                .isEmpty();
        assertThat(post(FormBody.of(signed(4, Map.of("key", "k", "tagging", "not-xml")))
                                .file("f", "hello"))
                        .body())
                .contains("<Code>MalformedXML</Code>");
    }

    @Test
    void controlCharactersInMetadataComeBackEncoded() throws Exception {
        HttpResponse<String> answer =
                post(FormBody.of(signed(4, Map.of("key", "k", "x-amz-meta-a", "\u0000\u0001\u0002\u0003\u0004")))
                        .file("f", "hello"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        assertThat(wire.call("HEAD", "/" + bucket + "/k").header("x-amz-meta-a"))
                .contains("=?UTF-8?B?AAECAwQ=?=");
    }

    @Test
    void aKeyThatIsNotUtf8IsRefused() throws Exception {
        HttpResponse<String> answer = post(FormBody.of(Map.of("policy", "x"))
                .part("Content-Disposition: form-data; name=\"key\"", new byte[] {'k', (byte) 0xE9})
                .file("f", "hello"));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("<ArgumentName>key</ArgumentName>");
    }

    @Test
    void aLargeFileComesThroughWhole() throws Exception {
        byte[] content = new byte[9_000_001];
        new Random(7).nextBytes(content);

        assertThat(post(FormBody.of(signed(4, Map.of("key", "k"))).file("f", content))
                        .statusCode())
                .isEqualTo(204);
        assertThat(wire.call("GET", "/" + bucket + "/k").body()).isEqualTo(content);
    }

    @Test
    void aRedirectCarriesWhatWasStored() throws Exception {
        HttpResponse<String> answer =
                post(FormBody.of(signed(4, Map.of("key", "k", "success_action_redirect", "http://example.com/done")))
                        .file("f", "hello"));

        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location"))
                .contains("http://example.com/done?bucket=" + bucket
                        + "&key=k&etag=%225d41402abc4b2a76b9719d911017c592%22");
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-server-side-encryption, aws:kms, 400",
        "x-amz-server-side-encryption, aws:kms:dsse, 501",
        "x-amz-object-lock-mode, COMPLIANCE, 400",
        "x-amz-object-lock-legal-hold, ON, 400"
    })
    void protectionThatTheServerDoesNotHaveIsRefused(String field, String value, int status) throws Exception {
        HttpResponse<String> answer =
                post(FormBody.of(signed(4, Map.of("key", "k", field, value))).file("f", "hello"));

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(wire.call("GET", "/" + bucket + "/k").status()).isEqualTo(404);
    }

    @Test
    void fieldsLockTheVersion() throws Exception {
        Versions.set(wire, bucket, "Enabled");
        byte[] lock =
                "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>"
                        .getBytes(UTF_8);
        String md5 = Base64.getEncoder().encodeToString(DigestUtils.md5(lock));
        wire.call("PUT", "/" + bucket + "?object-lock=", Map.of("Content-MD5", md5), S3Connection.Body.of(lock));
        Map<String, String> fields = Map.of(
                "key",
                "k",
                "x-amz-object-lock-mode",
                "GOVERNANCE",
                "x-amz-object-lock-retain-until-date",
                "2140-01-01T00:00:00Z");

        HttpResponse<String> answer = post(FormBody.of(signed(4, fields)).file("f", "hello"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        String version = "/" + bucket + "/k?versionId="
                + answer.headers().firstValue("x-amz-version-id").orElseThrow();
        assertThat(wire.call("HEAD", version).header("x-amz-object-lock-mode")).contains("GOVERNANCE");
        assertThat(wire.call("DELETE", version).status()).isEqualTo(403);
        assertThat(wire.call(
                                "DELETE",
                                version,
                                Map.of("x-amz-bypass-governance-retention", "true"),
                                S3Connection.Body.NONE)
                        .status())
                .isEqualTo(204);
    }

    @Test
    void aVersionIsNamedInTheReply() throws Exception {
        wire.call(
                "PUT",
                "/" + bucket + "?versioning=",
                Map.of(),
                S3Connection.Body.of(
                        "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>".getBytes(UTF_8)));

        HttpResponse<String> answer =
                post(FormBody.of(signed(4, Map.of("key", "k"))).file("f", "hello"));

        assertThat(answer.headers().firstValue("x-amz-version-id"))
                .isEqualTo(wire.call("HEAD", "/" + bucket + "/k").header("x-amz-version-id"))
                .isPresent();
    }

    @Test
    void theNullVersionIsNotNamedInTheReply() throws Exception {
        Versions.set(wire, bucket, "Suspended");

        HttpResponse<String> answer =
                post(FormBody.of(signed(4, Map.of("key", "k"))).file("f", "hello"));

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("x-amz-version-id")).isEmpty();
        assertThat(wire.call("HEAD", "/" + bucket + "/k").header("x-amz-version-id"))
                .contains("null");
    }

    @Test
    void aChecksumIsHeldAgainstTheFile() throws Exception {
        String sha256 = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";
        assertThat(post(FormBody.of(signed(4, Map.of("key", "k", "x-amz-checksum-sha256", sha256)))
                                .file("f", "hello"))
                        .headers()
                        .firstValue("x-amz-checksum-sha256"))
                .contains(sha256);

        assertRefused(
                400,
                "BadDigest",
                post(FormBody.of(signed(4, Map.of("key", "other", "x-amz-checksum-sha256", sha256)))
                        .file("f", "Hello")));
        assertNothingIsStoredBut("k");
    }

    @Test
    void aFormThatIsSignedInTheHeaderIsStoredAsItWasSigned() throws Exception {
        byte[] form = FormBody.of(Map.of("key", "k")).file("f", "hello").bytes();
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(form));
        Map<String, String> headers = Map.of("Content-Type", FormBody.MEDIA_TYPE, "x-amz-content-sha256", hash);

        byte[] changed = new String(form, ISO_8859_1).replace("hello", "HELLO").getBytes(ISO_8859_1);
        Reply refused = wire.call("POST", "/" + bucket, headers, Body.of(changed));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("<Code>XAmzContentSHA256Mismatch</Code>");
        assertNothingIsStoredBut();

        assertThat(wire.call("POST", "/" + bucket, headers, Body.of(form)).status())
                .isEqualTo(204);
        assertThat(wire.call("GET", "/" + bucket + "/k").text()).isEqualTo("hello");
    }

    @Test
    void aFormWithoutPolicyMayNotWriteToAPrivateBucket() throws Exception {
        assertRefused(403, "AccessDenied", post(new FormBody().field("key", "k").file("f", "x")));
        assertNothingIsStoredBut();
    }

    @ParameterizedTest
    @CsvSource({"2", "4"})
    void aForgedPolicyIsRefused(int version) throws Exception {
        Map<String, String> fields = signed(version, Map.of("key", "k"));
        String policy = new String(Base64.getDecoder().decode(fields.get("policy")), UTF_8);
        fields.put("policy", Base64.getEncoder().encodeToString((policy + " ").getBytes(UTF_8)));

        assertRefused(403, "SignatureDoesNotMatch", post(FormBody.of(fields).file("f", "x")));
        assertNothingIsStoredBut();
    }

    @Test
    void aFieldThatThePolicyDoesNotNameIsRefused() throws Exception {
        Map<String, String> fields = signed(4, Map.of("key", "k"));
        fields.put("x-amz-meta-b", "1");

        HttpResponse<String> refused = post(FormBody.of(fields).file("f", "x"));

        assertRefused(403, "AccessDenied", refused);
        assertThat(refused.body()).contains("Invalid according to Policy: Extra input fields: x-amz-meta-b");
        assertNothingIsStoredBut();
    }

    @Test
    void anExpiredPolicyIsRefused() throws Exception {
        Map<String, String> fields = signed(4, Map.of("key", "k"), Duration.ofSeconds(-1));

        assertRefused(403, "AccessDenied", post(FormBody.of(fields).file("f", "x")));
        assertNothingIsStoredBut();
    }

    @ParameterizedTest
    @CsvSource({"0, 4, EntityTooLarge", "6, 10, EntityTooSmall"})
    void aFileOutOfRangeLeavesNothing(int least, int most, String code) throws Exception {
        Map<String, String> fields =
                signed(4, Map.of("key", "k"), "[\"content-length-range\"," + least + "," + most + "]");

        assertRefused(400, code, post(FormBody.of(fields).file("f", "hello")));
        assertNothingIsStoredBut();
    }

    @Test
    void badFormsLeaveNothing() throws Exception {
        Map<String, String> good = signed(4, Map.of("key", "k"));
        Map<String, String> unsigned = new LinkedHashMap<>(good);
        unsigned.remove("x-amz-signature");

        assertRefused(400, "InvalidArgument", post(FormBody.of(unsigned).file("f", "x")));
        assertRefused(400, "InvalidArgument", post(FormBody.of(good)));
        assertRefused(
                400, "InvalidArgument", post(FormBody.of(good).field("Key", "k").file("f", "x")));
        assertRefused(
                400,
                "IncorrectNumberOfFilesInPostRequest",
                post(FormBody.of(good).file("f", "x").file("g", "y")));
        assertRefused(
                400,
                "MalformedPOSTRequest",
                post(FormBody.MEDIA_TYPE, FormBody.of(good).file("f", "x").unfinished()));
        assertRefused(
                400,
                "MalformedPOSTRequest",
                post("multipart/form-data", FormBody.of(good).file("f", "x").bytes()));
        assertRefused(
                400,
                "MaxPostPreDataLengthExceeded",
                post(FormBody.of(good).field("x-ignore-a", "x".repeat(30_000)).file("f", "x")));
        assertNothingIsStoredBut();
    }

    @Test
    void aPostThatIsNoFormIsRefused() throws Exception {
        HttpResponse<String> refused = post("text/plain", "hello".getBytes(UTF_8));

        assertRefused(412, "PreconditionFailed", refused);
        assertThat(refused.body())
                .contains("<Condition>Bucket POST must be of the enclosure-type multipart/form-data</Condition>");
    }

    @Test
    void aFormForAMissingBucketGetsNoSuchBucket() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(SERVER.endpoint() + "/no-such-bucket"))
                .header("Content-Type", FormBody.MEDIA_TYPE)
                .POST(BodyPublishers.ofByteArray(
                        new FormBody().field("key", "k").file("f", "x").bytes()))
                .build();

        assertRefused(404, "NoSuchBucket", BROWSER.send(request, BodyHandlers.ofString()));
    }

    private HttpResponse<String> post(FormBody form) throws Exception {
        return post(FormBody.MEDIA_TYPE, form.bytes());
    }

    private HttpResponse<String> post(String mediaType, byte[] body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(SERVER.endpoint() + "/" + bucket))
                .header("Content-Type", mediaType)
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        return BROWSER.send(request, BodyHandlers.ofString());
    }

    private void assertNothingIsStoredBut(String... keys) throws IOException {
        String listing = wire.call("GET", "/" + bucket).text();
        for (String key : keys) {
            assertThat(listing).contains("<Key>" + key + "</Key>");
        }
        assertThat(listing.split("<Key>", -1)).hasSize(keys.length + 1);
    }

    private static void assertRefused(int status, String code, HttpResponse<String> answer) {
        assertThat(answer.body()).contains("<Code>" + code + "</Code>");
        assertThat(answer.statusCode()).isEqualTo(status);
    }

    private Map<String, String> signed(int version, Map<String, String> fields, String... conditions) throws Exception {
        return signed(version, fields, Duration.ofMinutes(5), conditions);
    }

    /** The fields, and those of a policy that allows them and what else the conditions say. */
    private Map<String, String> signed(int version, Map<String, String> fields, Duration life, String... conditions)
            throws Exception {
        AccessKeys keys = S3Server.KEYS;
        Instant now = Instant.now();
        String time = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
                .withZone(ZoneOffset.UTC)
                .format(now);
        String scope = time.substring(0, 8) + "/us-east-1/s3/aws4_request";
        Map<String, String> all = new LinkedHashMap<>(fields);
        if (version == 4) {
            all.put("x-amz-credential", keys.access() + "/" + scope);
            all.put("x-amz-algorithm", "AWS4-HMAC-SHA256");
            all.put("x-amz-date", time);
        } else {
            all.put("AWSAccessKeyId", keys.access());
        }
        StringJoiner list = new StringJoiner(",", "[", "]").add("{\"bucket\":\"" + bucket + "\"}");
        all.keySet().forEach(name -> list.add("[\"starts-with\",\"$" + name + "\",\"\"]"));
        for (String condition : conditions) {
            list.add(condition);
        }
        String document = "{\"expiration\":\"" + now.plus(life) + "\",\"conditions\":" + list + "}";
        String policy = Base64.getEncoder().encodeToString(document.getBytes(UTF_8));
        all.put("policy", policy);
        byte[] secret = keys.secret().getBytes(UTF_8);
        if (version == 4) {
            byte[] key = ("AWS4" + keys.secret()).getBytes(UTF_8);
            for (String step : scope.split("/")) {
                key = hmac("HmacSHA256", key, step);
            }
            all.put("x-amz-signature", HexFormat.of().formatHex(hmac("HmacSHA256", key, policy)));
        } else {
            all.put("signature", Base64.getEncoder().encodeToString(hmac("HmacSHA1", secret, policy)));
        }
        return all;
    }

    private static byte[] hmac(String algorithm, byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(key, algorithm));
        return mac.doFinal(text.getBytes(UTF_8));
    }
}
