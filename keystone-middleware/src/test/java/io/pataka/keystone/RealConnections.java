package io.pataka.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.keystone.Resolution.Granted;
import io.pataka.keystone.Resolution.Reason;
import io.pataka.keystone.Resolution.Refused;
import io.pataka.keystone.Resolution.Unavailable;
import io.pataka.keystone.testing.CallCounter;
import io.pataka.keystone.testing.Ec2Key;
import io.pataka.keystone.testing.RealBarbican;
import io.pataka.keystone.testing.RealKeystone;
import io.pataka.keystone.testing.TestClock;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Opens connections to the real Keystone, on a clock that the test moves, and closes them after the test. */
final class RealConnections implements AfterEachCallback {

    static final Duration LIFETIME = Duration.ofMinutes(10);

    static final Duration REFUSAL_LIFETIME = Duration.ofMinutes(1);
    static final Duration GRACE = Duration.ofHours(1);

    /** Longer than the middleware leaves Keystone alone after any failure. */
    static final Duration PAUSE = Duration.ofMinutes(1);

    /** How long a busy Keystone may take until it answers again. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TestClock clock = new TestClock();
    private final CallCounter calls = new CallCounter();
    private final List<KeystoneConnection> opened = new ArrayList<>();
    private final List<BarbicanSecrets> secretsRead = new ArrayList<>();

    TestClock clock() {
        return clock;
    }

    CallCounter calls() {
        return calls;
    }

    KeystoneConnection open(KeystoneSettings.Builder settings) {
        KeystoneConnection connection = KeystoneConnection.open(settings.build(), calls, clock);
        opened.add(connection);
        return connection;
    }

    /** Of the shared Barbican, with lifetimes on the clock of the test and a timeout that a busy machine keeps. */
    BarbicanSecrets barbican() {
        return barbican(new BarbicanSettings(
                Optional.of(URI.create(RealBarbican.shared().url())),
                Duration.ofSeconds(30),
                LIFETIME,
                REFUSAL_LIFETIME,
                GRACE));
    }

    BarbicanSecrets barbican(BarbicanSettings settings) {
        BarbicanSecrets secrets = open(RealKeystone.shared().settings()).barbican(settings, calls);
        secretsRead.add(secrets);
        return secrets;
    }

    CredentialResolver cached() {
        return open(RealKeystone.shared().settings().cacheLifetime(LIFETIME)).resolver();
    }

    CredentialResolver asking() {
        return open(RealKeystone.shared()
                        .settings()
                        .mode(KeystoneSettings.Mode.ASK)
                        .askSigv2(true))
                .resolver();
    }

    static KeystoneIdentity granted(Resolution resolution) {
        assertThat(resolution).isInstanceOf(Granted.class);
        return ((Granted) resolution).credential().identity();
    }

    static Reason refused(Resolution resolution) {
        assertThat(resolution).isInstanceOf(Refused.class);
        return ((Refused) resolution).reason();
    }

    /** The reason of the refusal of a request that comes when the lifetime is over. */
    Reason refusedAfterTheLifetime(CredentialResolver resolver, Ec2Key key) throws InterruptedException {
        clock.advance(LIFETIME);
        return refused(answer(resolver, key));
    }

    /** Asks until Keystone answers, and expects that it grants. */
    void eventuallyGranted(CredentialResolver resolver, Ec2Key key) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Resolution answer = answer(resolver, key);
        while (answer instanceof Refused && System.nanoTime() < end) {
            Thread.sleep(50);
            clock.advance(LIFETIME);
            answer = answer(resolver, key);
        }
        granted(answer);
    }

    private Resolution answer(CredentialResolver resolver, Ec2Key key) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Resolution answer = resolver.resolve(key.signV4());
        while (answer instanceof Unavailable && System.nanoTime() < end) {
            Thread.sleep(50);
            clock.advance(PAUSE);
            answer = resolver.resolve(key.signV4());
        }
        return answer;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        secretsRead.forEach(BarbicanSecrets::close);
        opened.forEach(KeystoneConnection::close);
    }
}
