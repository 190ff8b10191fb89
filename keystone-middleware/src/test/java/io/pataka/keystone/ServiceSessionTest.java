package io.pataka.keystone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.keystone.Resolution.Granted;
import io.pataka.keystone.Resolution.Unavailable;
import io.pataka.keystone.testing.CallCounter;
import io.pataka.keystone.testing.Ec2Key;
import io.pataka.keystone.testing.FakeKeystone;
import io.pataka.keystone.testing.FakeKeystone.Endpoint;
import io.pataka.keystone.testing.FakeKeystone.Fault;
import io.pataka.keystone.testing.TestClock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openstack4j.openstack.internal.OSClientSession;

class ServiceSessionTest {

    private final FakeKeystone keystone = FakeKeystone.start();
    private final TestClock clock = new TestClock();
    private final String alice = keystone.user("alice");
    private final String alpha = keystone.project("alpha");

    @BeforeEach
    void giveAliceARole() {
        keystone.grant(alice, alpha, "member");
    }

    @AfterEach
    void close() {
        keystone.close();
    }

    private Ec2Key coldKey() {
        return keystone.ec2Key(alice, alpha);
    }

    @Test
    void logsInOncePerScopeForAnyNumberOfKeys() {
        try (KeystoneConnection connection = open(keystone.settings())) {
            for (int i = 0; i < 10; i++) {
                assertThat(connection.resolver().resolve(coldKey().signV4())).isInstanceOf(Granted.class);
            }
        }
        assertThat(keystone.calls(Endpoint.LOGIN)).isEqualTo(2);
    }

    private KeystoneConnection open(KeystoneSettings.Builder settings) {
        return KeystoneConnection.open(settings.build(), new CallCounter(), clock);
    }

    @Test
    void replacesRevokedTokensWithoutRefusingAKey() {
        try (KeystoneConnection connection = open(keystone.settings())) {
            assertThat(connection.resolver().resolve(coldKey().signV4())).isInstanceOf(Granted.class);
            keystone.revokeServiceTokens();
            assertThat(connection.resolver().resolve(coldKey().signV4())).isInstanceOf(Granted.class);
        }
        assertThat(keystone.calls(Endpoint.LOGIN)).isEqualTo(4);
    }

    @Test
    void replacesTokensBeforeTheyExpire() {
        keystone.tokenLifetime(Duration.ofHours(1));
        try (KeystoneConnection connection = open(keystone.settings())) {
            for (int i = 0; i < 4; i++) {
                assertThat(connection.resolver().resolve(coldKey().signV4())).isInstanceOf(Granted.class);
                clock.advance(Duration.ofMinutes(56));
            }
        }
        assertThat(keystone.calls(Endpoint.TOKEN_CHECK))
                .as("401 for an expired token")
                .isZero();
        assertThat(keystone.calls(Endpoint.LOGIN))
                .as("one for each scope and time")
                .isEqualTo(8);
    }

    @Test
    void doesNotRetryAWrongPasswordAtOnce() {
        try (KeystoneConnection connection = open(keystone.settings().password("wrong"))) {
            for (int i = 0; i < 20; i++) {
                Resolution answer = connection.resolver().resolve(coldKey().signV4());
                assertThat(answer).isInstanceOf(Unavailable.class);
                assertThat(((Unavailable) answer).detail()).doesNotContain("'wrong'");
            }
            assertThat(connection.trouble())
                    .hasValueSatisfying(line -> assertThat(line).contains("pataka"));
        }
        assertThat(keystone.calls(Endpoint.LOGIN)).isEqualTo(1);
    }

