package io.pataka.keystone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.keystone.KeystoneMetrics.Call;
import io.pataka.keystone.SecretReading.Found;
import io.pataka.keystone.SecretReading.Reason;
import io.pataka.keystone.SecretReading.Refused;
import io.pataka.keystone.testing.RealBarbican;
import io.pataka.keystone.testing.RealCloud;
import io.pataka.keystone.testing.RealKeystone;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Secrets of tenants in a real Barbican, read as the service user. */
class RealBarbicanIT {

    private static final byte[] PAYLOAD = {
        0, 1, 2, 3, -4, -5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
        30, -1
    };

    private final RealBarbican barbican = RealBarbican.shared();
    private final RealCloud cloud = RealKeystone.shared().cloud();
    private final String alice = cloud.token("alice", "alpha");

    @RegisterExtension
    final RealConnections connections = new RealConnections();

    private UUID sharedSecret() {
        UUID secret = barbican.newSecret(alice, PAYLOAD);
        barbican.share(alice, secret);
        return secret;
    }

    private static SecretReading read(BarbicanSecrets secrets, UUID id) throws KeystoneUnavailableException {
        return secrets.read(id, "project", any -> true);
    }

    private static BarbicanSecret found(SecretReading reading) {
        assertThat(reading).isInstanceOf(Found.class);
        return ((Found) reading).secret();
    }

    private static Reason refused(SecretReading reading) {
        assertThat(reading).isInstanceOf(Refused.class);
        return ((Refused) reading).reason();
    }

    @Test
    void readsASecretThatWasSharedWithTheServiceUser() throws Exception {
        UUID id = sharedSecret();
        barbican.describe(alice, id, "s3-project", cloud.project("alpha"));

        BarbicanSecret secret = found(read(connections.barbican(), id));

        assertThat(secret.payload()).isEqualTo(PAYLOAD);
        assertThat(secret.length()).isEqualTo(32);
        assertThat(secret.metadata("s3-project")).contains(cloud.project("alpha"));
        assertThat(secret.metadata("other")).isEmpty();
        assertThat(secret.expires()).isEmpty();
        assertThat(secret).hasToString("BarbicanSecret[hidden]");
    }

    @Test
    void findsBarbicanInKeystonesCatalog() throws Exception {
        BarbicanSecrets secrets = connections.barbican(new BarbicanSettings(
                Optional.empty(), Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ZERO, Duration.ZERO));

        assertThat(found(read(secrets, sharedSecret())).payload()).isEqualTo(PAYLOAD);
        assertThat(secrets.probe()).isEmpty();
    }

    @Test
    void isUnavailableAndNamesTheCatalogWhereItLacksBarbican() {
        KeystoneConnection elsewhere =
                connections.open(RealKeystone.shared().settings().interfaceName("internal"));
        try (BarbicanSecrets secrets = elsewhere.barbican(BarbicanSettings.STANDARD, connections.calls())) {
            assertThatThrownBy(() -> read(secrets, UUID.randomUUID()))
                    .isInstanceOf(KeystoneUnavailableException.class)
                    .hasMessage(
                            "Keystone's catalog has no internal endpoint of type key-manager in region 'RegionOne'");
        }
    }

    @Test
    void refusesWhatTheServiceUserMayNotRead() throws Exception {
        BarbicanSecrets secrets = connections.barbican();
        UUID id = barbican.newSecret(alice, PAYLOAD);

        assertThat(refused(read(secrets, id))).isEqualTo(Reason.NOT_SHARED);
    }

    @Test
    void refusesWhatDoesNotExistOrHasNoPayload() throws Exception {
        BarbicanSecrets secrets = connections.barbican();
        UUID empty = barbican.newEmptySecret(alice);
        barbican.share(alice, empty);

        assertThat(refused(read(secrets, UUID.randomUUID()))).isEqualTo(Reason.UNKNOWN);
        assertThat(refused(read(secrets, empty))).isEqualTo(Reason.UNKNOWN);
    }

