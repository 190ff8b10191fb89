package io.pataka.service.protocol;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/** The {@code Content-MD5} header of RFC 1864. */
public final class ContentMd5 {

    private static final int LENGTH = 16;

    private ContentMd5() {}

    /**
     * The 16 bytes of the header; empty without the header.
     *
     * @throws S3Exception InvalidDigest when the header is not Base64 of 16 bytes
     */
    public static Optional<byte[]> of(RequestHeaders headers) {
        Optional<String> value = headers.first("content-md5");
        if (value.isEmpty()) {
            return Optional.empty();
        }
        try {
            byte[] digest = Base64.getDecoder().decode(value.get().trim());
            if (digest.length == LENGTH) {
                return Optional.of(digest);
            }
        } catch (IllegalArgumentException notBase64) {
            throw invalid(value.get());
        }
        throw invalid(value.get());
    }

    private static S3Exception invalid(String value) {
        return new S3Exception(S3Error.INVALID_DIGEST).with("Content-MD5", value);
    }

    /** The error for an object with another digest. It has the expected digest in hexadecimal. */
    public static S3Exception mismatchOfObject(byte[] announced, byte[] computed) {
        return mismatch()
                .with("ExpectedDigest", HexFormat.of().formatHex(announced))
                .with("CalculatedDigest", Base64.getEncoder().encodeToString(computed));
    }

    /** The error for a document or a part with another digest. */
    public static S3Exception mismatch(byte[] announced, byte[] computed) {
        Base64.Encoder base64 = Base64.getEncoder();
        return mismatch()
                .with("ExpectedDigest", base64.encodeToString(announced))
                .with("CalculatedDigest", base64.encodeToString(computed));
    }

    private static S3Exception mismatch() {
        return new S3Exception(S3Error.BAD_DIGEST, "The Content-MD5 you specified did not match what we received.");
    }
}
