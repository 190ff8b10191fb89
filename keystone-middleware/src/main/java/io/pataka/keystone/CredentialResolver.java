package io.pataka.keystone;

/**
 * Answers who stands behind a signed request.
 *
 * <p>Implementations are thread-safe, never throw for an outage (they answer {@link Resolution.Unavailable}), are bounded in
 * time, and check the proof themselves: {@link Resolution.Granted} means that the signature was right <em>and</em> that the
 * caller is authorised at this moment (within the cache lifetime that the implementation documents).
 */
public interface CredentialResolver {

    Resolution resolve(SignedProof proof);
}
