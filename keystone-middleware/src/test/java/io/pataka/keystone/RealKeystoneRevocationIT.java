package io.pataka.keystone;

import static io.pataka.keystone.RealConnections.granted;
import static io.pataka.keystone.RealConnections.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.keystone.Resolution.Reason;
import io.pataka.keystone.testing.Ec2Key;
import io.pataka.keystone.testing.RealCloud;
import io.pataka.keystone.testing.RealCloud.Delegated;
import io.pataka.keystone.testing.RealKeystone;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a real Keystone has revoked is refused when the lifetime of the cache is over. */
class RealKeystoneRevocationIT {

    private final RealKeystone keystone = RealKeystone.shared();
    private final RealCloud cloud = keystone.cloud();

    @RegisterExtension
    final RealConnections connections = new RealConnections();

    @Test
    void refusesWhatWasRevokedWithinTheLifetime() throws Exception {
        CredentialResolver resolver = connections.cached();
        String project = cloud.newProject(RealCloud.unique());
        String user = cloud.newUser(RealCloud.unique());
        cloud.grant(user, project, "member");
        Ec2Key key = cloud.newKey(user, project);
        granted(resolver.resolve(key.signV4()));

        cloud.revoke(user, project, "member");
        assertThat(connections.refusedAfterTheLifetime(resolver, key)).isEqualTo(Reason.NOT_AUTHORISED);
        cloud.grant(user, project, "member");
        connections.eventuallyGranted(resolver, key);

        cloud.enableProject(project, false);
        assertThat(connections.refusedAfterTheLifetime(resolver, key)).isEqualTo(Reason.NOT_AUTHORISED);
        cloud.enableProject(project, true);
        connections.eventuallyGranted(resolver, key);

        cloud.enableUser(user, false);
        assertThat(connections.refusedAfterTheLifetime(resolver, key)).isEqualTo(Reason.NOT_AUTHORISED);
        cloud.enableUser(user, true);
        connections.eventuallyGranted(resolver, key);

        Ec2Key other = cloud.newKey(user, project);
        granted(resolver.resolve(other.signV4()));
        cloud.deleteKey(key);
        assertThat(connections.refusedAfterTheLifetime(resolver, key)).isEqualTo(Reason.UNKNOWN_ACCESS_KEY);

        cloud.deleteUser(user);
        assertThat(connections.refusedAfterTheLifetime(resolver, other)).isEqualTo(Reason.UNKNOWN_ACCESS_KEY);
    }

    @Test
    void takesAChangedSecretAtOnceAndTheOldOneNoLongerThanTheLifetime() throws Exception {
        CredentialResolver resolver = connections.cached();
        Ec2Key old = cloud.newKey(cloud.user("alice"), cloud.project("alpha"));
        granted(resolver.resolve(old.signV4()));

        Ec2Key changed = cloud.changeSecret(old, "a new secret");
        assertThat(connections.refusedAfterTheLifetime(resolver, old)).isEqualTo(Reason.SIGNATURE_MISMATCH);
        granted(resolver.resolve(changed.signV4()));

        Ec2Key again = cloud.changeSecret(changed, "another secret");
        granted(cachedThenChanged(again, changed));
    }

    private Resolution cachedThenChanged(Ec2Key now, Ec2Key before) {
        CredentialResolver resolver = connections.cached();
        assertThat(refused(resolver.resolve(before.signV4()))).isEqualTo(Reason.SIGNATURE_MISMATCH);
        granted(resolver.resolve(now.signV4()));
        return resolver.resolve(cloud.changeSecret(now, "a third one").signV4());
    }

    @Test
    void leavesAnApplicationCredentialsKeyOnlyItsDelegatedRole() throws Exception {
        Delegated delegated = cloud.newApplicationCredentialKey("alice", "alpha", "reader");
        assertKeepsOnlyReaderAndEndsWithItsSource(delegated);
    }

    @Test
    void leavesATrustsKeyOnlyItsDelegatedRole() throws Exception {
        Delegated delegated = cloud.newTrustKey("alice", "bob", "alpha", "reader");
        assertKeepsOnlyReaderAndEndsWithItsSource(delegated);
    }

    private void assertKeepsOnlyReaderAndEndsWithItsSource(Delegated delegated) throws Exception {
        CredentialResolver resolver = connections.cached();

        KeystoneIdentity identity = granted(resolver.resolve(delegated.key().signV4()));
        assertThat(identity.roles()).isEqualTo(Set.of("reader"));
        assertThat(identity.delegated()).isTrue();

        delegated.takeBack().run();
        assertThat(connections.refusedAfterTheLifetime(resolver, delegated.key()))
                .isEqualTo(Reason.NOT_AUTHORISED);
    }
}
