package io.pataka.service.operation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.protocol.form.FormBody;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import java.util.Map;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What clients get at each way to write when the quota of their bucket has no room. */
class QuotaIT {

    /** Of each bucket. */
    private static final int BYTES = 100;

    private static final int OBJECTS = 4;

    @RegisterExtension
    static final S3Server SERVER =
            S3Server.own("quotas: {bucket: {bytes: " + BYTES + "B, objects: " + OBJECTS + "}, project: {bytes: 1GiB}}");

    private final S3Connection wire;
    private final S3Client sdk;
    private final String bucket = "b-" + UUID.randomUUID();

    QuotaIT(S3Connection wire, S3Client sdk) {
        this.wire = wire;
        this.sdk = sdk;
    }

    @BeforeEach
    void makeBucket() {
        sdk.createBucket(request -> request.bucket(bucket));
    }

    private int put(String key, int size) throws Exception {
        return wire.call("PUT", "/" + bucket + "/" + key, Map.of(), Body.of(new byte[size]))
                .status();
    }

    private static void assertRefused(ThrowingCallable write) {
        assertThatThrownBy(write).isInstanceOfSatisfying(S3Exception.class, refusal -> {
            assertThat(refusal.statusCode()).isEqualTo(403);
            assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo("QuotaExceeded");
        });
    }

    @Test
    void refusesAnObjectUntilSomethingIsDeleted() throws Exception {
        assertThat(put("a", BYTES)).isEqualTo(200);
        Reply refused = wire.call("PUT", "/" + bucket + "/b", Map.of(), Body.of(new byte[1]));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text()).contains("<Code>QuotaExceeded</Code>");
        assertThat(put("a", BYTES)).isEqualTo(200);

