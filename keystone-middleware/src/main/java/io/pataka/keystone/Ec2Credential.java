package io.pataka.keystone;

import java.util.Objects;
import java.util.Optional;

/**
 * An EC2 credential and its identity.
 *
 * @param accessKey any non-empty string: users may choose it
 * @param secret empty if the resolver holds no secrets; needed to check chunk signatures and trailers
 */
public record Ec2Credential(String accessKey, Optional<Secret> secret, KeystoneIdentity identity) {

    public Ec2Credential {
        Objects.requireNonNull(accessKey);
        Objects.requireNonNull(secret);
        Objects.requireNonNull(identity);
    }
}
