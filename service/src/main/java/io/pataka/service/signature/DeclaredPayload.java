package io.pataka.service.signature;

import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What {@code x-amz-content-sha256} declares about the body.
 *
 * @param text as sent; it ends the canonical request
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html">AWS: payload options</a>
 */
public record DeclaredPayload(Form form, String text) {

    /** How the body is framed and what protects it. */
    public enum Form {
        /** The header is the hash of the body. */
        HASHED,
        /** The signature does not cover the body. */
        UNSIGNED,
        /** aws-chunked; every chunk has a signature. */
        SIGNED_CHUNKS,
        /** As {@link #SIGNED_CHUNKS}, and trailer fields with a signature follow. */
        SIGNED_CHUNKS_AND_TRAILER,
        /** aws-chunked without signatures; trailer fields follow. */
        UNSIGNED_CHUNKS_AND_TRAILER
    }

    /** The default without the header. */
    public static final DeclaredPayload NOTHING =
            new DeclaredPayload(Form.UNSIGNED, V4CanonicalRequest.UNSIGNED_PAYLOAD);

    private static final Pattern HASH = Pattern.compile("[0-9A-Fa-f]{64}");

    public DeclaredPayload {
        Objects.requireNonNull(form);
        Objects.requireNonNull(text);
    }

    /** @throws S3Exception InvalidArgument for a value that S3 does not define, NotImplemented for the ECDSA forms */
    public static DeclaredPayload parse(String text) {
        return new DeclaredPayload(formOf(text), text);
    }

    /**
     * As {@link #parse}, for a request that has no version 4 signature in a header: there Amazon reads every other value as a
     * hash.
     */
    public static DeclaredPayload parseUncovered(String text) {
        return new DeclaredPayload(
                text.equals(V4CanonicalRequest.UNSIGNED_PAYLOAD) ? Form.UNSIGNED : Form.HASHED, text);
    }

    /** The hash of a body that was read before its signature is checked. */
    public static DeclaredPayload ofBytes(byte[] body) {
        return new DeclaredPayload(Form.HASHED, Sha256.hex(body));
    }

    private static Form formOf(String text) {
        return switch (text) {
            case V4CanonicalRequest.UNSIGNED_PAYLOAD -> Form.UNSIGNED;
            case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" -> Form.SIGNED_CHUNKS;
            case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" -> Form.SIGNED_CHUNKS_AND_TRAILER;
            case "STREAMING-UNSIGNED-PAYLOAD-TRAILER" -> Form.UNSIGNED_CHUNKS_AND_TRAILER;
            case "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER" ->
                throw new S3Exception(S3Error.NOT_IMPLEMENTED);
            default -> {
                if (!HASH.matcher(text).matches()) {
                    throw new S3Exception(
                                    S3Error.INVALID_ARGUMENT,
                                    "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER,"
                                            + " STREAMING-AWS4-HMAC-SHA256-PAYLOAD,"
                                            + " STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER,"
                                            + " STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD,"
                                            + " STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256"
                                            + " value.")
                            .argument("x-amz-content-sha256", text);
                }
                yield Form.HASHED;
            }
        };
    }
}