        assertThat(wire.call("DELETE", "/" + bucket + "/a").status()).isEqualTo(204);
        assertThat(put("b", BYTES)).isEqualTo(200);
    }

    @Test
    void refusesCopies() throws Exception {
        assertThat(put("a", 60)).isEqualTo(200);
        assertRefused(() -> sdk.copyObject(copy -> copy.sourceBucket(bucket)
                .sourceKey("a")
                .destinationBucket(bucket)
                .destinationKey("b")));
    }

    @Test
    void refusesPartsCopiesOfPartsAndOneObjectTooMany() throws Exception {
        assertThat(put("a", 60)).isEqualTo(200);
        String upload = sdk.createMultipartUpload(begin -> begin.bucket(bucket).key("b"))
                .uploadId();
        assertRefused(() -> sdk.uploadPart(
                part -> part.bucket(bucket).key("b").uploadId(upload).partNumber(1),
                RequestBody.fromBytes(new byte[41])));
        assertRefused(() -> sdk.uploadPartCopy(part -> part.sourceBucket(bucket)
                .sourceKey("a")
                .destinationBucket(bucket)
                .destinationKey("b")
                .uploadId(upload)
                .partNumber(1)));
        String tag = sdk.uploadPart(
                        part -> part.bucket(bucket).key("b").uploadId(upload).partNumber(1),
                        RequestBody.fromBytes(new byte[40]))
                .eTag();
        for (int i = 1; i < OBJECTS; i++) {
            assertThat(put("empty" + i, 0)).isEqualTo(200);
        }
        ThrowingCallable completion = () -> sdk.completeMultipartUpload(end -> end.bucket(bucket)
                .key("b")
                .uploadId(upload)
                .multipartUpload(parts -> parts.parts(
                        CompletedPart.builder().partNumber(1).eTag(tag).build())));
        assertRefused(completion);
        assertThat(wire.call("DELETE", "/" + bucket + "/empty1").status()).isEqualTo(204);
        assertThatCode(completion).doesNotThrowAnyException();
    }

    @Test
    void refusesAppends() throws Exception {
        assertThat(put("a", 60)).isEqualTo(200);
        Reply refused =
                wire.call("PUT", "/" + bucket + "/a", Map.of("x-amz-write-offset-bytes", "60"), Body.of(new byte[41]));
        assertThat(refused.text()).contains("<Code>QuotaExceeded</Code>");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(wire.call(
                                "PUT",
                                "/" + bucket + "/a",
                                Map.of("x-amz-write-offset-bytes", "60"),
                                Body.of(new byte[40]))
                        .status())
                .isEqualTo(200);
    }

    /** A form does not say how long its file is. */
    @Test
    void refusesFilesOfForms() throws Exception {
        assertThat(form("x".repeat(BYTES + 1)).text()).contains("<Code>QuotaExceeded</Code>");
        assertThat(form("x".repeat(BYTES)).status()).isEqualTo(204);
    }

    private Reply form(String file) throws Exception {
        byte[] form = FormBody.of(Map.of("key", "k")).file("f", file).bytes();
        return wire.call(
                "POST",
                "/" + bucket,
                Map.of("Content-Type", FormBody.MEDIA_TYPE, "x-amz-content-sha256", DigestUtils.sha256Hex(form)),
                Body.of(form));
    }

    /** What the log of a bucket cannot take is not acknowledged. */
    /** What waits was admitted when it was taken, so it is written. */
    @Test
    void refusesToFlushALogThatHasNoLineAndNoRoom() throws Exception {
        String log = logged();
        assertThat(put("a", 1)).isEqualTo(200);
        for (int i = 0; i < OBJECTS; i++) {
            assertThat(wire.call("PUT", "/" + log + "/full" + i, Map.of(), Body.of(new byte[0]))
                            .status())
                    .isEqualTo(200);
        }

        assertThat(wire.call("POST", "/" + bucket + "?logging=").status()).isEqualTo(200);
        Reply refused = wire.call("POST", "/" + bucket + "?logging=");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text()).contains("<Code>QuotaExceeded</Code>");

        for (int i = 0; i < OBJECTS; i++) {
            assertThat(wire.call("DELETE", "/" + log + "/full" + i).status()).isEqualTo(204);
        }
        assertThat(wire.call("POST", "/" + bucket + "?logging=").status()).isEqualTo(200);
        assertThat(sdk.listObjectsV2(list -> list.bucket(log)).contents())
                .extracting(S3Object::size)
                .hasSize(2)
                .first()
                .satisfies(size -> assertThat(size).isPositive());
    }

    /** The name of a new bucket with the journal of the bucket. */
    private String logged() throws Exception {
        String log = bucket + "-log";
        sdk.createBucket(request -> request.bucket(log));
        sdk.putBucketPolicy(policy -> policy.bucket(log)
                .policy("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                        + "\"Principal\":{\"Service\":\"logging.s3.amazonaws.com\"},\"Action\":\"s3:PutObject\","
                        + "\"Resource\":\"arn:aws:s3:::" + log + "/*\"}]}"));
        byte[] logging = ("<BucketLoggingStatus><LoggingEnabled><TargetBucket>" + log
                        + "</TargetBucket><TargetPrefix>j/</TargetPrefix><LoggingType>Journal</LoggingType>"
                        + "</LoggingEnabled></BucketLoggingStatus>")
                .getBytes(UTF_8);
        assertThat(wire.call("PUT", "/" + bucket + "?logging=", Map.of(), Body.of(logging))
                        .status())
                .isEqualTo(200);
        return log;
    }

    @Test
    void refusesChangesWhoseJournalHasNoRoom() throws Exception {
        String log = logged();
        assertThat(wire.call("PUT", "/" + log + "/full", Map.of(), Body.of(new byte[BYTES]))
                        .status())
                .isEqualTo(200);

        Reply refused = wire.call("PUT", "/" + bucket + "/a", Map.of(), Body.of(new byte[1]));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text())
                .contains("<Code>AccessDenied</Code>", "Logging bucket '" + log + "' has no room by its quota");

        assertThat(wire.call("DELETE", "/" + log + "/full").status()).isEqualTo(204);
        assertThat(put("a", 1)).isEqualTo(200);
    }

    @Test
    void showsTheQuotas() throws Exception {
        assertThat(wire.call("GET", "/?usage=").text())
                .contains(
                        "<QuotaMaxBytes>1073741824</QuotaMaxBytes>",
                        "<QuotaMaxObjCount>-1</QuotaMaxObjCount>",
                        "<QuotaMaxBytesPerBucket>100</QuotaMaxBytesPerBucket>",
                        "<QuotaMaxObjCountPerBucket>4</QuotaMaxObjCountPerBucket>");
        Reply stats = wire.call("HEAD", "/" + bucket + "?read-stats=true");
        assertThat(stats.header("x-rgw-quota-bucket-size")).contains("100");
        assertThat(stats.header("x-rgw-quota-bucket-objects")).contains("4");
        assertThat(stats.header("x-rgw-quota-user-size")).contains("1073741824");
        assertThat(stats.header("x-rgw-quota-user-objects")).contains("-1");
    }
}
