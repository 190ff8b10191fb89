package io.pataka.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.pataka.keystone.Resolution.Granted;
import io.pataka.keystone.Resolution.Outage;
import io.pataka.keystone.Resolution.Reason;
import io.pataka.keystone.Resolution.Refused;
import io.pataka.keystone.Resolution.Unavailable;
import io.pataka.keystone.testing.CallCounter;
import io.pataka.keystone.testing.Ec2Key;
import io.pataka.keystone.testing.FakeKeystone;
import io.pataka.keystone.testing.FakeKeystone.Endpoint;
import io.pataka.keystone.testing.FakeKeystone.Fault;
import io.pataka.keystone.testing.RealCloud;
import io.pataka.keystone.testing.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class CachingCredentialResolverTest {

    private static final Duration LIFETIME = Duration.ofMinutes(10);

    /** A key is renewed at this age at the latest, if it is in use. */
    private static final Duration RENEWAL = Duration.ofNanos(new RenewalTimes(LIFETIME).later());

    /** Longer than a key or Keystone is left alone after a failure. */
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);

    private final FakeKeystone keystone = FakeKeystone.start();
    private final String alice = keystone.user("alice");
    private final String alpha = keystone.project("alpha");
    private final TestClock clock = new TestClock();
    private final CallCounter metrics = new CallCounter();
    private final List<KeystoneConnection> opened = new ArrayList<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private Ec2Key key;

    @BeforeEach
    void giveAliceAKey() {
        keystone.grant(alice, alpha, "member");
        key = keystone.ec2Key(alice, alpha);
        log.start();
        ((Logger) LoggerFactory.getLogger("io.pataka.keystone")).addAppender(log);
    }

    @AfterEach
    void close() {
        ((Logger) LoggerFactory.getLogger("io.pataka.keystone")).detachAppender(log);
        opened.forEach(KeystoneConnection::close);
        keystone.close();
    }

    private KeystoneConnection connect(KeystoneSettings.Builder settings) {
        KeystoneConnection connection = KeystoneConnection.open(settings.build(), metrics, clock);
        opened.add(connection);
        return connection;
    }

    private CredentialResolver resolver() {
        return connect(keystone.settings()).resolver();
    }

    private static void assertGranted(Resolution resolution) {
        assertThat(resolution).isInstanceOf(Granted.class);
    }

    private static void assertRefused(Resolution resolution, Reason reason) {
        assertThat(resolution)
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    private static Unavailable unavailable(Resolution resolution) {
        assertThat(resolution).isInstanceOf(Unavailable.class);
        return (Unavailable) resolution;
    }

    private int questions() {
        return keystone.calls(Endpoint.CREDENTIAL) + keystone.calls(Endpoint.S3TOKENS);
    }

    @Test
    void asksTwoQuestionsForAColdKeyAndNoneForAWarmOne() {
        CredentialResolver resolver = resolver();
        Resolution first = resolver.resolve(key.signV4());
        assertGranted(first);
        Ec2Credential credential = ((Granted) first).credential();
        assertThat(credential.secret()).contains(Secret.of(key.secret()));
        assertThat(credential.identity().user().name()).isEqualTo("alice");
        assertThat(credential.identity().project().id()).isEqualTo(alpha);
        assertThat(credential.identity().roles()).containsExactly("member");
        assertThat(questions()).isEqualTo(2);

        assertGranted(resolver.resolve(key.signV2()));
        assertGranted(resolver.resolve(key.signV4("eyJwb2xpY3kiOnt9fQ==")));
        assertThat(questions()).isEqualTo(2);
        assertThat(metrics.hits()).isEqualTo(2);
    }

    @Test
    void doesNotAskWhoASignatureBelongsToThatIsWrong() {
        CredentialResolver resolver = resolver();
        assertRefused(resolver.resolve(key.withSecret("wrong").signV4()), Reason.SIGNATURE_MISMATCH);
        assertThat(keystone.calls(Endpoint.S3TOKENS)).isZero();
    }

    @Test
    void readsASecretAgainOnceAndNotForEveryWrongSignature() {
        CredentialResolver resolver = resolver();
        assertGranted(resolver.resolve(key.signV4()));
        for (int i = 0; i < 20; i++) {
            assertRefused(resolver.resolve(key.withSecret("wrong").signV4()), Reason.SIGNATURE_MISMATCH);
        }
        assertThat(keystone.calls(Endpoint.CREDENTIAL)).isEqualTo(2);
        assertGranted(resolver.resolve(key.signV4()));
        assertThat(keystone.calls(Endpoint.S3TOKENS)).isEqualTo(1);
    }

    @Test
    void takesAChangedSecretAtOnce() {
        CredentialResolver resolver = resolver();
        assertGranted(resolver.resolve(key.signV4()));
        Ec2Key changed = keystone.ec2Key(key.access(), "changed", alice, alpha);
        assertGranted(resolver.resolve(changed.signV4()));
        assertRefused(resolver.resolve(key.signV4()), Reason.SIGNATURE_MISMATCH);
    }

    @Test
    void asksAgainWhoIsAuthorisedWhenTheSecretWasChanged() {
        CredentialResolver resolver = resolver();
        assertGranted(resolver.resolve(key.signV4()));
        keystone.revoke(alice, alpha);
        Ec2Key changed = keystone.ec2Key(key.access(), "changed", alice, alpha);
        assertRefused(resolver.resolve(changed.signV4()), Reason.NOT_AUTHORISED);
    }

    @Test
    void remembersAnUnknownKeyForTheMissLifetime() {
        Duration missLifetime = Duration.ofSeconds(30);
        CredentialResolver resolver =
                connect(keystone.settings().cacheMissLifetime(missLifetime)).resolver();
        Ec2Key unknown = new Ec2Key("unknown", "secret", alice, alpha);
        assertRefused(resolver.resolve(unknown.signV4()), Reason.UNKNOWN_ACCESS_KEY);
        assertRefused(resolver.resolve(unknown.signV4()), Reason.UNKNOWN_ACCESS_KEY);
        assertThat(keystone.calls(Endpoint.CREDENTIAL)).isEqualTo(1);

        keystone.ec2Key("unknown", "secret", alice, alpha);
        clock.advance(missLifetime.minusSeconds(1));
        assertRefused(resolver.resolve(unknown.signV4()), Reason.UNKNOWN_ACCESS_KEY);
        clock.advance(Duration.ofSeconds(1));
        assertGranted(resolver.resolve(unknown.signV4()));
    }

    @Test
    void refusesAKeyWhoseUserHasNoRoleAndMakesSureOfItsOwnTokenFirst() {
        keystone.revoke(alice, alpha);
        assertRefused(resolver().resolve(key.signV4()), Reason.NOT_AUTHORISED);
        assertThat(keystone.calls(Endpoint.TOKEN_CHECK)).isEqualTo(1);
        assertThat(keystone.calls(Endpoint.LOGIN)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not json",
                "[]",
                "\"text\"",
                "{}",
                "{\"access\":\"x\"}",
                "{\"secret\":null}",
                "{\"secret\":[1]}",
                ""
            })
    void refusesACredentialThatCannotBeUsedAndNamesTheCauseInTheLog(String blob) {
        keystone.storeBlob("bad", alice, alpha, blob);
        Ec2Key bad = new Ec2Key("bad", "x", alice, alpha);
        assertRefused(resolver().resolve(bad.signV4()), Reason.UNKNOWN_ACCESS_KEY);
        assertThat(log.list)
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage())
                        .contains(OpenStack4jKeystoneGateway.credentialId("bad"))
                        .contains("its blob"));
    }

    @Test
    void renewsAKeyInUseInTheBackgroundWithOneQuestion() throws Exception {
        CredentialResolver resolver =
                connect(keystone.settings().cacheLifetime(LIFETIME)).resolver();
        assertGranted(resolver.resolve(key.signV4()));
        for (int renewals = 1; renewals <= 3; renewals++) {
            clock.advance(RENEWAL);
            awaitRenewal(resolver);
            assertThat(keystone.calls(Endpoint.S3TOKENS)).isEqualTo(1 + renewals);
        }
        assertThat(metrics.misses()).as("requests that had to wait").isEqualTo(1);
        assertThat(keystone.calls(Endpoint.CREDENTIAL)).isEqualTo(1);
    }

    /** Waits for a renewal, which goes on after the reply. The key is served meanwhile. */
    private void awaitRenewal(CredentialResolver resolver) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        assertGranted(resolver.resolve(key.signV4()));
        while (metrics.ageOfLastHit().compareTo(RENEWAL) >= 0 && System.nanoTime() < end) {
            Thread.sleep(5);
            assertGranted(resolver.resolve(key.signV4()));
        }
        assertThat(metrics.ageOfLastHit()).isLessThan(RENEWAL);
    }

    @Test
    void asksOneQuestionForAKeyThatComesBackAfterItsLifetime() {
        CredentialResolver resolver =
                connect(keystone.settings().cacheLifetime(LIFETIME)).resolver();
        assertGranted(resolver.resolve(key.signV4()));
        clock.advance(LIFETIME);
        assertGranted(resolver.resolve(key.signV4()));
        assertThat(keystone.calls(Endpoint.CREDENTIAL)).isEqualTo(1);
        assertThat(keystone.calls(Endpoint.S3TOKENS)).isEqualTo(2);
    }

    @Test
    void asksOnceForManyWhoComeTogether() throws Exception {
        CredentialResolver resolver = resolver();
        ExecutorService clients = Executors.newFixedThreadPool(100);
        List<Future<Resolution>> answers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            answers.add(clients.submit(() -> resolver.resolve(key.signV4())));
        }
        for (Future<Resolution> answer : answers) {
            assertGranted(answer.get());
        }
        clients.shutdownNow();
        assertThat(questions()).isEqualTo(2);
    }

    @Test
    void holdsNoMoreKeysThanItMay() {
        KeystoneConnection connection = connect(keystone.settings().cacheSize(10));
        for (int i = 0; i < 100; i++) {
            assertGranted(
                    connection.resolver().resolve(keystone.ec2Key(alice, alpha).signV4()));
        }
        assertThat(connection.keysHeld()).isLessThanOrEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void isUnavailableWhileKeystoneFailsAndSoonAfterItDoesNot(int status) {
        CredentialResolver resolver = resolver();
        Ec2Key warm = keystone.ec2Key(alice, alpha);
        assertGranted(resolver.resolve(warm.signV4()));

        keystone.fail(Fault.answering(status));
        Unavailable answer = unavailable(resolver.resolve(key.signV4()));
        assertThat(answer.outage()).isEqualTo(Outage.DOWN);
        assertThat(answer.retryAfter()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(answer.detail()).contains("answered " + status);
        assertGranted(resolver.resolve(warm.signV4()));

        int before = keystone.allCalls();
        for (int i = 0; i < 50; i++) {
            unavailable(resolver.resolve(key.signV4()));
        }
        assertThat(keystone.allCalls()).as("asked again at once").isEqualTo(before);

        keystone.heal();
        clock.advance(AFTER_FAILURE);
        assertGranted(resolver.resolve(key.signV4()));
    }

    @Test
    void passesOnHowLongKeystoneAsksToBeLeftAlone() {
        CredentialResolver resolver = resolver();
        keystone.fail(Fault.answering(429).header("Retry-After", "7"));
        Unavailable answer = unavailable(resolver.resolve(key.signV4()));
        assertThat(answer.outage()).isEqualTo(Outage.OVERLOADED);
        assertThat(answer.retryAfter()).isEqualTo(Duration.ofSeconds(7));
        assertThat(unavailable(resolver.resolve(keystone.ec2Key(alice, alpha).signV4()))
                        .outage())
                .isEqualTo(Outage.OVERLOADED);
        assertThat(keystone.allCalls()).isEqualTo(1);
    }

    @Test
    void triesAgainOnceWhenTheConnectionIsClosedWithoutAnAnswer() {
        CredentialResolver resolver = resolver();
        assertGranted(resolver.resolve(keystone.ec2Key(alice, alpha).signV4()));
        keystone.fail(Fault.closing().times(1));
        assertGranted(resolver.resolve(key.signV4()));

        keystone.fail(Fault.closing());
        unavailable(resolver.resolve(keystone.ec2Key(alice, alpha).signV4()));
    }

    @Test
    void keepsServingOtherKeysWhenKeystoneFailsAtOne() {
        CredentialResolver resolver = resolver();
        assertGranted(resolver.resolve(keystone.ec2Key(alice, alpha).signV4()));
        keystone.fail(Fault.answering(500).times(1));
        unavailable(resolver.resolve(key.signV4()));
        assertGranted(resolver.resolve(keystone.ec2Key(alice, alpha).signV4()));
    }

    @Test
    void boundsTheWaitForAKeystoneThatHangsAndThenAnswersAtOnce() {
        CredentialResolver resolver =
                connect(keystone.settings().timeout(Duration.ofSeconds(3))).resolver();
        assertGranted(resolver.resolve(keystone.ec2Key(alice, alpha).signV4()));
        keystone.fail(Fault.hanging());
        long begun = System.nanoTime();
        unavailable(resolver.resolve(key.signV4()));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
        int before = keystone.allCalls();
        for (int i = 0; i < 50; i++) {
            unavailable(resolver.resolve(keystone.ec2Key(alice, alpha).signV4()));
        }
        // One may come before the gate has seen the first time out.
        assertThat(keystone.allCalls()).isBetween(before, before + 1);
    }

    @Test
    void sendsNoMoreCallsAtOnceThanItMayAndTurnsTheRestAway() throws Exception {
        CredentialResolver resolver = connect(
                        keystone.settings().timeout(Duration.ofSeconds(3)).maxConcurrentCalls(2))
                .resolver();
        assertGranted(resolver.resolve(key.signV4()));
        int before = keystone.allCalls();
        keystone.fail(Fault.hanging());
        ExecutorService clients = Executors.newFixedThreadPool(200);
        List<Future<Resolution>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Ec2Key cold = keystone.ec2Key(alice, alpha);
            answers.add(clients.submit(() -> resolver.resolve(cold.signV4())));
        }
        List<Outage> outages = new ArrayList<>();
        for (Future<Resolution> answer : answers) {
            outages.add(unavailable(answer.get()).outage());
        }
        clients.shutdownNow();
        assertThat(outages).contains(Outage.OVERLOADED, Outage.DOWN);
        assertThat(keystone.allCalls() - before).isBetween(1, 2);
    }

    @Test
    void renewsKeysInUseDuringAFloodOfMadeUpOnes() throws Exception {
        CredentialResolver resolver = connect(
                        keystone.settings().cacheLifetime(LIFETIME).maxConcurrentCalls(2))
                .resolver();
        assertGranted(resolver.resolve(key.signV4()));
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger turnedAway = new AtomicInteger();
        ExecutorService unknownClients = Executors.newFixedThreadPool(50);
        for (int i = 0; i < 50; i++) {
            unknownClients.execute(() -> {
                while (!over.get()) {
                    Ec2Key madeUp = new Ec2Key(RealCloud.unique(), "x", alice, alpha);
                    if (resolver.resolve(madeUp.signV4()) instanceof Unavailable) {
                        turnedAway.incrementAndGet();
                    }
                }
            });
        }
        while (turnedAway.get() == 0) {
            Thread.onSpinWait();
        }
        for (int renewals = 1; renewals <= 3; renewals++) {
            clock.advance(RENEWAL);
            awaitRenewal(resolver);
            assertThat(keystone.calls(Endpoint.S3TOKENS)).isEqualTo(1 + renewals);
        }
        over.set(true);
        unknownClients.shutdown();
    }

    @Test
    void warnsOfAnOutageOnce() {
        CredentialResolver resolver = resolver();
        keystone.stop();
        for (int i = 0; i < 20; i++) {
            unavailable(resolver.resolve(keystone.ec2Key(alice, alpha).signV4()));
        }
        assertThat(log.list)
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage())
                        .startsWith("Keystone is unavailable: Keystone at http://127.0.0.1:"));
        keystone.resume();
    }

    @Test
    void servesAKeyBeyondItsLifetimeForTheGraceAndNoLonger() {
        CredentialResolver resolver = connect(
                        keystone.settings().cacheLifetime(LIFETIME).cacheGrace(LIFETIME))
                .resolver();
        assertGranted(resolver.resolve(key.signV4()));
        keystone.stop();
        clock.advance(LIFETIME);
        assertGranted(resolver.resolve(key.signV4()));
        clock.advance(LIFETIME.minusSeconds(1));
        assertGranted(resolver.resolve(key.signV4()));
        clock.advance(Duration.ofSeconds(1));
        unavailable(resolver.resolve(key.signV4()));
        keystone.resume();
    }

    @Test
    void isInTroubleUntilKeystoneAnswersAgainThoughNoClientAsks() {
        KeystoneConnection connection = connect(keystone.settings());
        assertThat(connection.trouble()).isEmpty();
        assertThat(keystone.allCalls()).isZero();
        keystone.stop();
        unavailable(connection.resolver().resolve(key.signV4()));
        assertThat(connection.trouble())
                .hasValueSatisfying(line -> assertThat(line).contains("cannot be reached"));
        keystone.resume();
        clock.advance(AFTER_FAILURE);
        assertThat(connection.trouble()).isEmpty();
    }

    @Test
    void isUnavailableAfterTheLifetimeWithoutGrace() {
        CredentialResolver resolver =
                connect(keystone.settings().cacheLifetime(LIFETIME)).resolver();
        assertGranted(resolver.resolve(key.signV4()));
        keystone.stop();
        clock.advance(LIFETIME);
        unavailable(resolver.resolve(key.signV4()));
        keystone.resume();
        clock.advance(AFTER_FAILURE);
        assertGranted(resolver.resolve(key.signV4()));
    }

    @Test
    void isUnavailableAndSaysWhyWhenTheServiceUserLacksARole() {
        keystone.serviceUserHasRoles("member");
        CredentialResolver resolver = resolver();
        Unavailable answer = unavailable(resolver.resolve(key.signV4()));
        assertThat(answer.detail()).contains("s3tokens").contains("openstack role add");
        unavailable(resolver.resolve(keystone.ec2Key(alice, alpha).signV4()));
        assertThat(log.list)
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage())
                        .contains("openstack role add --user pataka --user-domain Default --project service"));
    }

    @Test
    void isUnavailableWhenItMayNotReadSecrets() {
        keystone.serviceUserReadsTheSystem(false);
        assertThat(unavailable(resolver().resolve(key.signV4())).detail()).contains("no role on the system");
        keystone.serviceUserReadsTheSystem(true);
        CredentialResolver oneToken =
                connect(keystone.settings().systemScope(false)).resolver();
        assertThat(unavailable(oneToken.resolve(key.signV4())).detail()).contains("identity:get_credential");
    }

    @Test
    void namesARegionThatTheCatalogLacksAndStaysWithTheAuthUrl() {
        CredentialResolver resolver =
                connect(keystone.settings().regionName("Elsewhere")).resolver();
        assertGranted(resolver.resolve(key.signV4()));
        assertThat(log.list)
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage()).contains("region 'Elsewhere'"));
    }
}
