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

/** Wraps a raw body in the checks that its headers ask for. */
final class VerifiedBody {

    private static final String CHECKSUM_PREFIX = "x-amz-checksum-";

    private VerifiedBody() {}

    /**
     * Does not open or read the body.
     *
     * @param headers with those that a presigned request carries in its query
     * @param signatures for the two forms with signed chunks
     * @throws S3Exception when the headers contradict each other. The body is compared with them only when it is read, as
     *     Amazon does
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
                // SDKs frame the body of an anonymous request too, for its trailing checksum.
                if (isFramed(headers)) {
                    yield new Chunked(raw, framing(headers, Optional.empty(), false));
                }
                refuseTrailers(headers);
                yield raw;
            }
        };
    }

    /** Whether the payload has chunk signatures, which need the secret. */
    static boolean needsSignatures(DeclaredPayload payload) {
        return payload.form() == Form.SIGNED_CHUNKS || payload.form() == Form.SIGNED_CHUNKS_AND_TRAILER;
    }

    /** If the framing is ignored, Amazon compares the two lengths first, as of a body without framing. */
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

    /** Refuses a declared trailing checksum that cannot arrive, because it would seem to be verified. */
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