    @Test
    void goesToTheNextAddressWhenOneIsDownOrFails() throws Exception {
        try (FakeKeystone broken = FakeKeystone.start();
                KeystoneConnection connection =
                        open(keystone.settings().authUrl(broken.authUrl(), keystone.authUrl()))) {
            broken.fail(Fault.answering(503));
            assertThat(connection.resolver().resolve(coldKey().signV4())).isInstanceOf(Granted.class);
            int asked = broken.allCalls();
            assertThat(connection.resolver().resolve(coldKey().signV4())).isInstanceOf(Granted.class);
            assertThat(broken.allCalls()).as("stays with the one that answers").isEqualTo(asked);
        }
        try (FakeKeystone gone = FakeKeystone.start()) {
            gone.stop();
            try (KeystoneConnection connection =
                    open(keystone.settings().authUrl(gone.authUrl(), keystone.authUrl()))) {
                assertThat(connection.resolver().resolve(coldKey().signV4())).isInstanceOf(Granted.class);
            }
        }
    }

    @Test
    void goesToTheNextAddressWhenOneHangs() {
        try (FakeKeystone hung = FakeKeystone.start();
                KeystoneConnection connection = open(keystone.settings()
                        .timeout(Duration.ofSeconds(6))
                        .authUrl(hung.authUrl(), keystone.authUrl()))) {
            hung.fail(Fault.hanging());
            assertThat(connection.resolver().resolve(coldKey().signV4())).isInstanceOf(Granted.class);
        }
    }

    @Test
    void leavesNoOpenStack4jSessionOnTheThreadsOfItsCallers() throws Exception {
        try (KeystoneConnection connection = open(keystone.settings())) {
            assertThat(connection.directory().findUser(alice)).isPresent();
            assertThat(connection.resolver().resolve(coldKey().signV4())).isInstanceOf(Granted.class);
            assertThat(connection.serviceUserCheck().run().passed()).isTrue();
        }
        assertThat(OSClientSession.getCurrent()).isNull();
    }

    @Test
    void looksUpUsersAndProjectsAndSaysWhenThereIsNone() throws Exception {
        try (KeystoneConnection connection = open(keystone.settings())) {
            assertThat(connection.directory().findUser(alice))
                    .contains(new KeystoneIdentity.Named(alice, "alice", "default", "Default"));
            assertThat(connection.directory().findProject(alpha))
                    .contains(new KeystoneIdentity.Named(alpha, "alpha", "default", "Default"));
            assertThat(connection.directory().findUser("unknown")).isEmpty();
            assertThat(connection.directory().findProject("a/b")).isEmpty();
            keystone.revokeServiceTokens();
            assertThat(connection.directory().findUser(keystone.user("bob"))).isPresent();
        }
    }

    @Test
    void asksOnceForEachUser() throws Exception {
        try (KeystoneConnection connection = open(keystone.settings())) {
            assertThat(connection.directory().findUser(alice)).isPresent();
            assertThat(connection.directory().findUser("unknown")).isEmpty();
            int before = keystone.allCalls();
            assertThat(connection.directory().findUser(alice)).isPresent();
            assertThat(connection.directory().findUser("unknown")).isEmpty();
            assertThat(keystone.allCalls()).isEqualTo(before);
        }
    }

    @Test
    void isUnavailableForAUserThatACutListLacks() throws Exception {
        String listed = keystone.user("listed@example.org");
        keystone.cutListsOfUsers(true);
        try (KeystoneConnection connection = open(keystone.settings())) {
            assertThat(connection.directory().findUserByEmail("listed@example.org"))
                    .hasValueSatisfying(found -> assertThat(found.user().id()).isEqualTo(listed));
            assertThatThrownBy(() -> connection.directory().findUserByEmail("other@example.org"))
                    .isInstanceOf(KeystoneUnavailableException.class)
                    .hasMessageContaining("list_limit");
        }
    }

    @Test
    void failsToFindAUserByEmailAddressWhereTheServiceUserMayNotListUsers() {
        keystone.serviceUserReadsTheSystem(false);
        try (KeystoneConnection connection = open(keystone.settings())) {
            assertThatThrownBy(() -> connection.directory().findUserByEmail("other@example.org"))
                    .isInstanceOf(KeystoneUnavailableException.class);
        }
    }
}
