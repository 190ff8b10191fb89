package io.pataka.service.encryption;

import io.pataka.keystone.BarbicanSecrets;
import io.pataka.keystone.BarbicanSettings;
import io.pataka.keystone.KeystoneConnection;
import io.pataka.keystone.KeystoneMetrics;
import io.pataka.keystone.testing.RealBarbican;
import io.pataka.keystone.testing.RealKeystone;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** The service user's connection to the real Barbican of the tests. A refusal is not cached. */
final class BarbicanConnection implements AutoCloseable {

    private final KeystoneConnection keystone =
            KeystoneConnection.open(RealKeystone.shared().settings().build(), KeystoneMetrics.NONE);
    private final BarbicanSecrets secrets = keystone.barbican(
            new BarbicanSettings(
                    Optional.of(URI.create(RealBarbican.shared().url())),
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(5),
                    Duration.ZERO,
                    Duration.ofHours(1)),
            KeystoneMetrics.NONE);

    BarbicanSecrets secrets() {
        return secrets;
    }

    @Override
    public void close() {
        secrets.close();
        keystone.close();
    }
}
