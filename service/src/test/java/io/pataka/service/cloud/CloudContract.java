package io.pataka.service.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.keystone.testing.Ec2Key;
import io.pataka.keystone.testing.RealCloud;
import io.pataka.keystone.testing.RealCloud.Delegated;
import io.pataka.keystone.testing.RealKeystone;
import io.pataka.service.clients.ClientScript;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Reply;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** What a service with a real Keystone does in each {@code mode} of the middleware. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CloudContract {

    static final RealKeystone KEYSTONE = RealKeystone.shared();
    static final RealCloud CLOUD = KEYSTONE.cloud();

    private Path folder;
    private CloudTestBed bed;
    private Ec2Key madeByCommand;

    /** Added to the section {@code keystone}. */
    abstract Map<String, String> settings();

    /** The longest that a revoked key works. */
    abstract Duration lifetime();

    /** The error code for a caller who is known and not authorised. */
    abstract String unauthorised();

    final CloudTestBed bed() {
        return bed;
    }

    @BeforeAll
    final void start(@TempDir Path given) throws Exception {
        folder = given;
        Map<String, String> section = CloudTestBed.settingsFor(KEYSTONE);
        section.putAll(settings());
        bed = CloudTestBed.start(folder, section);
        madeByCommand = CLOUD.newKeyByCommand("alice", "alpha");
    }

    @AfterAll
    final void stop() {
        bed.close();
    }

    /** The key of a user and a project that no other test uses. */
    static Ec2Key newKey() {
        String project = CLOUD.newProject(RealCloud.unique());
        String user = CLOUD.newUser(RealCloud.unique());
        CLOUD.grant(user, project, "member");
        return CLOUD.newKey(user, project);
    }

    static void assertError(Reply reply, int status, String code) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(reply.text()).contains("<Code>" + code + "</Code>");
    }

    static void assertDone(Reply reply) {
        assertThat(reply.status()).as(reply.text()).isBetween(200, 299);
    }

    /** Makes a bucket with one object {@code key} in it. */
    final String bucketOf(Ec2Key owner) throws IOException {
        String bucket = "bucket-" + RealCloud.unique();
        assertDone(bed.call(owner, "PUT", "/" + bucket));
        assertDone(bed.call(owner, "PUT", "/" + bucket + "/key", "content"));
        return bucket;
    }

    /** Clients that this mode can serve. */
    Stream<ClientScript> clients() {
        return Stream.of(ClientScript.values());
    }

    @ParameterizedTest
    @MethodSource("clients")
    void everyClientWorksOverHttpsWithAKeyThatTheOpenstackCommandMade(ClientScript client) throws Exception {
        String bucket = client.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-" + RealCloud.unique();

        String said = client.run(bed.environment(madeByCommand), bucket, folder);

        assertThat(said).contains(bucket);
    }

    @Test
    void bucketsBelongToTheProject() throws Exception {
        Ec2Key alice = CLOUD.key("alice", "alpha");
        String bucket = bucketOf(alice);

        assertThat(bed.call(CLOUD.key("bob", "alpha"), "GET", "/").text())
                .contains("<ID>" + CLOUD.project("alpha") + "</ID>", bucket);
        assertThat(bed.call(CLOUD.key("alice", "beta"), "GET", "/").text())
                .contains("<ID>" + CLOUD.project("beta") + "</ID>")
                .doesNotContain(bucket);
    }

    @Test
    void takesAPresignedLinkOfAKeyThatIsColdAndOfOneThatIsWarm() throws Exception {
        Ec2Key owner = newKey();
        String bucket = bucketOf(owner);
        Ec2Key cold = CLOUD.newKey(owner.userId(), owner.projectId());

        for (String state : new String[] {"cold", "warm"}) {
            HttpResponse<String> found = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(linkTo(bucket, cold)).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(found.statusCode()).as(state).isEqualTo(200);
            assertThat(found.body()).isEqualTo("content");
        }
    }

    private URI linkTo(String bucket, Ec2Key key) throws Exception {
        try (S3Presigner presigner = S3Presigner.builder()
                .endpointOverride(bed.http())
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(key.access(), key.secret())))
                .serviceConfiguration(
                        S3Configuration.builder().pathStyleAccessEnabled(true).build())
                .build()) {
            return presigner
                    .presignGetObject(link -> link.signatureDuration(Duration.ofMinutes(5))
                            .getObjectRequest(get -> get.bucket(bucket).key("key")))
                    .url()
                    .toURI();
        }
    }

    @Test
    void aReaderReadsAndChangesNothing() throws Exception {
        String bucket = bucketOf(CLOUD.key("alice", "alpha"));
        assertReadsAndChangesNothing(CLOUD.key("bob", "alpha"), bucket);
    }

    private void assertReadsAndChangesNothing(Ec2Key reader, String bucket) throws IOException {
        assertThat(bed.call(reader, "GET", "/" + bucket + "/key").text()).isEqualTo("content");
        assertDone(bed.call(reader, "GET", "/" + bucket));
        assertError(bed.call(reader, "PUT", "/" + bucket + "/key", "changed"), 403, "AccessDenied");
        assertError(bed.call(reader, "DELETE", "/" + bucket + "/key"), 403, "AccessDenied");
        assertError(bed.call(reader, "PUT", "/bucket-" + RealCloud.unique()), 403, "AccessDenied");
        assertError(bed.call(reader, "DELETE", "/" + bucket), 403, "AccessDenied");
        assertThat(bed.call(reader, "GET", "/" + bucket + "/key").text()).isEqualTo("content");
    }

    @Test
    void refusesAKeyThatNamesAProjectWhereItsUserHasNoRole() throws Exception {
        String bucket = bucketOf(CLOUD.key("alice", "alpha"));
        Ec2Key claimed = CLOUD.newKey(CLOUD.user("carol"), CLOUD.project("alpha"));

        assertError(bed.call(claimed, "GET", "/" + bucket + "/key"), 403, unauthorised());
        assertError(bed.call(claimed, "GET", "/"), 403, unauthorised());
    }

    @Test
    void refusesAUserOfAnotherProject() throws Exception {
        String bucket = bucketOf(CLOUD.key("alice", "alpha"));
        Ec2Key carol = CLOUD.key("carol", "beta");

        assertError(bed.call(carol, "GET", "/" + bucket + "/key"), 403, "AccessDenied");
        assertError(bed.call(carol, "GET", "/" + bucket), 403, "AccessDenied");
        assertError(bed.call(carol, "PUT", "/" + bucket + "/key", "mine"), 403, "AccessDenied");
        // The same user, with a key for her other project.
        assertError(bed.call(CLOUD.key("alice", "beta"), "GET", "/" + bucket + "/key"), 403, "AccessDenied");
    }

    @Test
    void refusesACallerWithNoneOfTheRolesOfTheSettings() throws Exception {
        String user = CLOUD.newUser(RealCloud.unique());
        CLOUD.grant(user, CLOUD.project("alpha"), "service");

        assertError(bed.call(CLOUD.newKey(user, CLOUD.project("alpha")), "GET", "/"), 403, "AccessDenied");
    }

    @Test
    void aTrustsKeyHasItsDelegatedRoleOnly() throws Exception {
        String bucket = bucketOf(CLOUD.key("alice", "alpha"));
        Delegated delegated = CLOUD.newTrustKey("alice", "bob", "alpha", "reader");

        assertReadsAndChangesNothing(delegated.key(), bucket);
        delegated.takeBack().run();
        assertRefusedFromNowOn(delegated.key());
    }

    @Test
    void anApplicationCredentialsKeyHasItsDelegatedRoleOnly() throws Exception {
        String bucket = bucketOf(CLOUD.key("alice", "alpha"));
        Delegated delegated = CLOUD.newApplicationCredentialKey("alice", "alpha", "reader");

        assertReadsAndChangesNothing(delegated.key(), bucket);
        delegated.takeBack().run();
        assertRefusedFromNowOn(delegated.key());
    }

    @Test
    void distinguishesAWrongSecretFromAnUnknownKey() throws Exception {
        Ec2Key key = CLOUD.key("alice", "alpha");

        assertError(bed.call(key.withSecret("wrong"), "GET", "/"), 403, "SignatureDoesNotMatch");
        assertError(bed.call(new Ec2Key(RealCloud.unique(), "secret", "", ""), "GET", "/"), 403, "InvalidAccessKeyId");
    }

    @Test
    void takesKeysThatUsersChose() throws Exception {
        String token = CLOUD.logIn("alice", RealCloud.DOMAIN, "alpha", RealCloud.DOMAIN);
        Ec2Key chosen = new Ec2Key(
                "my/key+=" + RealCloud.unique(), "any/STRING+= \u043a\u043b\u044e\u0447", CLOUD.user("alice"), "");
        CLOUD.storeBlob(
                token,
                CLOUD.user("alice"),
                CLOUD.project("alpha"),
                "{\"access\":\"" + chosen.access() + "\",\"secret\":\"" + chosen.secret() + "\"}");

        assertDone(bed.call(chosen, "GET", "/"));
    }

    @Test
    void takesLocalKeysBesideThoseOfKeystone() throws Exception {
        try (S3Connection connection = bed.connect(CloudTestBed.LOCAL)) {
            assertDone(connection.call("GET", "/"));
        }
    }

    @Test
    void refusesAKeyWhoseUserLostItsRole() throws Exception {
        Ec2Key key = newKey();
        assertDone(bed.call(key, "GET", "/"));
        CLOUD.revoke(key.userId(), key.projectId(), "member");
        assertRefusedFromNowOn(key);
    }

    @Test
    void refusesADisabledProject() throws Exception {
        Ec2Key key = newKey();
        assertDone(bed.call(key, "GET", "/"));
        CLOUD.enableProject(key.projectId(), false);
        assertRefusedFromNowOn(key);
    }

    @Test
    void refusesADisabledUser() throws Exception {
        Ec2Key key = newKey();
        assertDone(bed.call(key, "GET", "/"));
        CLOUD.enableUser(key.userId(), false);
        assertRefusedFromNowOn(key);
    }

    @Test
    void refusesADeletedUser() throws Exception {
        Ec2Key key = newKey();
        assertDone(bed.call(key, "GET", "/"));
        CLOUD.deleteUser(key.userId());
        assertRefusedFromNowOn(key);
    }

    @Test
    void refusesADeletedCredential() throws Exception {
        Ec2Key key = newKey();
        assertDone(bed.call(key, "GET", "/"));
        CLOUD.deleteKey(key);
        assertRefusedFromNowOn(key);
    }

    @Test
    void takesAChangedSecretAtOnceAndRefusesTheOldOne() throws Exception {
        Ec2Key old = newKey();
        assertDone(bed.call(old, "GET", "/"));
        Ec2Key changed = CLOUD.changeSecret(old, "another secret");
        assertDone(bed.call(changed, "GET", "/"));
        assertRefusedFromNowOn(old);
    }

    /** Requests that begin later than the lifetime from now are answered 403, and none is answered otherwise than 200 or 403. */
    final void assertRefusedFromNowOn(Ec2Key key) throws Exception {
        long revoked = System.nanoTime();
        long end = revoked + Duration.ofMinutes(1).toNanos();
        while (System.nanoTime() < end) {
            long begun = System.nanoTime();
            Reply reply = bed.call(key, "GET", "/");
            if (reply.status() == 403) {
                return;
            }
            assertThat(reply.status()).as(reply.text()).isEqualTo(200);
            assertThat(begun - revoked)
                    .as("granted after the lifetime")
                    .isLessThan(lifetime().toNanos());
            Thread.sleep(50);
        }
        throw new AssertionError("never refused");
    }
}
