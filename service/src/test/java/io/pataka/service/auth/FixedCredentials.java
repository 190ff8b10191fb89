package io.pataka.service.auth;

import io.pataka.keystone.CredentialResolver;
import io.pataka.keystone.Ec2Credential;
import io.pataka.keystone.KeystoneIdentity;
import io.pataka.keystone.KeystoneIdentity.Named;
import io.pataka.keystone.Resolution;
import io.pataka.keystone.Resolution.Granted;
import io.pataka.keystone.Resolution.Reason;
import io.pataka.keystone.Resolution.Refused;
import io.pataka.keystone.Secret;
import io.pataka.keystone.SignedProof;
import java.util.Optional;
import java.util.Set;

/** One credential, as AWS's pages use it in their examples. */
record FixedCredentials(String accessKey, String secretKey) implements CredentialResolver {

    static final FixedCredentials V4 =
            new FixedCredentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");

    @Override
    public Resolution resolve(SignedProof proof) {
        if (!proof.accessKey().equals(accessKey)) {
            return new Refused(Reason.UNKNOWN_ACCESS_KEY, "no such key");
        }
        if (!proof.isSignedWith(Secret.of(secretKey))) {
            return new Refused(Reason.SIGNATURE_MISMATCH, "another secret");
        }
        KeystoneIdentity identity = new KeystoneIdentity(
                new Named("user-id", "alice", "domain-id", "Default"),
                new Named("project-id", "storage", "domain-id", "Default"),
                Set.of("member"),
                false);
        return new Granted(new Ec2Credential(accessKey, Optional.of(Secret.of(secretKey)), identity));
    }
}
