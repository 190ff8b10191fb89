package io.pataka.service.operation.lifecycle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.protocol.S3Time;
import io.pataka.service.protocol.form.FormBody;
import io.pataka.service.testing.NewBucket;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the responses say of the end of objects and uploads. */
class LifecycleHeadersIT {

    private static final String EXPIRATION = "x-amz-expiration";
    private static final Pattern UPLOAD_ID = Pattern.compile("<UploadId>(.*)</UploadId>");
    private static final Pattern ETAG = Pattern.compile("<ETag>(.*)</ETag>");
    private static final Pattern FORM = Pattern.compile("expiry-date=\"(.*)\", rule-id=\"(.*)\"");

    @RegisterExtension
    static final S3Server SERVER = S3Server.shared();

    private final S3Connection wire;
    private final String bucket;

    LifecycleHeadersIT(S3Connection wire, @NewBucket String bucket) {
        this.wire = wire;
        this.bucket = bucket;
    }

    private Reply call(String method, String target, Map<String, String> headers, String body) throws IOException {
        Reply reply = wire.call(method, "/" + bucket + target, headers, Body.of(body.getBytes(UTF_8)));
        assertThat(reply.status()).as(reply.text()).isBetween(200, 299);
        return reply;
    }

    private Reply call(String method, String target) throws IOException {
        Reply reply = wire.call(method, "/" + bucket + target);
        assertThat(reply.status()).as(reply.text()).isBetween(200, 299);
        return reply;
    }

    private void setRules(String rules) throws IOException {
        String document = "<LifecycleConfiguration>" + rules + "</LifecycleConfiguration>";
        byte[] md5 = DigestUtils.md5(document.getBytes(UTF_8));
        call("PUT", "?lifecycle=", Map.of("content-md5", Base64.getEncoder().encodeToString(md5)), document);
    }

    private static String rule(String id, String filter, String action) {
        return "<Rule><ID>" + id + "</ID><Filter>" + filter + "</Filter><Status>Enabled</Status>" + action + "</Rule>";
    }

    private static String days(int days) {
        return "<Expiration><Days>" + days + "</Days></Expiration>";
    }

    private static String tag(String key, String value) {
        return "<Tag><Key>" + key + "</Key><Value>" + value + "</Value></Tag>";
    }

    private static Instant midnightAfter(Instant time) {
        Instant midnight = time.truncatedTo(ChronoUnit.DAYS);
        return midnight.equals(time) ? time : midnight.plus(Duration.ofDays(1));
    }

    private Instant lastModified(String key) throws IOException {
        return S3Time.readHeader(call("HEAD", key).header("last-modified").orElseThrow())
                .orElseThrow();
    }

    private void assertExpires(Reply reply, String key, int days, String ruleId) throws IOException {
        // The header has whole seconds: an object that was created at midnight to the second may be a little younger.
        Instant end = midnightAfter(lastModified(key).plusMillis(1).plus(Duration.ofDays(days)));
        Matcher form = FORM.matcher(reply.header(EXPIRATION).orElse("none"));
        assertThat(form.matches()).as(reply.head()).isTrue();
        assertThat(form.group(1)).isEqualTo(S3Time.header(end));
        assertThat(form.group(2)).isEqualTo(ruleId);
    }

    private static void assertStays(Reply reply) {
        assertThat(reply.header(EXPIRATION)).isEmpty();
    }

    @Test
    void everyWriteAndReadSaysWhenTheObjectExpires() throws IOException {
        setRules(rule("logs", "<Prefix>logs/</Prefix>", days(3)));
        assertExpires(call("PUT", "/logs/a", Map.of(), "bytes"), "/logs/a", 3, "logs");
        assertExpires(call("GET", "/logs/a"), "/logs/a", 3, "logs");
        assertExpires(call("HEAD", "/logs/a"), "/logs/a", 3, "logs");
        assertExpires(call("GET", "/logs/a", Map.of("range", "bytes=1-2"), ""), "/logs/a", 3, "logs");
        Map<String, String> source = Map.of("x-amz-copy-source", "/" + bucket + "/logs/a");
        assertExpires(call("PUT", "/logs/copy", source, ""), "/logs/copy", 3, "logs");
        assertStays(call("PUT", "/kept", source, ""));
        assertStays(call("GET", "/kept"));
        assertStays(call("PUT", "/other", Map.of(), "bytes"));
        byte[] form =
                FormBody.of(Map.of("key", "logs/posted")).file("f", "meow").bytes();
        Reply posted = wire.call(
                "POST",
                "/" + bucket,
                Map.of("Content-Type", FormBody.MEDIA_TYPE, "x-amz-content-sha256", DigestUtils.sha256Hex(form)),
                Body.of(form));
        assertExpires(posted, "/logs/posted", 3, "logs");
    }

