package io.pataka.keystone;

import io.pataka.keystone.KeystoneGateway.Verdict;
import io.pataka.keystone.Resolution.Granted;
import io.pataka.keystone.Resolution.Reason;
import io.pataka.keystone.Resolution.Refused;
import java.util.Optional;
import java.util.Set;

/**
 * Lets Keystone verify the client's signature on each request, and holds no secret. What needs a secret is not supported:
 * version 4 POST forms, signed chunks and trailers. Keystone does not distinguish a wrong signature from an owner who is not
 * authorised: both are {@link Reason#SIGNATURE_MISMATCH}.
 */
final class AskingCredentialResolver implements CredentialResolver {

    /** The services of a scope that {@code s3tokens} checks; it answers 401 for all others. */
    private static final Set<String> KNOWN_TO_KEYSTONE = Set.of("s3", "iam", "sts");

    private final KeystoneGateway gateway;
    private final KeystoneWorkers workers;
    private final OutageGate gate;
    private final KeystoneSettings settings;
    private final KeystoneMetrics metrics;

    AskingCredentialResolver(
            KeystoneGateway gateway,
            KeystoneWorkers workers,
            OutageGate gate,
            KeystoneSettings settings,
            KeystoneMetrics metrics) {
        this.gateway = gateway;
        this.workers = workers;
        this.gate = gate;
        this.settings = settings;
        this.metrics = metrics;
    }

    @Override
    public Resolution resolve(SignedProof proof) {
        if (proof instanceof SignedProof.V4 v4 && !v4.isRequest()) {
            return new Refused(
                    Reason.FORM_NOT_SUPPORTED, "a version 4 POST form needs the secret, which mode ask does not hold");
        }
        if (proof instanceof SignedProof.V4 v4
                && !KNOWN_TO_KEYSTONE.contains(v4.scope().service())) {
            return new Refused(
                    Reason.FORM_NOT_SUPPORTED,
                    "Keystone does not check signatures for the service "
                            + v4.scope().service());
        }
        // Keystone treats every string that does not begin with AWS4 as version 2.
        if (proof instanceof SignedProof.V2 v2
                && (!settings.askSigv2() || v2.stringToSign().startsWith("AWS4"))) {
            return new Refused(Reason.FORM_NOT_SUPPORTED, "version 2 signatures are not passed on to Keystone");
        }
        metrics.missed();
        try {
            gate.enter();
            Verdict verdict = KeystoneWorkers.await(
                    workers.submit(gate.watched(() -> gateway.prove(proof))), Deadline.in(settings.timeout()));
            return resolution(proof, verdict);
        } catch (KeystoneUnavailableException unavailable) {
            metrics.unavailable(unavailable.outage());
            return unavailable.toResolution();
        }
    }

    private static Resolution resolution(SignedProof proof, Verdict verdict) {
        if (verdict instanceof Verdict.Proved proved) {
            return new Granted(new Ec2Credential(proof.accessKey(), Optional.empty(), proved.identity()));
        }
        if (verdict instanceof Verdict.Gone) {
            return new Refused(
                    Reason.UNKNOWN_ACCESS_KEY, "Keystone has no such access key, or what it was made from is gone");
        }
        return new Refused(Reason.SIGNATURE_MISMATCH, "Keystone refuses the signature, or its owner is not authorised");
    }
}
