package io.pataka.service.access.policy;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Principal or NotPrincipal of a statement. AWS's account is a Keystone project: {@code arn:aws:iam::PROJECT:root}, the bare
 * id of a project and a CanonicalUser are every user who acts in that project, {@code arn:aws:iam::PROJECT:user/USER} is one of
 * them. Ceph's {@code arn:aws:iam:::user/ID} is the project or the user with that id. A policy may name services, which are no callers,
 * and federated users, of whom there are none.
 *
 * <p>As in Ceph, everyone means every caller in an Allow, so that a service is allowed only what a policy allows it by its name. In a Deny it
 * means services as well.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html">AWS: Principal</a>
 */
final class PrincipalSet {

    private static final String ID = "[^\\s*?/:${}]{1,255}";
    private static final Pattern BARE = Pattern.compile("(" + ID + ")");
    private static final Pattern PROJECT_ARN = Pattern.compile("arn:aws:iam::(" + ID + "):root");
    private static final Pattern USER_ARN = Pattern.compile("arn:aws:iam::(" + ID + "):user/(" + ID + ")");
    private static final Pattern TENANTLESS_ARN = Pattern.compile("arn:aws:iam:::user/(" + ID + ")");
    private static final Pattern OUTSIDER = Pattern.compile("([^\\s*?]{1,255})");

    private final Set<String> projects = new HashSet<>();
    private final Set<PolicyPrincipal> users = new HashSet<>();
    private final Set<String> either = new HashSet<>();
    private final Set<String> services = new HashSet<>();
    private final boolean negated;
    private final boolean denied;
    private boolean everyone;

    private PrincipalSet(boolean negated, boolean denied) {
        this.negated = negated;
        this.denied = denied;
    }

    /** Everybody, the anonymous included. */
    static PrincipalSet everyone(boolean negated, boolean denied) {
        PrincipalSet principals = new PrincipalSet(negated, denied);
        principals.everyone = true;
        return principals;
    }

    /**
     * @param written by kind: {@code AWS}, {@code CanonicalUser}, {@code Service}, {@code Federated}
     * @param denied whether the statement denies
     * @throws MalformedPolicyException for what names no principal
     */
    static PrincipalSet parse(Map<String, List<String>> written, boolean negated, boolean denied, Place place)
            throws MalformedPolicyException {
        PrincipalSet principals = new PrincipalSet(negated, denied);
        for (Map.Entry<String, List<String>> kind : written.entrySet()) {
            Place there = place.in(kind.getKey());
            for (String text : kind.getValue()) {
                boolean understood = switch (kind.getKey()) {
                    case "AWS" -> principals.addAws(text);
                    case "CanonicalUser" -> addId(BARE, text, principals.projects);
                    case "Service" -> addId(OUTSIDER, text, principals.services);
                    case "Federated" -> OUTSIDER.matcher(text).matches();
                    default -> throw place.malformed("Invalid principal in policy", kind.getKey());
                };
                if (!understood) {
                    throw there.malformed("Invalid principal in policy", text);
                }
            }
        }
        return principals;
    }

    private boolean addAws(String text) {
        if (text.equals("*")) {
            everyone = true;
            return true;
        }
        return addId(BARE, text, projects)
                || addId(PROJECT_ARN, text, projects)
                || addId(TENANTLESS_ARN, text, either)
                || addUser(text);
    }

    private boolean addUser(String text) {
        Matcher user = USER_ARN.matcher(text);
        if (!user.matches()) {
            return false;
        }
        users.add(new PolicyPrincipal(user.group(1), user.group(2)));
        return true;
    }

    private static boolean addId(Pattern form, String text, Set<String> ids) {
        Matcher id = form.matcher(text);
        if (!id.matches()) {
            return false;
        }
        ids.add(id.group(1));
        return true;
    }

    boolean contains(PolicyPrincipal principal) {
        return negated != isNamed(principal);
    }

    private boolean isNamed(PolicyPrincipal principal) {
        if (principal.isService()) {
            return services.contains(principal.service()) || (everyone && denied);
        }
        if (everyone) {
            return true;
        }
        return !principal.isAnonymous()
                && (projects.contains(principal.project())
                        || users.contains(principal)
                        || either.contains(principal.project())
                        || either.contains(principal.user()));
    }

    /** Whether anybody at all may be meant: everyone, or everyone but a few. */
    boolean isOpen() {
        return everyone || negated;
    }
}
