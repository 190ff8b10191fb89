package io.pataka.keystone;

import static io.pataka.keystone.RealConnections.granted;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.keystone.Resolution.Unavailable;
import io.pataka.keystone.testing.RealCloud;
import io.pataka.keystone.testing.RealKeystone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The service user at a real Keystone: its roles, its tokens and what is said when it lacks them. */
class RealKeystoneServiceUserIT {

    private final RealKeystone keystone = RealKeystone.shared();
    private final RealCloud cloud = keystone.cloud();

    @RegisterExtension
    final RealConnections connections = new RealConnections();

    @Test
    void isUnavailableWithAWrongServicePassword() {
        KeystoneConnection connection = connections.open(keystone.settings().password("wrong"));

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
        KeystoneConnection connection = connections.open(keystone.settings()
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
                connections.open(keystone.settings()).serviceUserCheck().run();
        assertThat(report.passed()).isTrue();
        assertThat(report.findings())
                .hasSize(3)
                .allMatch(finding -> finding.mend().isEmpty());
    }

    @Test
    void readsSecretsWithTheProjectTokenWherePolicyLetsIt() throws Exception {
        CredentialResolver resolver =
                connections.open(keystone.settings().systemScope(false)).resolver();
        assertThat(resolver.resolve(cloud.key("alice", "alpha").signV4())).isInstanceOf(Unavailable.class);

        keystone.overridePolicy("""
            {"identity:get_credential": "rule:service_or_admin or (role:reader and system_scope:all) or \
            user_id:%(target.credential.user_id)s"}
            """);
        try {
            connections.eventuallyGranted(resolver, cloud.key("alice", "alpha"));
        } finally {
            keystone.overridePolicy("{}");
        }
    }

    @Test
    void logsInAgainWhenItsTokensWereRevoked() throws Exception {
        CredentialResolver resolver = connections.cached();
        granted(resolver.resolve(cloud.key("alice", "alpha").signV4()));

        cloud.revokeTokens(cloud.user(RealCloud.SERVICE_USER));

        // Keystone takes tokens issued in the second of the revocation for revoked ones.
        connections.eventuallyGranted(resolver, cloud.key("bob", "alpha"));
    }
}
