package io.pataka.service.notification;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Objects;

/** The password with which events are sent. It is stored sealed and shown to no client. */
public final class EndpointPassword {

    private final String secret;

    public EndpointPassword(String secret) {
        this.secret = Objects.requireNonNull(secret);
    }

    /** The password itself, for the connection to the endpoint and for its seal. */
    public String secret() {
        return secret;
    }

    /** Compares in a time that does not depend on the passwords. */
    @Override
    public boolean equals(Object other) {
        return other instanceof EndpointPassword password
                && MessageDigest.isEqual(secret.getBytes(UTF_8), password.secret.getBytes(UTF_8));
    }

    @Override
    public int hashCode() {
        return EndpointPassword.class.hashCode();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "EndpointPassword[]";
    }
}
