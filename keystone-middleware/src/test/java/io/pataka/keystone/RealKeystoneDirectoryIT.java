package io.pataka.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.keystone.KeystoneMetrics.Call;
import io.pataka.keystone.testing.RealCloud;
import io.pataka.keystone.testing.RealKeystone;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Users and projects of a real Keystone, looked up by id and by e-mail address. */
class RealKeystoneDirectoryIT {

    private final RealKeystone keystone = RealKeystone.shared();
    private final RealCloud cloud = keystone.cloud();

    @RegisterExtension
    final RealConnections connections = new RealConnections();

    @Test
    void looksUpUsersAndProjects() throws Exception {
        IdentityDirectory directory = connections.open(keystone.settings()).directory();

        assertThat(directory.findUser(cloud.user("alice")))
                .hasValueSatisfying(user -> assertThat(user.name()).isEqualTo("alice"));
        assertThat(directory.findProject(cloud.project("beta")))
                .hasValueSatisfying(project -> assertThat(project.domainName()).isEqualTo(RealCloud.DOMAIN));
        assertThat(directory.findProject(RealCloud.unique())).isEmpty();
        String domain =
                directory.findProject(cloud.project("beta")).orElseThrow().domainId();
        assertThat(directory.findProject(domain)).isEmpty();
        assertThat(directory.findUser("../projects")).isEmpty();
    }

    @Test
    void findsAUserByEmailAddressWithTheDefaultProject() throws Exception {
        IdentityDirectory directory = connections.open(keystone.settings()).directory();
        String user = cloud.newUser(RealCloud.unique());
        String project = cloud.newProject(RealCloud.unique());
        String address = "First.Last@" + RealCloud.unique() + ".example";
        cloud.describeUser(user, "email", address);
        String named = cloud.newUser(RealCloud.unique() + "@example.org");

        assertThat(directory.findUserByEmail(address)).hasValueSatisfying(found -> {
            assertThat(found.user().id()).isEqualTo(user);
            assertThat(found.user().domainName()).isEqualTo(RealCloud.DOMAIN);
            assertThat(found.defaultProject()).isEmpty();
        });
        assertThat(directory.findUserByEmail(address.toUpperCase(Locale.ROOT))).isPresent();
        assertThat(directory.findUserByEmail(
                        directory.findUser(named).orElseThrow().name()))
                .hasValueSatisfying(found -> assertThat(found.user().id()).isEqualTo(named));
        assertThat(directory.findUserByEmail("unknown@" + RealCloud.unique() + ".example"))
                .isEmpty();

        cloud.describeUser(user, "default_project_id", project);
        assertThat(connections.open(keystone.settings()).directory().findUserByEmail(address))
                .hasValueSatisfying(found -> assertThat(found.defaultProject())
                        .hasValueSatisfying(noted -> assertThat(noted.id()).isEqualTo(project)));
    }

    @Test
    void findsNoUserByAnAddressThatTwoUsersHaveUntilOneOfThemIsDisabled() throws Exception {
        String address = RealCloud.unique() + "@example.org";
        String first = cloud.newUser(RealCloud.unique());
        String second = cloud.newUser(RealCloud.unique());
        cloud.describeUser(first, "email", address);
        cloud.describeUser(second, "email", address);
        assertThat(connections.open(keystone.settings()).directory().findUserByEmail(address))
                .isEmpty();

        cloud.enableUser(second, false);
        assertThat(connections.open(keystone.settings()).directory().findUserByEmail(address))
                .hasValueSatisfying(found -> assertThat(found.user().id()).isEqualTo(first));
    }

    @Test
    void listsUsersOnceForManyAddressesAndFindsNewOnesLater() throws Exception {
        Duration missLifetime = Duration.ofSeconds(30);
        IdentityDirectory directory = connections
                .open(keystone.settings().cacheMissLifetime(missLifetime))
                .directory();
        String address = RealCloud.unique() + "@example.org";
        assertThat(directory.findUserByEmail(address)).isEmpty();
        long before = connections.calls().calls(Call.LOOK_UP);
        String user = cloud.newUser(RealCloud.unique());
        cloud.describeUser(user, "email", address);
        connections.clock().advance(missLifetime);

        assertThat(directory.findUserByEmail(address)).isPresent();
        // The list, the user and the domain.
        assertThat(connections.calls().calls(Call.LOOK_UP) - before).isEqualTo(3);
        assertThat(directory.findUserByEmail(address)).isPresent();
        assertThat(connections.calls().calls(Call.LOOK_UP) - before).isEqualTo(3);
    }
}
