package io.pataka.service.auth;

import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.signature.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;

/** Verifies the SHA-256 of a body at its end, before it reports the end. */
final class PayloadHashInputStream extends InputStream {

    private final InputStream body;
    private final String declared;
    private final MessageDigest digest = Sha256.digest();
    private String computed;

    /**
     * @param declared hexadecimal
     */
    PayloadHashInputStream(InputStream body, String declared) {
        this.body = body;
        this.declared = declared;
    }

    /** The error for a body with another hash. */
    static S3Exception mismatch(String declared, String computed) {
        return new S3Exception(S3Error.X_AMZ_CONTENT_SHA256_MISMATCH)
                .with("ClientComputedContentSHA256", declared)
                .with("S3ComputedContentSHA256", computed);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = body.read(target, offset, length);
        if (count > 0) {
            digest.update(target, offset, count);
        } else if (count < 0) {
            checkWhole();
        }
        return count;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    private void checkWhole() {
        if (computed == null) {
            computed = HexFormat.of().formatHex(digest.digest());
        }
        if (!computed.equals(declared.toLowerCase(Locale.ROOT))) {
            throw mismatch(declared, computed);
        }
    }

    @Override
    public int available() throws IOException {
        return body.available();
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
