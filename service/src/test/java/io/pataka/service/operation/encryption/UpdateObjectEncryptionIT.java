package io.pataka.service.operation.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.testing.KeyRings;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The key of an object is changed by Amazon's client. */
class UpdateObjectEncryptionIT {

    @TempDir
    private Path folder;

    @Test
    void theClientSeesTheNewKeyAndTheSameObject() throws Exception {
        Path keys = folder.resolve("kms.yml");
        Files.createFile(keys, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(keys, key("testkey-1") + key("testkey-2"));
        Path ring = folder.resolve("keyring.yml");
        KeyRings.readOrCreate(ring);
        String settings = "encryption: {keyRing: '" + ring + "', requireTls: false, kms: {keysFile: '" + keys + "'}}";
        try (S3Server server = S3Server.own(settings).start();
                S3Connection wire = server.connect();
                S3Client client = server.client()) {
            client.createBucket(request -> request.bucket("keys"));
            client.putObject(
                    request -> request.bucket("keys").key("k").serverSideEncryption("AES256"),
                    RequestBody.fromString("content"));
            HeadObjectResponse before =
                    client.headObject(request -> request.bucket("keys").key("k"));

            update(client, "testkey-1");
            update(client, "testkey-2");

            HeadObjectResponse after =
                    client.headObject(request -> request.bucket("keys").key("k"));
            assertThat(after.ssekmsKeyId()).isEqualTo("testkey-2");
            assertThat(after.eTag()).isEqualTo(before.eTag());
            assertThat(after.lastModified()).isEqualTo(before.lastModified());
            Reply got = wire.call("GET", "/keys/k");
            assertThat(got.text()).isEqualTo("content");
            assertThatThrownBy(() -> update(client, "absent"))
                    .isInstanceOfSatisfying(
                            S3Exception.class,
                            refused -> assertThat(refused.awsErrorDetails().errorCode())
                                    .isEqualTo("KMS.NotFoundException"));
        }
    }

    private static void update(S3Client client, String key) {
        client.updateObjectEncryption(request -> request.bucket("keys")
                .key("k")
                .objectEncryption(encryption -> encryption.ssekms(kms -> kms.kmsKeyArn(key))));
    }

    private static String key(String id) {
        return id + ": " + Base64.getEncoder().encodeToString(DigestUtils.sha256(id)) + "\n";
    }
}
