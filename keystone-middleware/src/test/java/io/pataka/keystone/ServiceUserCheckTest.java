package io.pataka.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.keystone.testing.FakeKeystone;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServiceUserCheckTest {

    private final FakeKeystone keystone = FakeKeystone.start();

    @AfterEach
    void close() {
        keystone.close();
    }

    private static List<String> lines(KeystoneSettings.Builder settings) {
        try (KeystoneConnection connection = KeystoneConnection.open(settings.build(), KeystoneMetrics.NONE)) {
            return connection.serviceUserCheck().run().findings().stream()
                    .map(ServiceUserCheck.Finding::toString)
                    .toList();
        }
    }

    @Test
    void saysWhatTheServiceUserMayDo() {
        assertThat(lines(keystone.settings()))
                .containsExactly(
                        "Service user 'pataka' logs in to project 'service' with roles [service]",
                        "Service user 'pataka' may prove signatures (POST /v3/s3tokens)",
                        "Service user 'pataka' may read EC2 secrets (GET /v3/credentials/{id})");
    }

    @Test
    void needsNoSecretsInModeAsk() {
        keystone.serviceUserReadsTheSystem(false);
        assertThat(lines(keystone.settings().mode(KeystoneSettings.Mode.ASK)))
                .hasSize(2)
                .noneMatch(line -> line.contains("NOT"));
    }

    @Test
    void namesTheCommandThatMendsEachLack() {
        keystone.serviceUserHasRoles("member");
        keystone.serviceUserReadsTheSystem(false);
        assertThat(lines(keystone.settings()))
                .contains(
                        "Service user 'pataka' may NOT prove signatures (POST /v3/s3tokens); mend it with: openstack role"
                                + " add --user pataka --user-domain Default --project service --project-domain Default"
                                + " service",
                        "Service user 'pataka' may NOT read EC2 secrets (GET /v3/credentials/{id}); mend it with:"
                                + " openstack role add --system all --user pataka --user-domain Default reader");
    }

    @Test
    void warnsOfAnAdministrator() {
        keystone.serviceUserHasRoles("service", "admin");
        assertThat(lines(keystone.settings()).get(0))
                .contains("more than it needs")
                .contains("openstack role remove");
    }

    @Test
    void saysThatKeystoneCannotBeReached() {
        keystone.stop();
        assertThat(lines(keystone.settings()))
                .singleElement()
                .satisfies(
                        line -> assertThat(line).contains("cannot be reached").doesNotContain("mend"));
        keystone.resume();
    }
}
