package io.pataka.keystone;

import static io.pataka.keystone.RealConnections.granted;
import static io.pataka.keystone.RealConnections.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.keystone.KeystoneMetrics.Call;
import io.pataka.keystone.Resolution.Granted;
import io.pataka.keystone.Resolution.Reason;
import io.pataka.keystone.testing.Ec2Key;
import io.pataka.keystone.testing.RealCloud;
import io.pataka.keystone.testing.RealKeystone;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Keys of a real Keystone, as the middleware resolves them. */
class RealKeystoneIT {

    private final RealKeystone keystone = RealKeystone.shared();
    private final RealCloud cloud = keystone.cloud();

    @RegisterExtension
    final RealConnections connections = new RealConnections();

    @Test
    void namesUserProjectAndRolesOfAColdKeyAndAsksNothingWhenItIsWarm() {
        CredentialResolver resolver = connections.cached();
        Ec2Key key = cloud.key("alice", "alpha");
        granted(resolver.resolve(cloud.key("carol", "beta").signV4()));
        long before = connections.calls().allCalls();

        KeystoneIdentity identity = granted(resolver.resolve(key.signV4()));

        assertThat(connections.calls().allCalls() - before).isLessThanOrEqualTo(3);
        assertThat(identity.user().name()).isEqualTo("alice");
        assertThat(identity.user().domainName()).isEqualTo(RealCloud.DOMAIN);
        assertThat(identity.project().id()).isEqualTo(cloud.project("alpha"));
        assertThat(identity.project().name()).isEqualTo("alpha");
        assertThat(identity.roles()).contains("member", "reader");
        assertThat(identity.delegated()).isFalse();

        long cold = connections.calls().allCalls();
        for (int i = 0; i < 100; i++) {
            granted(resolver.resolve(key.signV4()));
        }
        assertThat(connections.calls().allCalls()).isEqualTo(cold);
    }

    @Test
    void takesAKeyThatItsOwnerHasJustMadeOnTheCommandLine() {
        CredentialResolver resolver = connections.cached();
        Ec2Key key = cloud.newKeyByCommand("alice", "beta");
        assertThat(granted(resolver.resolve(key.signV4())).project().name()).isEqualTo("beta");
    }

    @Test
    void distinguishesAReaderFromAMember() {
        assertThat(granted(connections
                                .cached()
                                .resolve(cloud.key("bob", "alpha").signV4()))
                        .roles())
                .containsExactly("reader");
    }

    @Test
    void takesVersion2SignaturesInBothModes() {
        Ec2Key key = cloud.key("alice", "beta");
        assertThat(granted(connections.cached().resolve(key.signV2())).project().name())
                .isEqualTo("beta");
        assertThat(granted(connections.asking().resolve(key.signV2())).project().name())
                .isEqualTo("beta");
    }

    @Test
    void asksKeystoneEachTimeInModeAskAndHoldsNoSecret() {
        CredentialResolver resolver = connections.asking();
        Ec2Key key = cloud.key("alice", "alpha");

        Resolution first = resolver.resolve(key.signV4());
        granted(first);
        granted(resolver.resolve(key.signV4()));

        assertThat(((Granted) first).credential().secret()).isEmpty();
        assertThat(connections.calls().calls(Call.S3TOKENS)).isEqualTo(2);
        assertThat(connections.calls().calls(Call.CREDENTIAL)).isZero();
        assertThat(refused(resolver.resolve(key.withSecret("wrong").signV4()))).isEqualTo(Reason.SIGNATURE_MISMATCH);
        assertThat(refused(resolver.resolve(new Ec2Key("unknown", "x", "", "").signV4())))
                .isEqualTo(Reason.UNKNOWN_ACCESS_KEY);
        assertThat(refused(resolver.resolve(key.signV4("eyJwb2xpY3kiOnt9fQ=="))))
                .isEqualTo(Reason.FORM_NOT_SUPPORTED);
    }

    @Test
    void refusesAWrongSignatureAndAnUnknownKey() {
        CredentialResolver resolver = connections.cached();
        assertThat(refused(resolver.resolve(
                        cloud.key("alice", "alpha").withSecret("wrong").signV4())))
                .isEqualTo(Reason.SIGNATURE_MISMATCH);
        assertThat(refused(resolver.resolve(new Ec2Key(RealCloud.unique(), "x", "", "").signV4())))
                .isEqualTo(Reason.UNKNOWN_ACCESS_KEY);
    }

    @Test
    void refusesACredentialNamingAProjectWhereItsUserHasNoRole() {
        Ec2Key key = cloud.newKey(cloud.user("carol"), cloud.project("alpha"));
        assertThat(refused(connections.cached().resolve(key.signV4()))).isEqualTo(Reason.NOT_AUTHORISED);
        assertThat(connections.calls().calls(Call.S3TOKENS)
                        + connections.calls().calls(Call.CREDENTIAL))
                .isLessThanOrEqualTo(3);
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

        assertThat(granted(connections.cached().resolve(key.signV4())).user().name())
                .isEqualTo("alice");
    }

    @Test
    void makesOneRoundOfCallsForAThousandConcurrentRequestsWithOneColdKey() throws Exception {
        CredentialResolver resolver = connections.cached();
        granted(resolver.resolve(cloud.key("carol", "beta").signV4()));
        long before = connections.calls().allCalls();
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
        assertThat(connections.calls().allCalls() - before).isLessThanOrEqualTo(3);
    }
}
