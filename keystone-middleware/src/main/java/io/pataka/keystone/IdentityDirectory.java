package io.pataka.keystone;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.pataka.keystone.KeystoneIdentity.Named;
import io.pataka.keystone.KeystoneMetrics.Call;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.openstack4j.api.OSClient.OSClientV3;
import org.openstack4j.model.identity.v3.Domain;
import org.openstack4j.model.identity.v3.Project;
import org.openstack4j.model.identity.v3.User;

/**
 * Looks up users and projects. Found entries are cached for the cache lifetime of the settings, missing ones for the lifetime
 * of misses, so names may be that old. A lookup that is not cached takes up to two calls, by e-mail address five, and at most
 * the timeout of the settings.
 */
public final class IdentityDirectory {

    private static final Pattern ID = Pattern.compile("[0-9A-Za-z_-]{1,64}");

    private final OpenStack4jCalls openStack;
    private final AddressBook addresses;
    private final KeystoneWorkers workers;
    private final KeystoneSettings settings;
    private final Remembered projects;
    private final Remembered users;

    IdentityDirectory(
            OpenStack4jCalls openStack, AddressBook addresses, KeystoneWorkers workers, KeystoneSettings settings) {
        this.openStack = openStack;
        this.addresses = addresses;
        this.workers = workers;
        this.settings = settings;
        this.projects = new Remembered(settings);
        this.users = new Remembered(settings);
    }

    /**
     * A user who was named by an e-mail address.
     *
     * @param defaultProject the user's default project in Keystone; many users have none
     */
    public record Addressee(Named user, Optional<Named> defaultProject) {
        public Addressee {
            Objects.requireNonNull(user);
            Objects.requireNonNull(defaultProject);
        }
    }

    /** Finds a project; empty if it does not exist. A domain is no project here. */
    public Optional<Named> findProject(String id) throws KeystoneUnavailableException {
        return findProject(id, Deadline.in(settings.timeout()));
    }

    private Optional<Named> findProject(String id, Deadline deadline) throws KeystoneUnavailableException {
        return find(projects, id, deadline, client -> {
            Project project = client.identity().projects().get(id);
            // Keystone returns a domain as a project without a domain.
            return project == null || project.getDomainId() == null
                    ? null
                    : named(client, project.getId(), project.getName(), project.getDomainId());
        });
    }

    /** Finds a user; empty if it does not exist. */
    public Optional<Named> findUser(String id) throws KeystoneUnavailableException {
        return findUser(id, Deadline.in(settings.timeout()));
    }

    private Optional<Named> findUser(String id, Deadline deadline) throws KeystoneUnavailableException {
        return find(users, id, deadline, client -> {
            User user = client.identity().users().get(id);
            return user == null ? null : named(client, user.getId(), user.getName(), user.getDomainId());
        });
    }

    /**
     * The one enabled user with an e-mail address, in any case of letters; for a user without one the name counts. Empty if
     * there is none, and if there are several, because it is not clear which is meant. Users of a domain with an identity back
     * end of its own, LDAP for one, are not found: Keystone lists them for that domain only.
     *
     * @throws KeystoneUnavailableException also if Keystone lists only some of its users and the address is not among them
     */
    public Optional<Addressee> findUserByEmail(String address) throws KeystoneUnavailableException {
        Deadline deadline = Deadline.in(settings.timeout());
        Optional<AddressBook.Entry> entry = addresses.find(address, deadline);
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        Optional<Named> user = findUser(entry.get().userId(), deadline);
        if (user.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> project = entry.get().defaultProjectId();
        return Optional.of(
                new Addressee(user.get(), project.isEmpty() ? Optional.empty() : findProject(project.get(), deadline)));
    }

    private static Named named(OSClientV3 client, String id, String name, String domainId) {
        Domain domain = client.identity().domains().get(domainId);
        return new Named(id, name, domainId, domain == null ? domainId : domain.getName());
    }

    private Optional<Named> find(
            Remembered remembered, String id, Deadline deadline, Function<OSClientV3, Named> question)
            throws KeystoneUnavailableException {
        // OpenStack4j does not escape an id in the path.
        if (!ID.matcher(id).matches() || remembered.absent().getIfPresent(id) != null) {
            return Optional.empty();
        }
        Named known = remembered.found().getIfPresent(id);
        if (known == null) {
            known = KeystoneWorkers.await(
                    workers.submit(() -> openStack.read(Call.LOOK_UP, deadline, question)), deadline);
            if (known == null) {
                remembered.absent().put(id, Boolean.TRUE);
            } else {
                remembered.found().put(id, known);
            }
        }
        return Optional.ofNullable(known);
    }

    /** By id. */
    private record Remembered(Cache<String, Named> found, Cache<String, Boolean> absent) {
        Remembered(KeystoneSettings settings) {
            this(
                    Caffeine.newBuilder()
                            .maximumSize(settings.cacheSize())
                            .expireAfterWrite(settings.cacheLifetime())
                            .build(),
                    Caffeine.newBuilder()
                            .maximumSize(settings.cacheSize())
                            .expireAfterWrite(settings.cacheMissLifetime())
                            .build());
        }
    }
}