    @Test
    void usesACachedSecretForItsLifetimeAndNoLonger() throws Exception {
        BarbicanSecrets secrets = connections.barbican();
        UUID withdrawn = sharedSecret();
        UUID deleted = sharedSecret();
        found(read(secrets, withdrawn));
        found(read(secrets, deleted));
        assertThat(secrets.held()).isEqualTo(2);

        barbican.withdraw(alice, withdrawn);
        barbican.delete(alice, deleted);
        long calls = connections.calls().calls(Call.SECRET_PAYLOAD);
        connections.clock().advance(RealConnections.LIFETIME.dividedBy(2));
        assertThat(found(read(secrets, withdrawn)).payload()).isEqualTo(PAYLOAD);
        assertThat(found(read(secrets, deleted)).payload()).isEqualTo(PAYLOAD);
        assertThat(connections.calls().calls(Call.SECRET_PAYLOAD)).isEqualTo(calls);

        connections.clock().advance(RealConnections.LIFETIME.dividedBy(2));
        assertThat(refused(read(secrets, withdrawn))).isEqualTo(Reason.NOT_SHARED);
        assertThat(refused(read(secrets, deleted))).isEqualTo(Reason.UNKNOWN);
        assertThat(secrets.held()).isZero();
    }

    @Test
    void readsASecretInUseAgainBeforeItsLifetimeEnds() throws Exception {
        BarbicanSecrets secrets = connections.barbican();
        UUID id = sharedSecret();
        found(read(secrets, id));
        barbican.withdraw(alice, id);

        connections.clock().advance(RealConnections.LIFETIME.dividedBy(10).multipliedBy(9));
        found(read(secrets, id));
        Instant end = Instant.now().plusSeconds(60);
        while (!(read(secrets, id) instanceof Refused) && Instant.now().isBefore(end)) {
            Thread.sleep(20);
        }
        assertThat(refused(read(secrets, id))).isEqualTo(Reason.NOT_SHARED);
    }

    @Test
    void remembersARefusalForAShorterTime() throws Exception {
        BarbicanSecrets secrets = connections.barbican();
        UUID id = barbican.newSecret(alice, PAYLOAD);
        refused(read(secrets, id));

        barbican.share(alice, id);
        long calls = connections.calls().calls(Call.SECRET_PAYLOAD);
        assertThat(refused(read(secrets, id))).isEqualTo(Reason.NOT_SHARED);
        assertThat(connections.calls().calls(Call.SECRET_PAYLOAD)).isEqualTo(calls);

        connections.clock().advance(RealConnections.REFUSAL_LIFETIME);
        assertThat(found(read(secrets, id)).payload()).isEqualTo(PAYLOAD);
    }

    @Test
    void readsASecretThatDidNotSuitAgainAsSoonAsARefusalWouldBeForgotten() throws Exception {
        BarbicanSecrets secrets = connections.barbican();
        UUID id = sharedSecret();
        found(secrets.read(
                id, "project", secret -> secret.metadata("s3-project").isPresent()));

        barbican.describe(alice, id, "s3-project", "alpha");
        assertThat(found(secrets.read(id, "project", secret -> false)).metadata("s3-project"))
                .isEmpty();
        connections.clock().advance(RealConnections.REFUSAL_LIFETIME);
        assertThat(found(read(secrets, id)).metadata("s3-project"))
                .as("it suits this reader")
                .isEmpty();
        assertThat(found(secrets.read(
                                id,
                                "project",
                                secret -> secret.metadata("s3-project").isPresent()))
                        .metadata("s3-project"))
                .contains("alpha");
    }

    @Test
    void knowsWhenASecretExpiresAndRefusesItFromThenOn() throws Exception {
        BarbicanSecrets secrets = connections.barbican();
        Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(15);
        UUID id = barbican.newSecret(alice, PAYLOAD, end);
        barbican.share(alice, id);

        assertThat(found(read(secrets, id)).expires()).contains(end);
        Thread.sleep(
                Math.max(0, Duration.between(Instant.now(), end.plusMillis(100)).toMillis()));
        assertThat(refused(read(secrets, id))).isEqualTo(Reason.UNKNOWN);
    }

