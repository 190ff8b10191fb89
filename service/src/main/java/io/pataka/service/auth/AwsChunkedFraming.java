package io.pataka.service.auth;

import io.pataka.service.signature.ChunkSignatures;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What the headers announce about an aws-chunked body.
 *
 * @param decodedLength {@code x-amz-decoded-content-length}
 * @param signatures the chain that every chunk must continue; empty for unsigned chunks
 * @param declaredTrailers lower-case names from {@code x-amz-trailer}; all must arrive and no others may
 * @param signsTrailers whether a signature follows the trailer fields
 */
record AwsChunkedFraming(
        long decodedLength, Optional<ChunkSignatures> signatures, Set<String> declaredTrailers, boolean signsTrailers) {

    AwsChunkedFraming {
        Objects.requireNonNull(signatures);
        declaredTrailers = Set.copyOf(declaredTrailers);
    }
}
