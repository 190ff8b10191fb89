package io.pataka.keystone;

import io.pataka.keystone.KeystoneGateway.Verdict;
import io.pataka.keystone.ServiceToken.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Checks what the service user must be able to do. Reports a line for each check, with the command that grants what is missing.
 */
public final class ServiceUserCheck {

    private final ServiceSession session;
    private final KeystoneGateway gateway;
    private final KeystoneWorkers workers;
    private final KeystoneSettings settings;

    ServiceUserCheck(
            ServiceSession session, KeystoneGateway gateway, KeystoneWorkers workers, KeystoneSettings settings) {
        this.session = session;
        this.gateway = gateway;
        this.workers = workers;
        this.settings = settings;
    }

    /**
     * The result of one check.
     *
     * @param passed whether the service user may do it
     * @param line the check and its result
     * @param mend the command that grants what is missing, if there is one
     */
    public record Finding(boolean passed, String line, Optional<String> mend) {
        @Override
        public String toString() {
            return line + mend.map(command -> "; mend it with: " + command).orElse("");
        }
    }

    /** @param findings in the order of the checks */
    public record Report(List<Finding> findings) {

        public Report {
            findings = List.copyOf(findings);
        }

        /** Whether nothing is missing. */
        public boolean passed() {
            return findings.stream().allMatch(Finding::passed);
        }
    }

    /** Takes at most four times the timeout of the settings; an outage is a finding as well. */
    public Report run() {
        CompletableFuture<Report> report = workers.submit(this::tried);
        try {
            return KeystoneWorkers.await(report, Deadline.in(settings.timeout().multipliedBy(4)));
        } catch (KeystoneUnavailableException unavailable) {
            return new Report(List.of(new Finding(false, unavailable.getMessage(), Optional.empty())));
        }
    }

    private Report tried() {
        List<Finding> findings = new ArrayList<>();
        findings.add(logIn());
        if (findings.get(0).passed()) {
            findings.add(proveSignatures());
            if (settings.mode() == KeystoneSettings.Mode.CACHED) {
                findings.add(readSecrets());
            }
        }
        return new Report(findings);
    }

    private Finding logIn() {
        try {
            ServiceToken token = session.token(Scope.PROJECT, Deadline.in(settings.timeout()));
            String line = "Service user '" + settings.username() + "' logs in to project '" + settings.projectName()
                    + "' with roles " + token.roles();
            if (token.roles().contains("admin")) {
                return new Finding(
                        true,
                        line + ": role admin is more than it needs",
                        Optional.of("openstack role remove " + onProject(settings) + " admin"));
            }
            return new Finding(true, line, Optional.empty());
        } catch (KeystoneUnavailableException unavailable) {
            return new Finding(
                    false,
                    unavailable.getMessage(),
                    unavailable.isMisconfiguration()
                            ? Optional.of("openstack user set --domain " + quoted(settings.userDomainName())
                                    + " --enable --password-prompt " + quoted(settings.username()) + " && "
                                    + grantService(settings))
                            : Optional.empty());
        }
    }

    private Finding proveSignatures() {
        String what = "prove signatures (POST /v3/s3tokens)";
        try {
            Verdict verdict = gateway.prove(ProbeProof.ofUnknownKey());
            return verdict instanceof Verdict.Gone
                    ? may(what)
                    : new Finding(
                            false,
                            "Keystone gave an unexpected answer when asked to " + what,
                            Optional.of(grantService(settings)));
        } catch (KeystoneUnavailableException unavailable) {
            return mayNot(what, unavailable, grantService(settings));
        }
    }

    private Finding readSecrets() {
        String what = "read EC2 secrets (GET /v3/credentials/{id})";
        try {
            gateway.secretOf("check-" + UUID.randomUUID());
            return may(what);
        } catch (KeystoneUnavailableException unavailable) {
            return mayNot(what, unavailable, grantReader(settings));
        }
    }

    private Finding may(String what) {
        return new Finding(true, "Service user '" + settings.username() + "' may " + what, Optional.empty());
    }

    private Finding mayNot(String what, KeystoneUnavailableException unavailable, String command) {
        if (!unavailable.isMisconfiguration()) {
            return new Finding(false, "Could not try to " + what + ": " + unavailable.getMessage(), Optional.empty());
        }
        return new Finding(false, "Service user '" + settings.username() + "' may NOT " + what, Optional.of(command));
    }

    /** The command that lets the service user call {@code s3tokens}. */
    static String grantService(KeystoneSettings settings) {
        return "openstack role add " + onProject(settings) + " service";
    }

    /** The command that lets the service user read secrets. */
    static String grantReader(KeystoneSettings settings) {
        return settings.systemScope()
                ? "openstack role add --system all --user " + quoted(settings.username()) + " --user-domain "
                        + quoted(settings.userDomainName()) + " reader"
                : "setting system_scope: true, or a policy override of identity:get_credential in Keystone";
    }

    private static String onProject(KeystoneSettings settings) {
        return "--user " + quoted(settings.username()) + " --user-domain " + quoted(settings.userDomainName())
                + " --project " + quoted(settings.projectName()) + " --project-domain "
                + quoted(settings.projectDomainName());
    }

    private static String quoted(String word) {
        return word.matches("[\\w.@-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
