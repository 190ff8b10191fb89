package io.pataka.service.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.pataka.keystone.Secret;
import io.pataka.keystone.SignedProof;
import io.pataka.service.signature.ChunkSignatures;
import io.pataka.service.signature.CredentialScope;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.Set;

/** Writes aws-chunked bodies as a client does. */
final class ChunkedWire {

    private static final String DAY = "20130524";
    private static final String TIME = "20130524T000000Z";
    private static final String SECRET = FixedCredentials.V4.secretKey();
    private static final byte[] SIGNING_KEY =
            new SignedProof.Scope(DAY, "us-east-1", "s3").signingKey(Secret.of(SECRET));
    private static final String SEED = "0123456789abcdef".repeat(4);

    private final ByteArrayOutputStream wire = new ByteArrayOutputStream();
    private final boolean signed;
    private String previous = SEED;
    private long length;

    private ChunkedWire(boolean signed) {
        this.signed = signed;
    }

    static ChunkedWire signed() {
        return new ChunkedWire(true);
    }

    static ChunkedWire unsigned() {
        return new ChunkedWire(false);
    }

    ChunkedWire chunk(byte[] bytes) {
        raw(Integer.toHexString(bytes.length));
        if (signed) {
            previous = sign("AWS4-HMAC-SHA256-PAYLOAD", SignedRequest.EMPTY + "\n" + SignedRequest.sha256(bytes));
            raw(";chunk-signature=" + previous);
        }
        raw("\r\n");
        wire.writeBytes(bytes);
        length += bytes.length;
        return bytes.length == 0 ? this : raw("\r\n");
    }

    ChunkedWire last() {
        return chunk(new byte[0]);
    }

    /** One trailer field, and its signature where chunks are signed. */
    ChunkedWire trailer(String field) {
        raw(field + "\r\n");
        if (signed) {
            String hash = SignedRequest.sha256((field + "\n").getBytes(ISO_8859_1));
            raw("x-amz-trailer-signature:" + sign("AWS4-HMAC-SHA256-TRAILER", hash) + "\r\n");
        }
        return this;
    }

    ChunkedWire raw(String text) {
        wire.writeBytes(text.getBytes(ISO_8859_1));
        return this;
    }

    byte[] bytes() {
        return wire.toByteArray();
    }

    /** The headers for this body. */
    AwsChunkedFraming framing(String... trailers) {
        return framing(length, trailers);
    }

    AwsChunkedFraming framing(long decodedLength, String... trailers) {
        Optional<ChunkSignatures> signatures = signed
                ? Optional.of(new ChunkSignatures(SIGNING_KEY, TIME, new CredentialScope(DAY, "us-east-1", "s3"), SEED))
                : Optional.empty();
        return new AwsChunkedFraming(decodedLength, signatures, Set.of(trailers), signed && trailers.length > 0);
    }

    private String sign(String first, String rest) {
        String scope = DAY + "/us-east-1/s3/aws4_request";
        return TestSigner.v4(
                SECRET, DAY, "us-east-1", first + "\n" + TIME + "\n" + scope + "\n" + previous + "\n" + rest);
    }
}
