package io.pataka.service.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.testing.Eventually;
import io.pataka.service.testing.NewBucket;
import io.pataka.service.testing.S3Server;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Rules are carried out by the server, whose days have 24 hours. */
final class LifecycleSweepIT {

    @RegisterExtension
    final S3Server server = S3Server.own();

    private static void expire(S3Client client, String bucket, String prefix) {
        LifecycleRule rule = LifecycleRule.builder()
                .id("past")
                .status(ExpirationStatus.ENABLED)
                .filter(filter -> filter.prefix(prefix))
                .expiration(expiration -> expiration.date(Instant.parse("2020-01-01T00:00:00Z")))
                .build();
        client.putBucketLifecycleConfiguration(
                request -> request.bucket(bucket).lifecycleConfiguration(rules -> rules.rules(rule)));
    }

    private static void awaitKeys(S3Client client, String bucket, String... keys) throws Exception {
        Eventually.holds(
                "other objects are gone",
                () -> client.listObjectsV2(request -> request.bucket(bucket)).contents().stream()
                        .map(S3Object::key)
                        .toList()
                        .equals(List.of(keys)));
    }

    @Test
    void aChangeOfTheRulesActsWithoutWaitingForTheNextDay(S3Client client, @NewBucket String bucket) throws Exception {
        for (String key : new String[] {"a", "b", "c"}) {
            client.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromString(key));
        }
        expire(client, bucket, "a");
        awaitKeys(client, bucket, "b", "c");
        expire(client, bucket, "b");
        awaitKeys(client, bucket, "c");

        assertThat(server.admin("/metrics"))
                .contains(
                        "pataka_lifecycle_removed 2.0",
                        "pataka_lifecycle_marked 0.0",
                        "pataka_lifecycle_locked 0.0",
                        "pataka_lifecycle_failed 0.0",
                        "pataka_lifecycle_lag ",
                        "pataka_lifecycle_seen ");
    }
}
