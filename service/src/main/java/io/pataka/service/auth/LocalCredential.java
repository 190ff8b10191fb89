package io.pataka.service.auth;

import io.pataka.keystone.Ec2Credential;
import io.pataka.keystone.Secret;
import java.util.Objects;
import java.util.Optional;

/**
 * One entry of the credentials file.
 *
 * @param email of the account, by which a grant may name it
 */
record LocalCredential(Ec2Credential credential, Secret secret, Optional<String> email) {

    LocalCredential {
        Objects.requireNonNull(credential);
        Objects.requireNonNull(secret);
        Objects.requireNonNull(email);
    }
}
