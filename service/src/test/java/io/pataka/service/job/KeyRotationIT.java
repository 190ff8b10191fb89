package io.pataka.service.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.encryption.KeyRingFile;
import io.pataka.service.encryption.Ring;
import io.pataka.service.testing.Eventually;
import io.pataka.service.testing.KeyRings;
import io.pataka.service.testing.NewBucket;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Server;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** The key of SSE-S3 is changed while the server runs. */
final class KeyRotationIT {

    @RegisterExtension
    final S3Server server = S3Server.own();

    private Path file() {
        return server.settings().resolveSibling("keyring.yml");
    }

    private static void put(S3Client client, String bucket, String key, String text) {
        client.putObject(
                request -> request.bucket(bucket).key(key).serverSideEncryption(ServerSideEncryption.AES256),
                RequestBody.fromString(text));
    }

    private static String get(S3Client client, String bucket, String key) {
        return client.getObjectAsBytes(request -> request.bucket(bucket).key(key))
                .asString(UTF_8);
    }

    private void awaitWrapped(int count) throws Exception {
        Eventually.holds(
                count + " data keys are wrapped with the new key",
                () -> server.admin("/metrics").contains("pataka_encryption_rotation_wrapped " + count + ".0"));
    }

    @Test
    void theOldKeyMayGoWhenTheJobIsDone(S3Client client, @NewBucket String bucket) throws Exception {
        client.putBucketVersioning(
                request -> request.bucket(bucket).versioningConfiguration(versioning -> versioning.status("Enabled")));
        put(client, bucket, "k", "one");
        String first =
                client.headObject(request -> request.bucket(bucket).key("k")).versionId();
        put(client, bucket, "k", "two");
        String upload = client.createMultipartUpload(
                        request -> request.bucket(bucket).key("u").serverSideEncryption(ServerSideEncryption.AES256))
                .uploadId();
        String part = client.uploadPart(
                        request ->
                                request.bucket(bucket).key("u").uploadId(upload).partNumber(1),
                        RequestBody.fromString("part"))
                .eTag();

        Ring both =
                KeyRingFile.read(file()).with("second", KeyRings.randomKey()).activate("second");
        KeyRingFile.replace(file(), both);
        awaitWrapped(3);
        Ring alone = new Ring("second", Map.of("second", both.keys().get("second")));
        KeyRingFile.replace(file(), alone);
        // The server looks at the file at most once a second.
        Thread.sleep(1_100);

        assertThat(get(client, bucket, "k")).isEqualTo("two");
        assertThat(client.getObjectAsBytes(
                                request -> request.bucket(bucket).key("k").versionId(first))
                        .asString(UTF_8))
                .isEqualTo("one");
        client.completeMultipartUpload(request -> request.bucket(bucket)
                .key("u")
                .uploadId(upload)
                .multipartUpload(list -> list.parts(
                        CompletedPart.builder().partNumber(1).eTag(part).build())));
        assertThat(get(client, bucket, "u")).isEqualTo("part");
    }

    /** An operator can put the key back, so the object is not lost, and a client should repeat its request. */
    @Test
    void anObjectWhoseKeyIsNotThereIsUnavailableForNow(S3Connection wire, S3Client client, @NewBucket String bucket)
            throws Exception {
        put(client, bucket, "k", "text");
        Ring before = KeyRingFile.read(file());
        KeyRingFile.replace(file(), new Ring("other", Map.of("other", KeyRings.randomKey())));
        try {
            Eventually.holds(
                    "the key is not there",
                    () -> wire.call("GET", "/" + bucket + "/k").status() == 503);
            S3Connection.Reply reply = wire.call("GET", "/" + bucket + "/k");
            assertThat(reply.text()).contains("<Code>ServiceUnavailable</Code>");
            assertThat(reply.header("Retry-After")).contains("5");
            assertThat(wire.call("HEAD", "/" + bucket + "/k").status()).isEqualTo(200);
        } finally {
            KeyRingFile.replace(file(), before);
        }
        assertThat(get(client, bucket, "k")).isEqualTo("text");
    }
}
