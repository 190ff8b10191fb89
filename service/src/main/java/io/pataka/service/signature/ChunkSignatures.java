package io.pataka.service.signature;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The chain of signatures in an aws-chunked body. Each signs its chunk and the previous signature; the first signs the
 * signature of the request. For one body, read by one thread at a time.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html">AWS: chunks</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html">AWS: trailers</a>
 */
public final class ChunkSignatures {

    private final Mac mac;
    private final String timeAndScope;
    private String previous;

    /**
     * @param signingKey the 32 bytes of the signing key that is derived from the secret for this scope
     * @param timestamp the request's, {@code yyyyMMdd'T'HHmmss'Z'}
     * @param seed the request's signature
     */
    public ChunkSignatures(byte[] signingKey, String timestamp, CredentialScope scope, String seed) {
        try {
            this.mac = Mac.getInstance("HmacSHA256");
            this.mac.init(new SecretKeySpec(signingKey, "HmacSHA256"));
        } catch (GeneralSecurityException absent) {
            throw new IllegalStateException("every Java platform has HmacSHA256", absent);
        }
        this.timeAndScope = '\n' + timestamp + '\n' + scope + '\n';
        this.previous = seed;
    }

    /**
     * Whether the signature is the next one of the chain; compared in constant time.
     *
     * @param hash SHA-256 of the chunk's bytes
     */
    public boolean acceptsChunk(byte[] hash, String signature) {
        return accepts(
                "AWS4-HMAC-SHA256-PAYLOAD"
                        + timeAndScope
                        + previous
                        + '\n'
                        + Sha256.OF_NOTHING
                        + '\n'
                        + HexFormat.of().formatHex(hash),
                signature);
    }

    /**
     * Whether the signature is the one of the trailer fields, which ends the chain; compared in constant time.
     *
     * @param fields each {@code name:value} and a line feed, one character per byte
     */
    public boolean acceptsTrailer(String fields, String signature) {
        return accepts(
                "AWS4-HMAC-SHA256-TRAILER" + timeAndScope + previous + '\n' + Sha256.hex(fields.getBytes(ISO_8859_1)),
                signature);
    }

    private boolean accepts(String stringToSign, String signature) {
        String expected = HexFormat.of().formatHex(mac.doFinal(stringToSign.getBytes(ISO_8859_1)));
        previous = expected;
        return MessageDigest.isEqual(expected.getBytes(ISO_8859_1), signature.getBytes(ISO_8859_1));
    }
}
