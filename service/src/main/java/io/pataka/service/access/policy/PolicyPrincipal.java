package io.pataka.service.access.policy;

import io.pataka.service.model.Caller;
import java.util.Objects;

/**
 * Who asks, as principals of policies name it: by ids, never by names, which in Keystone are unique in their domain only.
 *
 * @param project the Keystone project that stands for AWS's account; empty for the anonymous
 * @param user the Keystone user; empty for the anonymous
 */
public record PolicyPrincipal(String project, String user) {

    /** The anonymous caller, whom only {@code *} and NotPrincipal match. */
    public static final PolicyPrincipal ANONYMOUS = new PolicyPrincipal("", "");

    public PolicyPrincipal {
        Objects.requireNonNull(project);
        Objects.requireNonNull(user);
    }

    public static PolicyPrincipal of(Caller caller) {
        return caller.isAnonymous()
                ? ANONYMOUS
                : new PolicyPrincipal(caller.account().id(), caller.user().id());
    }

    public boolean isAnonymous() {
        return project.isEmpty();
    }
}