    @Test
    void aCompletedUploadSaysWhenTheObjectExpiresAndOneInProgressWhenItIsAborted() throws IOException {
        setRules(rule("logs", "<Prefix>logs/</Prefix>", days(3))
                + rule(
                        "uploads of \u00e9",
                        "<Prefix>logs/</Prefix>",
                        "<AbortIncompleteMultipartUpload><DaysAfterInitiation>2</DaysAfterInitiation>"
                                + "</AbortIncompleteMultipartUpload>"));
        Instant before = Instant.now();
        Reply begun = call("POST", "/logs/a?uploads=", Map.of(), "");
        Instant after = Instant.now();
        assertStays(begun);
        assertThat(begun.header("x-amz-abort-rule-id")).contains("uploads%20of%20%C3%A9");
        assertThat(begun.header("x-amz-abort-date").orElse("none"))
                .isIn(
                        S3Time.header(midnightAfter(before.plus(Duration.ofDays(2)))),
                        S3Time.header(midnightAfter(after.plus(Duration.ofDays(2)))));
        Matcher upload = UPLOAD_ID.matcher(begun.text());
        assertThat(upload.find()).isTrue();
        Reply parts = call("GET", "/logs/a?uploadId=" + upload.group(1));
        assertThat(parts.headersOf("x-amz-abort")).isEqualTo(begun.headersOf("x-amz-abort"));

        call("PUT", "/logs/a?partNumber=1&uploadId=" + upload.group(1), Map.of(), "bytes");
        Matcher etag =
                ETAG.matcher(call("GET", "/logs/a?uploadId=" + upload.group(1)).text());
        assertThat(etag.find()).isTrue();
        String list = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + etag.group(1)
                + "</ETag></Part></CompleteMultipartUpload>";
        Reply completed = call("POST", "/logs/a?uploadId=" + upload.group(1), Map.of(), list);
        assertExpires(completed, "/logs/a", 3, "logs");
        Reply repeated = call("POST", "/logs/a?uploadId=" + upload.group(1), Map.of(), list);
        assertThat(repeated.header(EXPIRATION)).isEqualTo(completed.header(EXPIRATION));

        Reply other = call("POST", "/kept?uploads=", Map.of(), "");
        assertThat(other.headersOf("x-amz-abort")).isEmpty();
    }

    @Test
    void followsTheTagsTheSizeAndTheRules() throws IOException {
        call("PUT", "/k", Map.of("x-amz-tagging", "a=1&b=2"), "bytes");
        assertStays(call("HEAD", "/k"));
        setRules(rule("tag", tag("a", "1"), days(1)));
        assertExpires(call("HEAD", "/k"), "/k", 1, "tag");
        setRules(rule("tag", tag("a", "2"), days(1)));
        assertStays(call("HEAD", "/k"));
        setRules(rule("and", "<And>" + tag("a", "1") + tag("b", "3") + "</And>", days(1)));
        assertStays(call("HEAD", "/k"));
        setRules(rule("size", "<ObjectSizeGreaterThan>5</ObjectSizeGreaterThan>", days(1)));
        assertStays(call("HEAD", "/k"));
        setRules(rule("size", "<ObjectSizeGreaterThan>4</ObjectSizeGreaterThan>", days(1))
                + rule("later", "<Prefix>k</Prefix>", days(2)));
        assertExpires(call("HEAD", "/k"), "/k", 1, "size");
        call("DELETE", "?lifecycle=");
        assertStays(call("HEAD", "/k"));
    }

    @Test
    void saysNothingOfAVersionThatIsNotCurrent() throws IOException {
        call(
                "PUT",
                "?versioning=",
                Map.of(),
                "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
        setRules(rule("all", "", days(1)));
        String first =
                call("PUT", "/k", Map.of(), "first").header("x-amz-version-id").orElseThrow();
        assertExpires(call("PUT", "/k", Map.of(), "second"), "/k", 1, "all");
        assertExpires(call("GET", "/k"), "/k", 1, "all");
        assertStays(call("GET", "/k?versionId=" + first));
        assertStays(call("HEAD", "/k?versionId=" + first));
    }
}
