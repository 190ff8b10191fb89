package io.pataka.service.auth;

import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.protocol.AnnouncedChecksums;
import io.pataka.service.protocol.RequestBody;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.WholeNumber;
import io.pataka.service.signature.ChunkSignatures;
import io.pataka.service.signature.DeclaredPayload;
import io.pataka.service.signature.DeclaredPayload.Form;
import io.pataka.service.signature.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Stacks on a raw body the checks that its sender asked for. */
final class VerifiedBody {

    private static final String CHECKSUM_PREFIX = "x-amz-checksum-";

    private VerifiedBody() {}

    /**
     * Opens nothing and reads nothing.
     *
     * @param headers with those that a presigned request carries in its query
     * @param signatures for the two forms with signed chunks
     * @throws S3Exception when the headers cannot be true together. Whether the body is what they say is asked when it is read: of
     *     a request that has none to read, Amazon does not ask either
     */
    static RequestBody of(
            RequestBody raw, RequestHeaders headers, DeclaredPayload payload, Optional<ChunkSignatures> signatures) {
        return switch (payload.form()) {
            case HASHED -> {
                refuseTrailers(headers);
                if (payload.text().startsWith("STREAMING-")) {
                    requireUnframed(raw, framing(headers, Optional.empty(), false));
                }
                yield hashed(raw, payload.text());
            }
            case SIGNED_CHUNKS -> {
                refuseTrailers(headers);
                yield new Chunked(raw, framing(headers, signatures, false));
            }
            case SIGNED_CHUNKS_AND_TRAILER -> new Chunked(raw, framing(headers, signatures, true));
            case UNSIGNED_CHUNKS_AND_TRAILER -> new Chunked(raw, framing(headers, Optional.empty(), false));
            case UNSIGNED -> {
                // SDKs frame a body for its trailing checksum even where the signer has no word for that: in anonymous
                // requests.
                if (isFramed(headers)) {
                    yield new Chunked(raw, framing(headers, Optional.empty(), false));
                }
                refuseTrailers(headers);
                yield raw;
            }
        };
    }

    /** Whether the payload's form needs chunk signatures, and so the secret. */
    static boolean needsSignatures(DeclaredPayload payload) {
        return payload.form() == Form.SIGNED_CHUNKS || payload.form() == Form.SIGNED_CHUNKS_AND_TRAILER;
    }

    /** Where a framing counts for nothing, Amazon wants the lengths to be those of a body without one before it looks further. */
    private static void requireUnframed(RequestBody raw, AwsChunkedFraming framing) {
        long provided = raw.length().orElse(framing.decodedLength());
        if (provided != framing.decodedLength()) {
            throw new S3Exception(S3Error.INCOMPLETE_BODY)
                    .with("NumberBytesExpected", Long.toString(framing.decodedLength()))
                    .with("NumberBytesProvided", Long.toString(provided));
        }
    }

    private static RequestBody hashed(RequestBody raw, String declared) {
        boolean isOfNothing = raw.length().isPresent()
                && raw.length().getAsLong() == 0
                && declared.equalsIgnoreCase(Sha256.OF_NOTHING);
        return isOfNothing ? raw : new Hashed(raw, declared);
    }

    private static boolean isFramed(RequestHeaders headers) {
        return headers.has("x-amz-decoded-content-length")
                && headers.all("content-encoding").stream()
                        .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("aws-chunked"));
    }

    private static AwsChunkedFraming framing(
            RequestHeaders headers, Optional<ChunkSignatures> signatures, boolean signsTrailers) {
        String text = headers.first("x-amz-decoded-content-length")
                .map(String::trim)
                .orElseThrow(() -> new S3Exception(S3Error.MISSING_CONTENT_LENGTH));
        long length = WholeNumber.ofLong(text).orElseThrow(() -> new S3Exception(S3Error.MISSING_CONTENT_LENGTH));
        if (length < 0) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT, "x-amz-decoded-content-length must be a whole number of bytes")
                    .argument("x-amz-decoded-content-length", text);
        }
        return new AwsChunkedFraming(length, signatures, declaredTrailers(headers), signsTrailers);
    }

    private static Set<String> declaredTrailers(RequestHeaders headers) {
        Set<String> names = new HashSet<>();
        for (String value : headers.all("x-amz-trailer")) {
            for (String part : value.split(",")) {
                String name = part.trim().toLowerCase(Locale.ROOT);
                boolean isChecksum = name.startsWith(CHECKSUM_PREFIX)
                        && ChecksumAlgorithm.named(name.substring(CHECKSUM_PREFIX.length()))
                                .isPresent();
                if (!isChecksum) {
                    throw new S3Exception(
                            S3Error.INVALID_REQUEST,
                            "The value specified in the x-amz-trailer header is not supported");
                }
                names.add(name);
            }
        }
        return names;
    }

    /** A declared checksum that can never arrive would look verified. */
    private static void refuseTrailers(RequestHeaders headers) {
        if (headers.has("x-amz-trailer")) {
            AnnouncedChecksums.of(headers);
            throw new S3Exception(S3Error.MALFORMED_TRAILER);
        }
    }

    /** A body with a declared hash. */
    private record Hashed(RequestBody raw, String declared) implements RequestBody {
        @Override
        public InputStream open() throws IOException {
            return new PayloadHashInputStream(raw.open(), declared);
        }

        @Override
        public OptionalLong length() {
            return raw.length();
        }

        @Override
        public RequestHeaders trailers() {
            return raw.trailers();
        }
    }

    /** A body in aws-chunked framing. */
    private static final class Chunked implements RequestBody {
        private final RequestBody raw;
        private final AwsChunkedFraming framing;
        private AwsChunkedInputStream opened;

        Chunked(RequestBody raw, AwsChunkedFraming framing) {
            this.raw = raw;
            this.framing = framing;
        }

        @Override
        public InputStream open() throws IOException {
            opened = new AwsChunkedInputStream(raw.open(), framing);
            return opened;
        }

        @Override
        public OptionalLong length() {
            return OptionalLong.of(framing.decodedLength());
        }

        @Override
        public RequestHeaders trailers() {
            return opened == null ? RequestHeaders.none() : opened.trailers();
        }
    }
}
