package io.pataka.service.auth;

import io.pataka.keystone.SignedProof;
import io.pataka.service.protocol.S3Request;
import io.pataka.service.signature.DeclaredPayload;
import java.util.Objects;
import java.util.Optional;

/**
 * A signed request that passed all checks that need no secret.
 *
 * @param otherwise another string that the client may have signed, if clients differ in how they build it
 * @param request with the headers that the signature covers
 * @param canonicalRequest shown to a client whose signature differs; version 2 has none
 * @param timestamp of a version 4 request, {@code yyyyMMdd'T'HHmmss'Z'}; goes into chunk signatures
 */
record SignedClaim(
        SignedProof proof,
        Optional<SignedProof> otherwise,
        S3Request request,
        DeclaredPayload payload,
        Optional<String> canonicalRequest,
        Optional<String> timestamp) {

    SignedClaim {
        Objects.requireNonNull(proof);
        Objects.requireNonNull(otherwise);
        Objects.requireNonNull(request);
        Objects.requireNonNull(payload);
        Objects.requireNonNull(canonicalRequest);
        Objects.requireNonNull(timestamp);
    }
}
