package io.pataka.service.cloud;

import static io.pataka.service.cloud.CloudContract.assertDone;
import static io.pataka.service.cloud.CloudContract.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.pataka.keystone.testing.Ec2Key;
import io.pataka.keystone.testing.RealBarbican;
import io.pataka.keystone.testing.RealCloud;
import io.pataka.keystone.testing.RealKeystone;
import io.pataka.service.clients.ClientScript;
import io.pataka.service.http.AccessLog;
import io.pataka.service.testing.Eventually;
import io.pataka.service.testing.S3Connection.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** SSE-KMS with keys of tenants in a real Barbican, over HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BarbicanIT {

    private static final Logger ACCESS_LOG = (Logger) LoggerFactory.getLogger(AccessLog.LOGGER);

    private static final RealKeystone KEYSTONE = RealKeystone.shared();
    private static final RealBarbican BARBICAN = RealBarbican.shared();
    private static final RealCloud CLOUD = KEYSTONE.cloud();

    private static final Ec2Key ALICE = CLOUD.key("alice", "alpha");
    private static final Ec2Key CAROL = CLOUD.key("carol", "beta");

    /** The commands of a tenant, in the section of README.md about them. */
    private static final Pattern COMMANDS = Pattern.compile(
            "\\*\\*Encryption with a key of your project\\*\\*.*?\\n\\n((?:    [^\\n]*\\n)+)", Pattern.DOTALL);

    private Path folder;
    private CloudTestBed bed;

    @BeforeAll
    void start(@TempDir Path given) throws Exception {
        folder = given;
        bed = CloudTestBed.start(folder, CloudTestBed.settingsFor(KEYSTONE), encryption("30s"));
    }

    /** Refusals are asked again at once. */
    private static String encryption(String timeout) {
        return """
            encryption:
              requireTls: false
              kms:
                barbican: {url: '%s', timeout: %s, cacheLifetime: 10m, refusalLifetime: 0s}
            """.formatted(BARBICAN.url(), timeout);
    }

    @AfterAll
    void stop() {
        bed.close();
    }

    private static UUID newKey(int length, String project) {
        String token = CLOUD.token("alice", "alpha");
        byte[] payload = new byte[length];
        new Random(length).nextBytes(payload);
        UUID id = BARBICAN.newSecret(token, payload);
        BARBICAN.share(token, id);
        BARBICAN.describe(token, id, "s3-project", project);
        return id;
    }

    private static UUID keyOfAlpha() {
        return newKey(32, CLOUD.project("alpha"));
    }

    private static Map<String, String> with(UUID key) {
        return Map.of(
                "x-amz-server-side-encryption",
                "aws:kms",
                "x-amz-server-side-encryption-aws-kms-key-id",
                key.toString());
    }

    private String newBucket(CloudTestBed server, Ec2Key owner) throws Exception {
        String bucket = "bucket-" + RealCloud.unique();
        assertDone(server.call(owner, "PUT", "/" + bucket));
        return bucket;
    }

    @Test
    void aTenantEncryptsWithTheCommandsOfTheReadme() throws Exception {
        assertDone(bed.call(ALICE, "PUT", "/my-bucket"));
        Matcher readme = COMMANDS.matcher(Files.readString(Path.of("../README.md")));
        assertThat(readme.find()).isTrue();
        Map<String, String> environment = new HashMap<>(bed.environment(ALICE));
        environment.putAll(CLOUD.environment("alice", "alpha"));
        environment.put("PATAKA_USER_ID", CLOUD.user(RealCloud.SERVICE_USER));
        environment.put("AWS_DEFAULT_REGION", "us-east-1");

        String said = ClientScript.paste(
                "set -eux; cd; echo 'my content' >my-file\n" + readme.group(1)
                        + "aws --endpoint-url \"$AWS_ENDPOINT_URL\" s3 cp s3://my-bucket/my-file copy && cmp my-file copy\n"
                        + "/usr/bin/python3 -c \"import boto3, os; print('boto3', boto3.client('s3', endpoint_url="
                        + "os.environ['AWS_ENDPOINT_URL']).get_object(Bucket='my-bucket', Key='my-file')['SSEKMSKeyId'])\"",
                environment,
                "readme",
                folder);

        Matcher key = Pattern.compile("(?m)^boto3 ([0-9a-f-]{36})$").matcher(said);
        assertThat(key.find()).as(said).isTrue();
        Reply head = bed.call(CLOUD.key("bob", "alpha"), "HEAD", "/my-bucket/my-file");
        assertThat(head.header("x-amz-server-side-encryption")).contains("aws:kms");
        assertThat(head.header("x-amz-server-side-encryption-aws-kms-key-id")).contains(key.group(1));
        assertThat(bed.call(CLOUD.key("bob", "alpha"), "GET", "/my-bucket/my-file")
                        .text())
                .isEqualTo("my content\n");
    }

    @Test
    void aKeyOfAnotherTenantEncryptsNothing() throws Exception {
        UUID ofAlpha = keyOfAlpha();
        String bucket = newBucket(bed, CAROL);

        assertError(bed.call(CAROL, "PUT", "/" + bucket + "/key", with(ofAlpha), "content"), 403, "AccessDenied");
        assertError(bed.call(CAROL, "GET", "/" + bucket + "/key"), 404, "NoSuchKey");
    }

    /** The project of the bucket decides, not that of the caller, whom the bucket's policy may let in. */
    @Test
    void aTenantDoesNotEncryptWithItsOwnKeyInTheBucketOfAnother() throws Exception {
        UUID ofAlpha = keyOfAlpha();
        String bucket = newBucket(bed, CAROL);
        assertDone(bed.call(CAROL, "PUT", "/" + bucket + "?policy=", """
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::%s:root"},
                 "Action": "s3:PutObject", "Resource": "arn:aws:s3:::%s/*"}]}""".formatted(CLOUD.project("alpha"), bucket)));

        assertDone(bed.call(ALICE, "PUT", "/" + bucket + "/plain", "content"));
        assertError(bed.call(ALICE, "PUT", "/" + bucket + "/key", with(ofAlpha), "content"), 403, "AccessDenied");
    }

    @Test
    void refusesKeysThatAreNotSharedOrMissingOrHaveAnotherSize() throws Exception {
        String bucket = newBucket(bed, ALICE);
        UUID notShared = BARBICAN.newSecret(CLOUD.token("alice", "alpha"), new byte[32]);
        UUID missing = UUID.randomUUID();
        UUID tooLong = newKey(33, CLOUD.project("alpha"));

        assertError(bed.call(ALICE, "PUT", "/" + bucket + "/key", with(notShared), "content"), 403, "AccessDenied");
        assertError(
                bed.call(ALICE, "PUT", "/" + bucket + "/key", with(missing), "content"), 400, "KMS.NotFoundException");
        assertError(bed.call(ALICE, "PUT", "/" + bucket + "/key", with(tooLong), "content"), 400, "InvalidArgument");

        assertError(bed.call(ALICE, "GET", "/" + bucket + "/key"), 404, "NoSuchKey");
    }

    /** Servers in one JVM share the log, which is that of the last one. */
    @Test
    void theLogHasWhyAKeyIsRefusedAndNoSecret(@TempDir Path other) throws Exception {
        byte[] payload = new byte[33];
        new Random(33).nextBytes(payload);
        try (CloudTestBed server = bed.sibling(other, encryption("30s"))) {
            ACCESS_LOG.setLevel(Level.INFO);
            String bucket = newBucket(server, CAROL);
            UUID notShared = BARBICAN.newSecret(CLOUD.token("alice", "alpha"), new byte[32]);
            UUID missing = UUID.randomUUID();
            UUID ofAlpha = keyOfAlpha();
            UUID tooLong = newKey(33, CLOUD.project("beta"));
            for (UUID key : new UUID[] {notShared, missing, ofAlpha, tooLong}) {
                server.call(CAROL, "PUT", "/" + bucket + "/key", with(key), "content");
            }

            Eventually.holds("the last refusal was logged", () -> server.log().contains(tooLong + " in Barbican has"));
            assertThat(server.log())
                    .contains(
                            "does not let service user 'pataka' read secret " + notShared,
                            "Barbican has no secret " + missing,
                            "the user metadata s3-project of the key " + ofAlpha
                                    + " in Barbican does not name the project " + CLOUD.project("beta"),
                            "the key " + tooLong + " in Barbican has 33 bytes, not 32")
                    .doesNotContain(Base64.getEncoder().encodeToString(payload))
                    .doesNotContain(HexFormat.of().formatHex(payload));
        } finally {
            ACCESS_LOG.setLevel(null);
        }
    }

    /** Another server has not cached the key. */
    @Test
    void doesNotReadObjectsWhoseKeyWasWithdrawnOrDeleted(@TempDir Path other) throws Exception {
        String token = CLOUD.token("alice", "alpha");
        UUID withdrawn = keyOfAlpha();
        UUID deleted = keyOfAlpha();
        String bucket = newBucket(bed, ALICE);
        assertDone(bed.call(ALICE, "PUT", "/" + bucket + "/withdrawn", with(withdrawn), "content"));
        assertDone(bed.call(ALICE, "PUT", "/" + bucket + "/deleted", with(deleted), "content"));

        BARBICAN.withdraw(token, withdrawn);
        BARBICAN.delete(token, deleted);
        assertThat(bed.call(ALICE, "GET", "/" + bucket + "/deleted").text())
                .as("cached")
                .isEqualTo("content");
        try (CloudTestBed cold = bed.sibling(other, encryption("30s"))) {
            assertError(cold.call(ALICE, "GET", "/" + bucket + "/withdrawn"), 403, "AccessDenied");
            assertError(cold.call(ALICE, "GET", "/" + bucket + "/deleted"), 400, "KMS.NotFoundException");
            assertThat(cold.call(ALICE, "HEAD", "/" + bucket + "/deleted").status())
                    .as("asks for no key")
                    .isEqualTo(200);
            BARBICAN.share(token, withdrawn);
            assertThat(cold.call(ALICE, "GET", "/" + bucket + "/withdrawn").text())
                    .isEqualTo("content");
        }
    }

    private enum Outage {
        DEAD {
            @Override
            void begin() {
                BARBICAN.kill();
            }

            @Override
            void end() {
                BARBICAN.restart();
            }
        },
        FROZEN {
            @Override
            void begin() {
                BARBICAN.freeze();
            }

            @Override
            void end() {
                BARBICAN.thaw();
            }
        };

        abstract void begin();

        abstract void end();
    }

    @ParameterizedTest
    @EnumSource
    void usesCachedKeysAndIsUnavailableForOthersWhileBarbicanIs(Outage outage, @TempDir Path other) throws Exception {
        try (CloudTestBed server = bed.sibling(other, encryption("3s"))) {
            UUID warm = keyOfAlpha();
            UUID cold = keyOfAlpha();
            String bucket = newBucket(server, ALICE);
            String warmObject = "/" + bucket + "/warm";
            String coldObject = "/" + bucket + "/cold";
            assertDone(bed.call(ALICE, "PUT", coldObject, with(cold), "content"));
            Eventually.holds(
                    "a busy Barbican answered in time",
                    () -> server.call(ALICE, "PUT", warmObject, with(warm), "content")
                                    .status()
                            == 200);

            outage.begin();
            try {
                for (Reply reply : new Reply[] {
                    server.call(ALICE, "GET", coldObject),
                    server.call(ALICE, "PUT", "/" + bucket + "/new", with(cold), "content")
                }) {
                    assertError(reply, 503, "ServiceUnavailable");
                    assertThat(reply.header("Retry-After")).isPresent();
                }
                assertThat(server.call(ALICE, "HEAD", coldObject).status()).isEqualTo(200);
                assertThat(server.call(ALICE, "GET", warmObject).text()).isEqualTo("content");
                assertDone(server.call(ALICE, "PUT", "/" + bucket + "/another", with(warm), "content"));
                assertThat(server.admin("/healthcheck").body()).contains("\"barbican\":{\"healthy\":false");
            } finally {
                outage.end();
            }
            Eventually.holds(
                    "Barbican is asked again",
                    () -> server.call(ALICE, "GET", coldObject).text().equals("content"));
            assertThat(server.call(ALICE, "GET", "/" + bucket + "/new").status())
                    .as("nothing was stored")
                    .isEqualTo(404);
            assertThat(server.admin("/healthcheck").body()).contains("\"barbican\":{\"healthy\":true");
        }
    }

    @Test
    void theOperatorSeesCallsAndCachedKeys() throws Exception {
        String bucket = newBucket(bed, ALICE);
        assertDone(bed.call(ALICE, "PUT", "/" + bucket + "/key", with(keyOfAlpha()), "content"));

        assertThat(bed.sum("pataka_barbican_call_secret_payload", "_count")).isPositive();
        assertThat(bed.sum("pataka_barbican_cache_keys", "")).isPositive();
        assertThat(bed.sum("pataka_barbican_outcome_ok", "_total")).isPositive();
        assertThat(bed.admin("/healthcheck").body()).contains("\"barbican\":{\"healthy\":true");
    }
}
