package io.pataka.keystone;

import static io.pataka.keystone.RealConnections.granted;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.keystone.Resolution.Outage;
import io.pataka.keystone.Resolution.Unavailable;
import io.pataka.keystone.testing.Ec2Key;
import io.pataka.keystone.testing.RealCloud;
import io.pataka.keystone.testing.RealKeystone;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A real Keystone that freezes or is killed. */
class RealKeystoneOutageIT {

    private final RealKeystone keystone = RealKeystone.shared();
    private final RealCloud cloud = keystone.cloud();

    @RegisterExtension
    final RealConnections connections = new RealConnections();

    @Test
    void servesWarmKeysAndIsUnavailableForColdOnesWhileKeystoneIsFrozen() throws Exception {
        CredentialResolver resolver = connections
                .open(keystone.settings().timeout(Duration.ofSeconds(2)))
                .resolver();
        Ec2Key warm = cloud.key("alice", "alpha");
        Ec2Key cold = cloud.key("bob", "alpha");
        connections.eventuallyGranted(resolver, warm);

        keystone.freeze();
        try {
            Resolution answer = resolver.resolve(cold.signV4());
            assertThat(answer).isInstanceOf(Unavailable.class);
            assertThat(((Unavailable) answer).outage()).isEqualTo(Outage.DOWN);
            granted(resolver.resolve(warm.signV4()));
        } finally {
            keystone.thaw();
        }
        connections.eventuallyGranted(resolver, cold);
    }

    @Test
    void servesWarmKeysAndIsUnavailableForColdOnesWhileKeystoneIsDead() throws Exception {
        CredentialResolver resolver = connections.cached();
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
        connections.eventuallyGranted(resolver, cold);
    }
}
