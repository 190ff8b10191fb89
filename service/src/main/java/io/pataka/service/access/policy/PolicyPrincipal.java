package io.pataka.service.access.policy;

import io.pataka.service.model.Caller;
import java.util.Objects;

/**
 * Who asks, as principals of policies name it: by ids, never by names, which in Keystone are unique in their domain only.
 *
 * @param project the Keystone project that stands for AWS's account; empty for the anonymous and for services
 * @param user the Keystone user; empty for the anonymous and for services
 * @param service a service of this server that acts for a bucket, {@code logging.s3.amazonaws.com}; empty for callers
 */
public record PolicyPrincipal(String project, String user, String service) {

    /** The anonymous caller, whom only {@code *} and NotPrincipal match. */
    public static final PolicyPrincipal ANONYMOUS = new PolicyPrincipal("", "");

    public PolicyPrincipal {
        Objects.requireNonNull(project);
        Objects.requireNonNull(user);
        Objects.requireNonNull(service);
    }

    /** A user who acts in a project. */
    public PolicyPrincipal(String project, String user) {
        this(project, user, "");
    }

    public static PolicyPrincipal of(Caller caller) {
        return caller.isAnonymous()
                ? ANONYMOUS
                : new PolicyPrincipal(caller.account().id(), caller.user().id());
    }

    /**
     * @param name as policies spell it
     */
    public static PolicyPrincipal ofService(String name) {
        return new PolicyPrincipal("", "", name);
    }

    /** Amazon's name of the user. */
    public String arn() {
        return "arn:aws:iam::" + project + ":user/" + user;
    }

    public boolean isAnonymous() {
        return project.isEmpty() && !isService();
    }

    public boolean isService() {
        return !service.isEmpty();
    }
}
