package io.pataka.service.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.keystone.testing.Ec2Key;
import io.pataka.service.clients.ClientScript;
import io.pataka.service.testing.AccessKeys;
import io.pataka.service.testing.TopicClient;
import io.pataka.service.testing.TopicClient.Reply;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** In mode {@code ask}: nothing is remembered, so what is revoked is refused at once. */
final class AskingCloudIT extends CloudContract {

    @Override
    Map<String, String> settings() {
        return Map.of("mode", "ask", "ask_sigv2", "true");
    }

    @Override
    Duration lifetime() {
        return Duration.ZERO;
    }

    /** To Keystone this is the same as a wrong signature. */
    @Override
    String unauthorised() {
        return "SignatureDoesNotMatch";
    }

    @Override
    Stream<ClientScript> clients() {
        return super.clients().filter(client -> !client.signsForSns());
    }

    @Test
    void refusesSignaturesForSnsWhichKeystoneDoesNotCheck() throws Exception {
        Ec2Key key = newKey();
        AccessKeys keys = new AccessKeys(key.access(), key.secret());

        Reply refused = new TopicClient(bed().http(), keys, "sns").call("ListTopics");

        assertThat(refused.status()).isEqualTo(501);
        assertThat(refused.element("Code")).isEqualTo("NotImplemented");
        assertThat(refused.element("Message")).contains("for the service s3");
        assertThat(new TopicClient(bed().http(), keys, "s3").call("ListTopics").status())
                .isEqualTo(200);
    }

    @Test
    void asksForEveryRequestAndHoldsNoSecret() throws Exception {
        Ec2Key key = CLOUD.key("alice", "alpha");
        assertDone(bed().call(key, "GET", "/"));
        long before = bed().keystoneCalls();

        for (int i = 0; i < 3; i++) {
            assertDone(bed().call(key, "GET", "/"));
        }

        assertThat(bed().keystoneCalls() - before).isEqualTo(3);
        assertThat(bed().sum("pataka_keystone_cache_keys", "")).isZero();
    }

    @Test
    void refusesSignedChunksAndSaysWhatToSendInstead() throws Exception {
        Ec2Key owner = newKey();
        String bucket = bucketOf(owner);

        try (ChunkedUploads uploads =
                ChunkedUploads.to(bed().http(), owner, RequestChecksumCalculation.WHEN_REQUIRED)) {
            assertThatThrownBy(() -> uploads.put(bucket, "chunked", new ByteArrayInputStream(new byte[10]), 10))
                    .isInstanceOfSatisfying(S3Exception.class, refused -> {
                        assertThat(refused.statusCode()).isEqualTo(501);
                        assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("NotImplemented");
                        assertThat(refused.awsErrorDetails().errorMessage()).contains("UNSIGNED-PAYLOAD");
                    });
        }
        assertError(bed().call(owner, "GET", "/" + bucket + "/chunked"), 404, "NoSuchKey");
    }
}
