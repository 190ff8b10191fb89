package io.pataka.service.cloud;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.keystone.testing.Ec2Key;
import io.pataka.keystone.testing.RealCloud;
import io.pataka.service.testing.S3Connection;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;

/** In mode {@code cached}, with a lifetime so short that the test sees its end. */
final class CachedCloudIT extends CloudContract {

    private static final S3Connection.Body NOTHING = S3Connection.Body.of(new byte[0]);

    @Override
    Map<String, String> settings() {
        return Map.of("cache_lifetime", "2s", "cache_miss_lifetime", "200ms");
    }

    @Override
    Duration lifetime() {
        return Duration.ofSeconds(2);
    }

    @Override
    String unauthorised() {
        return "AccessDenied";
    }

    @ParameterizedTest
    @CsvSource({
        "WHEN_REQUIRED, STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "WHEN_SUPPORTED, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
    })
    void checksSignedChunksOfAColdKey(RequestChecksumCalculation checksums, String payload) throws Exception {
        Ec2Key owner = newKey();
        String bucket = bucketOf(owner);
        Ec2Key cold = CLOUD.newKey(owner.userId(), owner.projectId());
        byte[] content = "0123456789".repeat(50_000).getBytes(UTF_8);

        try (ChunkedUploads uploads = ChunkedUploads.to(bed().http(), cold, checksums)) {
            uploads.put(bucket, "chunked", new ByteArrayInputStream(content), content.length);
            assertThat(uploads.payloadSent()).isEqualTo(payload);
        }
        assertThat(bed().call(owner, "GET", "/" + bucket + "/chunked").body()).isEqualTo(content);
    }

    @Test
    void aGrantReachesTheProjectOrTheUserThatKeystoneKnows() throws Exception {
        Ec2Key owner = newKey();
        Ec2Key projectMate = newKey();
        Ec2Key friend = newKey();
        Ec2Key other = newKey();
        String bucket = "/bucket-" + RealCloud.unique();
        try (S3Connection connection = bed().connect(owner)) {
            assertDone(connection.call("PUT", bucket, Map.of("x-amz-object-ownership", "ObjectWriter"), NOTHING));
            String grantees = "id=" + projectMate.projectId() + ", id=" + friend.userId();
            assertDone(connection.call("PUT", bucket + "/key", Map.of("x-amz-grant-read", grantees), NOTHING));
            assertError(
                    connection.call("PUT", bucket + "/other", Map.of("x-amz-grant-read", "id=unknown"), NOTHING),
                    400,
                    "InvalidArgument");
        }

        assertDone(bed().call(projectMate, "GET", bucket + "/key"));
        assertDone(bed().call(friend, "GET", bucket + "/key"));
        assertError(bed().call(other, "GET", bucket + "/key"), 403, "AccessDenied");
        assertError(bed().call(friend, "PUT", bucket + "/key"), 403, "AccessDenied");
    }

    @Test
    void refusesAKeyOfWhichKeystoneHoldsNoSecretAndNamesItToTheOperator() throws Exception {
        String token = CLOUD.logIn("alice", RealCloud.DOMAIN, "alpha", RealCloud.DOMAIN);
        Ec2Key useless = new Ec2Key(RealCloud.unique(), "secret", "", "");
        CLOUD.storeBlob(
                token, CLOUD.user("alice"), CLOUD.project("alpha"), "{\"access\":\"" + useless.access() + "\"}");

        assertError(bed().call(useless, "GET", "/"), 403, "InvalidAccessKeyId");
        assertThat(bed().log()).contains("cannot be used: its blob has no text field 'secret'");
    }
}
