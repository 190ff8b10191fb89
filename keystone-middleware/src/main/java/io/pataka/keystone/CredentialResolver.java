package io.pataka.keystone;

/**
 * Finds the caller of a signed request.
 *
 * <p>Implementations are thread-safe, never throw for an outage (they return {@link Resolution.Unavailable}), return within a
 * bounded time, and verify the proof: {@link Resolution.Granted} means that the signature was right <em>and</em> that the
 * caller is authorised at this moment (within the cache lifetime that the implementation documents).
 */
public interface CredentialResolver {

    Resolution resolve(SignedProof proof);
}