    @Test
    void makesOneReadingForAllRequestsThatNeedTheSameSecret() throws Exception {
        BarbicanSecrets secrets = connections.barbican();
        UUID id = sharedSecret();
        ExecutorService requests = Executors.newFixedThreadPool(50);
        try {
            List<Future<SecretReading>> readings = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                readings.add(requests.submit(() -> read(secrets, id)));
            }
            for (Future<SecretReading> reading : readings) {
                assertThat(found(reading.get()).payload()).isEqualTo(PAYLOAD);
            }
        } finally {
            requests.shutdownNow();
        }
        assertThat(connections.calls().calls(Call.SECRET_PAYLOAD)).isEqualTo(1);
    }

    @Test
    void logsInAgainWhenItsTokenWasRevoked() throws Exception {
        BarbicanSecrets secrets = connections.barbican();
        UUID id = sharedSecret();
        cloud.revokeTokens(cloud.user(RealCloud.SERVICE_USER));
        Instant end = Instant.now().plusSeconds(60);
        Optional<BarbicanSecret> secret = Optional.empty();
        while (secret.isEmpty() && Instant.now().isBefore(end)) {
            try {
                secret = Optional.of(found(read(secrets, id)));
            } catch (KeystoneUnavailableException tokensOfThisSecondAreRevokedToo) {
                Thread.sleep(50);
                connections.clock().advance(RealConnections.PAUSE);
            }
        }
        assertThat(secret).isPresent();
    }

    @Test
    void usesCachedSecretsAndIsUnavailableForOthersWhileBarbicanIsDead() throws Exception {
        BarbicanSecrets secrets = connections.barbican();
        UUID warm = sharedSecret();
        UUID cold = sharedSecret();
        found(read(secrets, warm));

        barbican.kill();
        try {
            unavailable(secrets, cold);
            assertThat(secrets.trouble()).isPresent();
            connections.clock().advance(RealConnections.LIFETIME.multipliedBy(2));
            assertThat(found(read(secrets, warm)).payload()).isEqualTo(PAYLOAD);
            connections.clock().advance(RealConnections.GRACE);
            unavailable(secrets, warm);
        } finally {
            barbican.restart();
        }
        connections.clock().advance(RealConnections.PAUSE);
        assertThat(secrets.trouble()).isEmpty();
        assertThat(found(read(secrets, cold)).payload()).isEqualTo(PAYLOAD);
    }

    @Test
    void usesCachedSecretsAndIsUnavailableForOthersWhileBarbicanIsFrozen() throws Exception {
        BarbicanSecrets secrets = connections.barbican(new BarbicanSettings(
                Optional.of(URI.create(barbican.url())),
                Duration.ofSeconds(3),
                RealConnections.LIFETIME,
                RealConnections.REFUSAL_LIFETIME,
                RealConnections.GRACE));
        UUID warm = sharedSecret();
        UUID cold = sharedSecret();
        eventuallyFound(secrets, warm);

        barbican.freeze();
        try {
            unavailable(secrets, cold);
            long calls = connections.calls().calls(Call.SECRET_PAYLOAD);
            unavailable(secrets, cold);
            assertThat(connections.calls().calls(Call.SECRET_PAYLOAD))
                    .as("not asked during the pause")
                    .isEqualTo(calls);
            found(read(secrets, warm));
            connections.clock().advance(RealConnections.LIFETIME.multipliedBy(2));
            assertThat(found(read(secrets, warm)).payload()).isEqualTo(PAYLOAD);
        } finally {
            barbican.thaw();
        }
        eventuallyFound(secrets, cold);
    }

    private static void unavailable(BarbicanSecrets secrets, UUID id) {
        assertThatThrownBy(() -> read(secrets, id))
                .isInstanceOf(KeystoneUnavailableException.class)
                .hasMessageContaining("Barbican");
    }

    /** With a short timeout, which a busy machine may miss. */
    private void eventuallyFound(BarbicanSecrets secrets, UUID id) throws Exception {
        Instant end = Instant.now().plusSeconds(60);
        while (Instant.now().isBefore(end)) {
            try {
                assertThat(found(read(secrets, id)).payload()).isEqualTo(PAYLOAD);
                return;
            } catch (KeystoneUnavailableException busy) {
                connections.clock().advance(RealConnections.PAUSE);
            }
        }
        assertThat(found(read(secrets, id)).payload()).isEqualTo(PAYLOAD);
    }
}
