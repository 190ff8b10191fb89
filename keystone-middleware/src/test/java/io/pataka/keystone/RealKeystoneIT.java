package io.pataka.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.keystone.KeystoneMetrics.Call;
import io.pataka.keystone.Resolution.Granted;
import io.pataka.keystone.Resolution.Outage;
import io.pataka.keystone.Resolution.Reason;
import io.pataka.keystone.Resolution.Refused;
import io.pataka.keystone.Resolution.Unavailable;
import io.pataka.keystone.testing.CallCounter;
import io.pataka.keystone.testing.Ec2Key;
import io.pataka.keystone.testing.RealCloud;
import io.pataka.keystone.testing.RealCloud.Delegated;
import io.pataka.keystone.testing.RealKeystone;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RealKeystoneIT {

    private static RealKeystone keystone;
    private static RealCloud cloud;

    private final CallCounter calls = new CallCounter();
    private final List<KeystoneConnection> opened = new ArrayList<>();

    @BeforeAll
    static void startKeystone() {
        keystone = RealKeystone.shared();
        cloud = keystone.cloud();
    }

    @AfterEach
    void closeConnections() {
        opened.forEach(KeystoneConnection::close);
    }

    private KeystoneConnection open(KeystoneSettings.Builder settings) {
        KeystoneConnection connection = KeystoneConnection.open(settings.build(), calls);
        opened.add(connection);
        return connection;
    }

    private CredentialResolver cached() {
        return open(keystone.settings()).resolver();
    }

    private CredentialResolver cachedFor(Duration lifetime) {
        return open(keystone.settings().cacheLifetime(lifetime).cacheMissLifetime(Duration.ofMillis(200)))
                .resolver();
    }

    private CredentialResolver asking() {
        return open(keystone.settings().mode(KeystoneSettings.Mode.ASK).askSigv2(true))
                .resolver();
    }

    private static KeystoneIdentity granted(Resolution resolution) {
        assertThat(resolution).isInstanceOf(Granted.class);
        return ((Granted) resolution).credential().identity();
    }

    private static Reason refused(Resolution resolution) {
        assertThat(resolution).isInstanceOf(Refused.class);
        return ((Refused) resolution).reason();
    }

    /** Asks until the answer is a refusal; a grant to a request that begins after the lifetime is a failure. */
    private static Reason refusedWithin(Duration lifetime, CredentialResolver resolver, Ec2Key key) throws Exception {
        long revoked = System.nanoTime();
        long end = revoked + Duration.ofMinutes(2).toNanos();
        while (System.nanoTime() < end) {
            long begun = System.nanoTime();
            Resolution answer = resolver.resolve(key.signV4());
            if (answer instanceof Refused refused) {
                return refused.reason();
            }
            if (answer instanceof Granted) {
                assertThat(begun - revoked).as("granted after the lifetime").isLessThan(lifetime.toNanos());
            }
            Thread.sleep(50);
        }
        throw new AssertionError("Keystone did not answer");
    }

    @Test
    void namesUserProjectAndRolesOfAColdKeyAndAsksNothingWhenItIsWarm() {
        CredentialResolver resolver = cached();
        Ec2Key key = cloud.key("alice", "alpha");
        granted(resolver.resolve(cloud.key("carol", "beta").signV4()));
        long before = calls.allCalls();

        KeystoneIdentity identity = granted(resolver.resolve(key.signV4()));

        assertThat(calls.allCalls() - before).isLessThanOrEqualTo(3);
        assertThat(identity.user().name()).isEqualTo("alice");
        assertThat(identity.user().domainName()).isEqualTo(RealCloud.DOMAIN);
        assertThat(identity.project().id()).isEqualTo(cloud.project("alpha"));
        assertThat(identity.project().name()).isEqualTo("alpha");
        assertThat(identity.roles()).contains("member", "reader");
        assertThat(identity.delegated()).isFalse();

        long cold = calls.allCalls();
        for (int i = 0; i < 100; i++) {
            granted(resolver.resolve(key.signV4()));
        }
        assertThat(calls.allCalls()).isEqualTo(cold);
    }

    @Test
    void takesAKeyThatItsOwnerHasJustMadeOnTheCommandLine() {
        CredentialResolver resolver = cached();
        Ec2Key key = cloud.newKeyByCommand("alice", "beta");
        assertThat(granted(resolver.resolve(key.signV4())).project().name()).isEqualTo("beta");
    }

    @Test
    void tellsAReaderFromAMember() {
        assertThat(granted(cached().resolve(cloud.key("bob", "alpha").signV4())).roles())
                .containsExactly("reader");
    }

    @Test
    void takesVersion2SignaturesInBothModes() {
        Ec2Key key = cloud.key("alice", "beta");
        assertThat(granted(cached().resolve(key.signV2())).project().name()).isEqualTo("beta");
        assertThat(granted(asking().resolve(key.signV2())).project().name()).isEqualTo("beta");
    }

    @Test
    void asksKeystoneEachTimeInModeAskAndHoldsNoSecret() {
        CredentialResolver resolver = asking();
        Ec2Key key = cloud.key("alice", "alpha");

        Resolution first = resolver.resolve(key.signV4());
        granted(first);
        granted(resolver.resolve(key.signV4()));

        assertThat(((Granted) first).credential().secret()).isEmpty();
        assertThat(calls.calls(Call.S3TOKENS)).isEqualTo(2);
        assertThat(calls.calls(Call.CREDENTIAL)).isZero();
        assertThat(refused(resolver.resolve(key.withSecret("wrong").signV4()))).isEqualTo(Reason.SIGNATURE_MISMATCH);
        assertThat(refused(resolver.resolve(new Ec2Key("nobody", "x", "", "").signV4())))
                .isEqualTo(Reason.UNKNOWN_ACCESS_KEY);
        assertThat(refused(resolver.resolve(key.signV4("eyJwb2xpY3kiOnt9fQ=="))))
                .isEqualTo(Reason.FORM_NOT_SUPPORTED);
    }

    @Test
    void refusesAWrongSignatureAndAnUnknownKey() {
        CredentialResolver resolver = cached();
        assertThat(refused(resolver.resolve(
                        cloud.key("alice", "alpha").withSecret("wrong").signV4())))
                .isEqualTo(Reason.SIGNATURE_MISMATCH);
        assertThat(refused(resolver.resolve(new Ec2Key(RealCloud.unique(), "x", "", "").signV4())))
                .isEqualTo(Reason.UNKNOWN_ACCESS_KEY);
    }

    @Test
    void refusesACredentialNamingAProjectWhereItsUserHasNoRole() {
        Ec2Key key = cloud.newKey(cloud.user("carol"), cloud.project("alpha"));
        assertThat(refused(cached().resolve(key.signV4()))).isEqualTo(Reason.NOT_AUTHORISED);
        assertThat(calls.calls(Call.S3TOKENS) + calls.calls(Call.CREDENTIAL)).isLessThanOrEqualTo(3);
    }

    @Test
    void takesKeysOfAnyFormThatUsersChoose() {
        String token = cloud.logIn("alice", RealCloud.DOMAIN, "alpha", RealCloud.DOMAIN);
        String access = "AKID chosen/ü%00\"" + RealCloud.unique();
        String secret = "any/STRING+=\" ключ";
        Ec2Key key = new Ec2Key(access, secret, cloud.user("alice"), cloud.project("alpha"));
        String blob = "{\"access\":\"" + access.replace("\"", "\\\"") + "\",\"secret\":\""
                + secret.replace("\"", "\\\"") + "\"}";
        cloud.storeBlob(token, key.userId(), key.projectId(), blob);

        assertThat(granted(cached().resolve(key.signV4())).user().name()).isEqualTo("alice");
    }

    @Test
    void refusesWhatWasRevokedWithinTheLifetime() throws Exception {
        Duration lifetime = Duration.ofSeconds(2);
        CredentialResolver resolver = cachedFor(lifetime);
        String project = cloud.newProject(RealCloud.unique());
        String user = cloud.newUser(RealCloud.unique());
        cloud.grant(user, project, "member");
        Ec2Key key = cloud.newKey(user, project);
        granted(resolver.resolve(key.signV4()));

        cloud.revoke(user, project, "member");
        assertThat(refusedWithin(lifetime, resolver, key)).isEqualTo(Reason.NOT_AUTHORISED);
        cloud.grant(user, project, "member");
        assertEventuallyGranted(resolver, key);

        cloud.enableProject(project, false);
        assertThat(refusedWithin(lifetime, resolver, key)).isEqualTo(Reason.NOT_AUTHORISED);
        cloud.enableProject(project, true);
        assertEventuallyGranted(resolver, key);

        cloud.enableUser(user, false);
        assertThat(refusedWithin(lifetime, resolver, key)).isEqualTo(Reason.NOT_AUTHORISED);
        cloud.enableUser(user, true);
        assertEventuallyGranted(resolver, key);

        Ec2Key other = cloud.newKey(user, project);
        granted(resolver.resolve(other.signV4()));
        cloud.deleteKey(key);
        assertThat(refusedWithin(lifetime, resolver, key)).isEqualTo(Reason.UNKNOWN_ACCESS_KEY);

        cloud.deleteUser(user);
        assertThat(refusedWithin(lifetime, resolver, other)).isEqualTo(Reason.UNKNOWN_ACCESS_KEY);
    }

    private static void assertEventuallyGranted(CredentialResolver resolver, Ec2Key key) throws Exception {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        Resolution answer = resolver.resolve(key.signV4());
        while (!(answer instanceof Granted) && System.nanoTime() < end) {
            Thread.sleep(50);
            answer = resolver.resolve(key.signV4());
        }
        granted(answer);
    }

    @Test
    void takesAChangedSecretAtOnceAndTheOldOneNoLongerThanTheLifetime() throws Exception {
        Duration lifetime = Duration.ofSeconds(2);
        CredentialResolver resolver = cachedFor(lifetime);
        Ec2Key old = cloud.newKey(cloud.user("alice"), cloud.project("alpha"));
        granted(resolver.resolve(old.signV4()));

        Ec2Key changed = cloud.changeSecret(old, "a new secret");
        assertThat(refusedWithin(lifetime, resolver, old)).isEqualTo(Reason.SIGNATURE_MISMATCH);
        granted(resolver.resolve(changed.signV4()));

        Ec2Key again = cloud.changeSecret(changed, "another secret");
        granted(cachedThenChanged(again, changed));
    }

    private Resolution cachedThenChanged(Ec2Key now, Ec2Key before) {
        CredentialResolver resolver = cached();
        assertThat(refused(resolver.resolve(before.signV4()))).isEqualTo(Reason.SIGNATURE_MISMATCH);
        granted(resolver.resolve(now.signV4()));
        return resolver.resolve(cloud.changeSecret(now, "a third one").signV4());
    }

    @Test
    void leavesAnApplicationCredentialsKeyOnlyItsDelegatedRole() throws Exception {
        Delegated delegated = cloud.newApplicationCredentialKey("alice", "alpha", "reader");
        assertKeepsOnlyReaderAndEndsWithItsSource(delegated);
    }

    @Test
    void leavesATrustsKeyOnlyItsDelegatedRole() throws Exception {
        Delegated delegated = cloud.newTrustKey("alice", "bob", "alpha", "reader");
        assertKeepsOnlyReaderAndEndsWithItsSource(delegated);
    }

    private void assertKeepsOnlyReaderAndEndsWithItsSource(Delegated delegated) throws Exception {
        Duration lifetime = Duration.ofSeconds(2);
        CredentialResolver resolver = cachedFor(lifetime);

        KeystoneIdentity identity = granted(resolver.resolve(delegated.key().signV4()));
        assertThat(identity.roles()).isEqualTo(Set.of("reader"));
        assertThat(identity.delegated()).isTrue();

        delegated.takeBack().run();
        assertThat(refusedWithin(lifetime, resolver, delegated.key())).isEqualTo(Reason.NOT_AUTHORISED);
    }

    @Test
    void isUnavailableWithAWrongServicePasswordAndSaysSo() {
        KeystoneConnection connection = open(keystone.settings().password("wrong"));

        Resolution answer =
                connection.resolver().resolve(cloud.key("alice", "alpha").signV4());
        assertThat(answer).isInstanceOf(Unavailable.class);
        assertThat(connection.serviceUserCheck().run().findings())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.passed()).isFalse();
                    assertThat(finding.line()).contains("wrong user name or password");
                    assertThat(finding.toString())
                            .contains("openstack user set")
                            .doesNotContain("acceptance");
                });
    }

    @Test
    void saysWhichRolesTheServiceUserLacks() {
        String bare = cloud.newUser("bare");
        cloud.grant(bare, cloud.project("alpha"), "reader");
        KeystoneConnection connection = open(keystone.settings()
                .username("bare")
                .userDomainName(RealCloud.DOMAIN)
                .projectName("alpha")
                .projectDomainName(RealCloud.DOMAIN));

        assertThat(connection.resolver().resolve(cloud.key("alice", "alpha").signV4()))
                .isInstanceOf(Unavailable.class);
        assertThat(connection.serviceUserCheck().run().findings())
                .extracting(ServiceUserCheck.Finding::toString)
                .anyMatch(line -> line.contains("may NOT prove signatures")
                        && line.contains("openstack role add --user bare --user-domain acceptance --project alpha"
                                + " --project-domain acceptance service"))
                .anyMatch(line -> line.contains("may NOT read EC2 secrets")
                        && line.contains(
                                "openstack role add --system all --user bare --user-domain acceptance reader"));
    }

    @Test
    void findsNothingWrongWithAServiceUserThatHasItsRoles() {
        ServiceUserCheck.Report report =
                open(keystone.settings()).serviceUserCheck().run();
        assertThat(report.passed()).isTrue();
        assertThat(report.findings())
                .hasSize(3)
                .allMatch(finding -> finding.mend().isEmpty());
    }

    @Test
    void readsSecretsWithTheProjectTokenWherePolicyLetsIt() throws Exception {
        CredentialResolver resolver =
                open(keystone.settings().systemScope(false)).resolver();
        assertThat(resolver.resolve(cloud.key("alice", "alpha").signV4())).isInstanceOf(Unavailable.class);

        keystone.overridePolicy("""
            {"identity:get_credential": "rule:service_or_admin or (role:reader and system_scope:all) or \
            user_id:%(target.credential.user_id)s"}
            """);
        try {
            assertEventuallyGranted(resolver, cloud.key("alice", "alpha"));
        } finally {
            keystone.overridePolicy("{}");
        }
    }

    @Test
    void logsInAgainWhenItsTokensWereRevoked() throws Exception {
        CredentialResolver resolver = cached();
        granted(resolver.resolve(cloud.key("alice", "alpha").signV4()));

        cloud.revokeTokens(cloud.user(RealCloud.SERVICE_USER));

        Ec2Key cold = cloud.key("bob", "alpha");
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        Resolution answer = resolver.resolve(cold.signV4());
        // Keystone takes tokens issued in the second of the revocation for revoked ones.
        while (answer instanceof Unavailable && System.nanoTime() < end) {
            Thread.sleep(100);
            answer = resolver.resolve(cold.signV4());
        }
        granted(answer);
    }

    @Test
    void servesWarmKeysAndIsUnavailableForColdOnesWhileKeystoneIsFrozen() {
        CredentialResolver resolver =
                open(keystone.settings().timeout(Duration.ofSeconds(2))).resolver();
        Ec2Key warm = cloud.key("alice", "alpha");
        Ec2Key cold = cloud.key("bob", "alpha");
        eventuallyGranted(resolver, warm);

        keystone.freeze();
        try {
            Resolution answer = resolver.resolve(cold.signV4());
            assertThat(answer).isInstanceOf(Unavailable.class);
            assertThat(((Unavailable) answer).outage()).isEqualTo(Outage.DOWN);
            granted(resolver.resolve(warm.signV4()));
        } finally {
            keystone.thaw();
        }
        eventuallyGranted(resolver, cold);
    }

    @Test
    void servesWarmKeysAndIsUnavailableForColdOnesWhileKeystoneIsDead() {
        CredentialResolver resolver = cached();
        Ec2Key warm = cloud.key("alice", "alpha");
        Ec2Key cold = cloud.key("bob", "alpha");
        granted(resolver.resolve(warm.signV4()));

        keystone.kill();
        try {
            assertThat(resolver.resolve(cold.signV4())).isInstanceOf(Unavailable.class);
            granted(resolver.resolve(warm.signV4()));
        } finally {
            keystone.restart();
        }
        eventuallyGranted(resolver, cold);
    }

    private static void eventuallyGranted(CredentialResolver resolver, Ec2Key key) {
        try {
            assertEventuallyGranted(resolver, key);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void makesOneRoundOfCallsForAThousandConcurrentRequestsWithOneColdKey() throws Exception {
        CredentialResolver resolver = cached();
        granted(resolver.resolve(cloud.key("carol", "beta").signV4()));
        long before = calls.allCalls();
        SignedProof proof = cloud.key("alice", "beta").signV4();

        ExecutorService clients = Executors.newFixedThreadPool(1000);
        try {
            CountDownLatch together = new CountDownLatch(1000);
            List<Future<Resolution>> answers = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                answers.add(clients.submit(() -> {
                    together.countDown();
                    together.await();
                    return resolver.resolve(proof);
                }));
            }
            for (Future<Resolution> answer : answers) {
                granted(answer.get());
            }
        } finally {
            clients.shutdownNow();
        }
        assertThat(calls.allCalls() - before).isLessThanOrEqualTo(3);
    }

    @Test
    void looksUpUsersAndProjects() throws Exception {
        IdentityDirectory directory = open(keystone.settings()).directory();

        assertThat(directory.findUser(cloud.user("alice")))
                .hasValueSatisfying(user -> assertThat(user.name()).isEqualTo("alice"));
        assertThat(directory.findProject(cloud.project("beta")))
                .hasValueSatisfying(project -> assertThat(project.domainName()).isEqualTo(RealCloud.DOMAIN));
        assertThat(directory.findProject(RealCloud.unique())).isEmpty();
        String domain =
                directory.findProject(cloud.project("beta")).orElseThrow().domainId();
        assertThat(directory.findProject(domain)).isEmpty();
        assertThat(directory.findUser("../projects")).isEmpty();
    }

    @Test
    void findsAUserByEmailAddressWithTheDefaultProject() throws Exception {
        IdentityDirectory directory = open(keystone.settings()).directory();
        String user = cloud.newUser(RealCloud.unique());
        String project = cloud.newProject(RealCloud.unique());
        String address = "First.Last@" + RealCloud.unique() + ".example";
        cloud.describeUser(user, "email", address);
        String named = cloud.newUser(RealCloud.unique() + "@example.org");

        assertThat(directory.findUserByEmail(address)).hasValueSatisfying(found -> {
            assertThat(found.user().id()).isEqualTo(user);
            assertThat(found.user().domainName()).isEqualTo(RealCloud.DOMAIN);
            assertThat(found.defaultProject()).isEmpty();
        });
        assertThat(directory.findUserByEmail(address.toUpperCase(Locale.ROOT))).isPresent();
        assertThat(directory.findUserByEmail(
                        directory.findUser(named).orElseThrow().name()))
                .hasValueSatisfying(found -> assertThat(found.user().id()).isEqualTo(named));
        assertThat(directory.findUserByEmail("nobody@" + RealCloud.unique() + ".example"))
                .isEmpty();

        cloud.describeUser(user, "default_project_id", project);
        assertThat(open(keystone.settings()).directory().findUserByEmail(address))
                .hasValueSatisfying(found -> assertThat(found.defaultProject())
                        .hasValueSatisfying(noted -> assertThat(noted.id()).isEqualTo(project)));
    }

    @Test
    void findsNobodyByAnAddressThatTwoUsersHaveUntilOneOfThemIsDisabled() throws Exception {
        String address = RealCloud.unique() + "@example.org";
        String first = cloud.newUser(RealCloud.unique());
        String second = cloud.newUser(RealCloud.unique());
        cloud.describeUser(first, "email", address);
        cloud.describeUser(second, "email", address);
        assertThat(open(keystone.settings()).directory().findUserByEmail(address))
                .isEmpty();

        cloud.enableUser(second, false);
        assertThat(open(keystone.settings()).directory().findUserByEmail(address))
                .hasValueSatisfying(found -> assertThat(found.user().id()).isEqualTo(first));
    }

    @Test
    void listsUsersOnceForManyAddressesAndFindsWhoCameSince() throws Exception {
        IdentityDirectory directory = open(keystone.settings().cacheMissLifetime(Duration.ofMillis(200)))
                .directory();
        String address = RealCloud.unique() + "@example.org";
        assertThat(directory.findUserByEmail(address)).isEmpty();
        long before = calls.calls(Call.LOOK_UP);
        String user = cloud.newUser(RealCloud.unique());
        cloud.describeUser(user, "email", address);
        Thread.sleep(300);

        assertThat(directory.findUserByEmail(address)).isPresent();
        // The list, the user and the domain.
        assertThat(calls.calls(Call.LOOK_UP) - before).isEqualTo(3);
        assertThat(directory.findUserByEmail(address)).isPresent();
        assertThat(calls.calls(Call.LOOK_UP) - before).isEqualTo(3);
    }
}
