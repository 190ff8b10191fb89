package io.pataka.service;

import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.AutoCloseableManager;
import io.pataka.keystone.BarbicanSecrets;
import io.pataka.keystone.KeystoneConnection;
import io.pataka.service.encryption.BarbicanKeys;
import io.pataka.service.encryption.KeyRefusedException;
import io.pataka.service.encryption.KeyRefusedException.Reason;
import io.pataka.service.encryption.KeySource;
import io.pataka.service.encryption.StaticKeys;
import io.pataka.service.encryption.WrappingKey;
import io.pataka.service.health.BarbicanAnnouncement;
import io.pataka.service.health.BarbicanHealth;
import io.pataka.service.health.KeyRingHealth;
import io.pataka.service.health.KeystoneMeters;
import io.pataka.service.secrets.InvalidSecretFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** The key managers of the settings, with health checks and metrics. */
final class KeyManagers {

    private final Optional<BarbicanKeys> barbican;
    private final KeySource source;

    private KeyManagers(Optional<BarbicanKeys> barbican, KeySource source) {
        this.barbican = barbican;
        this.source = source;
    }

    /** @param keystone present if the settings have Barbican */
    static KeyManagers open(
            KmsSettings settings, Optional<KeystoneConnection> keystone, Environment environment, Clock clock) {
        Optional<BarbicanKeys> barbican = Optional.ofNullable(settings.barbican())
                .map(section -> new BarbicanKeys(
                        secrets(section, keystone.orElseThrow(), environment), section.bindKeysToProjects()));
        Optional<KeySource> managed = barbican.map(KeySource.class::cast);
        Optional<StaticKeys> fixed =
                settings.staticKeys().map(file -> staticKeys(file, managed.orElse(KeyManagers::onlyStaticKeys), clock));
        fixed.ifPresent(keys -> environment.healthChecks().register("kms-keys-file", new KeyRingHealth(keys::fault)));
        return new KeyManagers(
                barbican, fixed.map(KeySource.class::cast).or(() -> managed).orElse(KeySource.NONE));
    }

    private static WrappingKey onlyStaticKeys(String keyId, String project) throws KeyRefusedException {
        throw new KeyRefusedException(
                Reason.NO_SUCH_KEY, "encryption.kms.keysFile has no such key, and Barbican is not set");
    }

    private static StaticKeys staticKeys(Path file, KeySource others, Clock clock) {
        try {
            return StaticKeys.read(file, others, clock);
        } catch (InvalidSecretFileException wrong) {
            throw wrong.of("encryption.kms.keysFile");
        }
    }

    private static BarbicanSecrets secrets(
            KmsSettings.Barbican settings, KeystoneConnection keystone, Environment environment) {
        BarbicanSecrets secrets =
                keystone.barbican(settings.settings(), KeystoneMeters.ofBarbican(environment.metrics()));
        environment.healthChecks().register("barbican", new BarbicanHealth(secrets));
        environment.metrics().registerGauge("pataka.barbican.cache.keys", secrets::held);
        environment.lifecycle().manage(new AutoCloseableManager(secrets));
        environment.lifecycle().manage(new BarbicanAnnouncement(secrets));
        return secrets;
    }

    /** The keys of SSE-KMS. */
    KeySource source() {
        return source;
    }

    /**
     * A key of the operator in Barbican, for the key ring.
     *
     * @throws KeyRefusedException also when the settings do not have Barbican
     */
    WrappingKey operatorsKey(String keyId) throws KeyRefusedException {
        if (barbican.isEmpty()) {
            throw new KeyRefusedException(
                    Reason.NOT_CONFIGURED, "the settings have no section encryption.kms.barbican");
        }
        return barbican.get().operatorsKey(keyId);
    }
}
