package io.pataka.keystone;

import io.pataka.keystone.KeystoneIdentity.Named;
import io.pataka.keystone.KeystoneMetrics.Call;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.openstack4j.api.OSClient.OSClientV3;
import org.openstack4j.model.identity.v3.Domain;
import org.openstack4j.model.identity.v3.Project;
import org.openstack4j.model.identity.v3.User;

/**
 * Looks up users and projects by id. Nothing is cached; each answer takes up to two calls and at most the timeout of the
 * settings.
 */
public final class IdentityDirectory {

    private static final Pattern ID = Pattern.compile("[0-9A-Za-z_-]{1,64}");

    private final OpenStack4jCalls openStack;
    private final KeystoneWorkers workers;
    private final KeystoneSettings settings;

    IdentityDirectory(OpenStack4jCalls openStack, KeystoneWorkers workers, KeystoneSettings settings) {
        this.openStack = openStack;
        this.workers = workers;
        this.settings = settings;
    }

    /** Empty if there is no such project. */
    public Optional<Named> findProject(String id) throws KeystoneUnavailableException {
        return find(id, client -> {
            Project project = client.identity().projects().get(id);
            return project == null ? null : named(client, project.getId(), project.getName(), project.getDomainId());
        });
    }

    /** Empty if there is no such user. */
    public Optional<Named> findUser(String id) throws KeystoneUnavailableException {
        return find(id, client -> {
            User user = client.identity().users().get(id);
            return user == null ? null : named(client, user.getId(), user.getName(), user.getDomainId());
        });
    }

    private static Named named(OSClientV3 client, String id, String name, String domainId) {
        Domain domain = client.identity().domains().get(domainId);
        return new Named(id, name, domainId, domain == null ? domainId : domain.getName());
    }

    private Optional<Named> find(String id, Function<OSClientV3, Named> question) throws KeystoneUnavailableException {
        // OpenStack4j puts an id into the path as it is.
        if (!ID.matcher(id).matches()) {
            return Optional.empty();
        }
        Deadline deadline = Deadline.in(settings.timeout());
        return Optional.ofNullable(KeystoneWorkers.await(
                workers.submit(() -> openStack.read(Call.LOOK_UP, deadline, question)), deadline));
    }
}
