package io.pataka.service.testing;

/** A key pair that a client signs with. */
public record AccessKeys(String access, String secret) {

    @Override
    public String toString() {
        return "AccessKeys[" + access + "]";
    }
}
